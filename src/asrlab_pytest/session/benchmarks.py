"""What pytest-benchmark shows and saves of a run that evaluates models."""

from __future__ import annotations

import re
from collections.abc import Collection, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from asrlab_pytest.timing import arguments

if TYPE_CHECKING:
    from asrlab_pytest.session.session import Session

Groups = Sequence[tuple[str | None, list[dict[str, object]]]]
_DISPLAY = re.compile(
    r"--benchmark-(sort|group-by|columns|name|histogram|verbose|compare|compare-fail|cprofile[\w-]*|time-unit)(=|$)"
)


class UntimedRun:
    """Writes the JSON of a run in which no case was timed, as of batches, of stored transcripts or under xdist.

    pytest-benchmark writes none, and warns of it while pytest ends, when no test can catch it: where warnings are
    errors, a mistyped model would end in a traceback.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Generator[None, None, None]:
        session, benchmarks = self._session, _benchmarks_of(self._session.config)
        if benchmarks is not None and not benchmarks.benchmarks:
            name = json_file(session.config)
            if name and not session.is_worker and not self._is_written(benchmarks, name):
                benchmarks.json = None
            # Then it does not warn that it saves nothing.
            benchmarks.disabled = True
        return (yield)

    def _is_written(self, benchmarks: Any, name: str) -> bool:
        if not self._session.has_results:
            earlier = "; the file is of an earlier run" if Path(name).is_file() and Path(name).stat().st_size else ""
            self._session.written.append(f"{name} was not written: no case ran{earlier}")
            return False
        try:
            benchmarks.save_json(_document(self._session.config, benchmarks))
        except OSError as error:
            self._session.notices.append(f"{name} was not written: {error.strerror or error}")
            return False
        return True


def _document(config: pytest.Config, benchmarks: Any) -> dict[str, object]:
    """What pytest-benchmark writes of a run, made by its hooks."""
    hook, commit = config.hook, config.hook.pytest_benchmark_generate_commit_info(config=config)
    hook.pytest_benchmark_update_commit_info(config=config, commit_info=commit)
    document: dict[str, object] = hook.pytest_benchmark_generate_json(
        config=config,
        benchmarks=[],
        include_data=True,
        machine_info=benchmarks.get_machine_info(),
        commit_info=commit,
    )
    hook.pytest_benchmark_update_json(config=config, benchmarks=[], output_json=document)
    return document


def json_file(config: pytest.Config) -> str | None:
    """The file of ``--benchmark-json`` as it was named; None if none was asked for, or at the end none was written."""
    file = getattr(_benchmarks_of(config), "json", None)
    # Older versions open the file at the start.
    return None if not file else str(file if isinstance(file, Path) else file.name)


def _benchmarks_of(config: pytest.Config) -> Any:
    """pytest-benchmark's own session; None if the plugin is not in use."""
    return getattr(config, "_benchmarksession", None)


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
    """Whether an option says how the table is to look."""
    return any(map(_DISPLAY.match, arguments(config)))
