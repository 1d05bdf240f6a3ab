"""What pytest-benchmark shows and saves of a run that evaluates models."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Generator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from asrlab_pytest.content import replacing
from asrlab_pytest.timing import arguments

if TYPE_CHECKING:
    from asrlab_pytest.session.session import Session

Groups = Sequence[tuple[str | None, list[dict[str, object]]]]
_DISPLAY = re.compile(
    r"--benchmark-(sort|group-by|columns|name|histogram|verbose|compare|compare-fail|cprofile[\w-]*|time-unit)(=|$)"
)


class BenchmarkFiles:
    """Writes what pytest-benchmark saves of a run that evaluates models: each file whole, or not at all.

    The JSON is also written if no case was timed, as of batches, of stored transcripts or under xdist. pytest-benchmark
    writes none then, and warns of it while pytest ends, when no test can catch it: where warnings are errors, a
    mistyped model would end in a traceback. So would Ctrl-C in the first round of a case, which leaves a benchmark
    without a time.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Generator[None, None, None]:
        benchmarks = _benchmarks_of(self._session.config)
        if benchmarks is not None:
            benchmarks.save_json = partial(self._save_json, benchmarks)
            benchmarks.storage.save = partial(self._written, "the file of --benchmark-save", benchmarks.storage.save)
            benchmarks.benchmarks = [benchmark for benchmark in benchmarks.benchmarks if benchmark]
            if not benchmarks.benchmarks:
                self._save_untimed(benchmarks)
        return (yield)

    def _save_untimed(self, benchmarks: Any) -> None:
        session, name = self._session, json_file(self._session.config)
        if name and not session.is_worker:
            if session.has_results:
                benchmarks.save_json(_document(session.config, benchmarks))
            else:
                earlier = (
                    "; the file is of an earlier run" if Path(name).is_file() and Path(name).stat().st_size else ""
                )
                session.written.append(f"{name} was not written: no case ran{earlier}")
                benchmarks.json = None
        # Then it does not warn that it saves nothing.
        benchmarks.disabled = True

    def _save_json(self, benchmarks: Any, document: dict[str, object]) -> None:
        # No command on it is offered if it is not written.
        if not self._written(str(benchmarks.json), _write_json, benchmarks, document):
            benchmarks.json = None

    def _written(self, name: str, write: Callable[..., object], *arguments: object) -> bool:
        try:
            write(*arguments)
        except OSError as error:
            self._session.notices.append(f"{name} was not written: {error.strerror or error}")
            return False
        return True


def _write_json(benchmarks: Any, document: dict[str, object]) -> None:
    from pytest_benchmark.utils import safe_dumps

    path = benchmarks.json
    content = safe_dumps(document, ensure_ascii=True, indent=4).encode()  # type: ignore[no-untyped-call]
    if path.exists() and not path.is_file():
        # A pipe or a device.
        path.write_bytes(content)
    else:
        with replacing(path) as file:
            file.write(content)
    words = f"Wrote benchmark data in: {path}"
    benchmarks.logger.info(words, purple=True)


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


def update_json(session: Session, output_json: dict[str, Any]) -> None:
    """Make the pytest-benchmark JSON of a run that evaluated models a record in its own right.

    It gets the environment, the models' states, and the observations that are in no timed case.
    """
    if not session.has_results:
        return
    from asrlab_pytest.records.private import without_home

    timed = {
        (case["model"], case["clip"])
        for benchmark in output_json["benchmarks"]
        if (case := benchmark["extra_info"].get("asr"))
    }
    first = [
        observation for observation in session.ledger.first_pass if (observation.model, observation.clip) not in timed
    ]
    later = [observation for observation in session.ledger.observations if not observation.is_first_pass]
    output_json["machine_info"]["node"] = ""  # the name of the machine is private
    environment = session.environment.as_json()
    del environment["kind"]
    output_json["asrlab"] = without_home(
        {
            "environment": environment,
            "models": {model: state.as_json() for model, state in session.states.items()},
            "observations": [observation.as_json() for observation in [*first, *later]],
            "failures": [failure.as_json() for failure in session.failures],
            "verdict": None if session.verdict is None else session.verdict.as_json(),
        }
    )


def json_file(config: pytest.Config) -> str | None:
    """The file of ``--benchmark-json`` as it was named; None if none was asked for, or at the end none was written."""
    file = getattr(_benchmarks_of(config), "json", None)
    return None if file is None else str(file)


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
