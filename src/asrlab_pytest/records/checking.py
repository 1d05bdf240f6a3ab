"""Says what is wrong with a stored run, line by line, and whether it is whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from asrlab_pytest.records.case_set import CaseSet, repeated
from asrlab_pytest.records.cover import is_of_transcripts, missing_parts, untried, without_hypothesis, without_result
from asrlab_pytest.records.reading import RecordError, read_run
from asrlab_pytest.records.run import HAS_END, Run
from asrlab_pytest.tasks import LABELS
from asrlab_pytest.wording import many

NO_ENVIRONMENT = "no environment: it is unknown where and by which rules the run was made"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a file holds and what of it is wrong."""

    observations: int
    models: int
    faults: tuple[str, ...]
    """Each with its line or case, and the keys that are wrong."""
    state: str
    """Whether the run finished, in words."""
    left_out: tuple[str, ...] = ()
    """How many samples the parts of a merged run cover, where that is not all."""
    is_whole: bool = True
    """Whether the run finished, with a result of all that it was to observe."""

    def __str__(self) -> str:
        return (
            f"{many(self.observations, 'observation')} of {many(self.models, 'model')}, "
            f"{'; '.join([self.state, *self.left_out])}"
        )


def check(path: Path) -> Check:
    """Hold every line of a record, or every case of a pytest-benchmark JSON, against the schema.

    Raises:
        RecordError: the file cannot be read, holds nothing of a run, or is of a newer version.
    """
    run = read_run(path, empty=True, ambiguous=True)
    if not (run.environment or run.observations or run.failures):
        first = f" ({run.damages[0]})" if run.damages else ""
        raise RecordError(
            f"{path} is not a record{first}", hint="name a file that --asr-record or --benchmark-json wrote"
        )
    uncovered = tuple(missing_parts(run))
    return Check(
        observations=len(run.observations),
        models=len({row.model for row in run.observations}),
        faults=(
            *([] if run.environment else [NO_ENVIRONMENT]),
            *(str(damage) for damage in run.damages if not damage.is_tail),
            *_twice(run),
        ),
        state=_state(run, "incomplete" if uncovered or run.failures else "complete"),
        left_out=uncovered,
        is_whole=not (run.is_stopped or run.failures or untried(run)),
    )


def _twice(run: Run) -> Iterator[str]:
    """Cases that are in the file more than once, so that figures would count them as often."""
    for number, problem in repeated(run.observations, run.places, run.unit):
        yield f"{run.unit} {run.places[number]}: {problem}"


def _state(run: Run, extent: str) -> str:
    """Whether a run finished, in words; of one that did, to what extent."""
    unfinished = ", last line unfinished" if any(damage.is_tail for damage in run.damages) else ""
    failures = _failed(run)
    if not run.is_ended:
        if run.version < HAS_END and not unfinished:
            return "of a version that does not record the end of a run"
        return f"the run did not finish{failures}{unfinished}"
    tried = CaseSet((row.model, row.clip) for row in run.tried)
    missing = len({case for case in run.planned if case not in tried})
    if missing and is_of_transcripts(run):
        return without_hypothesis(run, missing)
    if missing:
        return f"{without_result(run, missing)}{failures}{unfinished}"
    return f"{extent}{failures}{unfinished}"


def _failed(run: Run) -> str:
    """How many cases gave no observation, task by task where there is another than recognition."""
    failed = {(row.model, row.clip): row.task for row in run.failures}
    counts = Counter(failed.values())
    if {*counts} <= {"asr"}:
        return f", {many(len(failed), 'case')} failed" if failed else ""
    parts = (f"{many(count, 'case')} of {LABELS[task]}" for task, count in counts.items())
    return f", {' and '.join(parts)} failed"
