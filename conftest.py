"""What holds for every pytest run in this repository."""

import bdb
import os
import shutil
import sys
import tempfile
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


def keep_bytecode_apart() -> None:
    """Keep bytecode in a folder of its own where none may lie among the sources.

    Each process that a test starts would otherwise compile all that it imports, for seconds. Bytecode of
    modules that tests wrote is removed at the next run.
    """
    folder = Path(__file__).parent / ".pytest_cache" / "bytecode"
    if "PYTEST_XDIST_WORKER" not in os.environ:
        for written in Path(f"{folder}{tempfile.gettempdir()}").glob("pytest-of-*"):
            shutil.rmtree(written, ignore_errors=True)
    sys.dont_write_bytecode = False
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(folder)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


if sys.dont_write_bytecode:
    keep_bytecode_apart()
