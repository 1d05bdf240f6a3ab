"""What holds for every pytest run in this repository."""

import bdb
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

EVALS = Path(__file__).parent / "evals"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Keep the evals in one process, where pytest-benchmark can time them, and whatever a debugger steps through."""
    paths = [config.invocation_params.dir / argument.partition("::")[0] for argument in config.args]
    is_timed = any(EVALS in (path, *path.parents) for path in map(Path.resolve, paths))
    is_debugged = "pydevd" in sys.modules or isinstance(getattr(sys.gettrace(), "__self__", None), bdb.Bdb)
    return 0 if is_timed or is_debugged else None
