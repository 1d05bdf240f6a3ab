"""What pytest-benchmark shows and saves of a run that evaluates models."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Generator, Sequence
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from asrlab_pytest.session.session import Session

Groups = Sequence[tuple[str | None, list[dict[str, object]]]]
_DISPLAY = re.compile(
    r"--benchmark-(sort|group-by|columns|name|histogram|verbose|compare|compare-fail|cprofile[\w-]*|time-unit)(=|$)"
)


class UnsavedBenchmarks:
    """Says in our words that no case was timed, where pytest-benchmark would warn of it.

    It warns while pytest ends, when no test can catch it: where warnings are errors, a mistyped model would end in a
    traceback.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Generator[None, None, None]:
        benchmarks = getattr(self._session.config, "_benchmarksession", None)
        if benchmarks is not None and not benchmarks.benchmarks:
            if benchmarks.json and not benchmarks.disabled:
                name = getattr(benchmarks.json, "name", benchmarks.json)
                self._session.written.append(f"{name} was not written: no case was timed")
            benchmarks.json = benchmarks.save = benchmarks.autosave = None
        return (yield)


def without_cases(config: pytest.Config, cases: Collection[str], groups: Groups) -> Groups:
    """The groups of the table, without the cases of models: the scorecard shows their figures.

    Args:
        config: What pytest was asked for.
        cases: Node ids of the cases of models.
        groups: Those of the table.
    """
    if _is_asked(config):
        return groups
    others = [
        (name, [benchmark for benchmark in benchmarks if benchmark["fullname"] not in cases])
        for name, benchmarks in groups
    ]
    return [(name, benchmarks) for name, benchmarks in others if benchmarks]


def _is_asked(config: pytest.Config) -> bool:
    """Whether an option says how the table is to look, on the command line, in `addopts` or in PYTEST_ADDOPTS."""
    arguments = [*map(str, config.invocation_params.args), *map(str, config.getini("addopts"))]
    return any(map(_DISPLAY.match, [*arguments, *os.environ.get("PYTEST_ADDOPTS", "").split()]))
