"""Joins the records of shards or machines, and says what does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations, zip_longest
from typing import Any

from asrlab_pytest.records.cover import left_out
from asrlab_pytest.records.differences import by_profile, differences
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.reading import RecordError, Run

Environment = Mapping[str, Any]

_SHOWN = 60
_LISTS = {"corpus": "corpora", "prompts": "sets of prompts", "dialogues": "sets of dialogues"}
"""What an environment says its clips, prompts and dialogues are listed by; None if there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Several runs as one."""

    environment: dict[str, Any]
    """That of the first part, with the plan and the protocols of all, and every environment in `parts`."""
    observations: tuple[Observation, ...]
    failures: tuple[Failure, ...]
    models: dict[str, dict[str, Any]]
    is_ended: bool
    """Whether every part finished."""
    duplicates: int
    """Observations that stood in more than one part with the same text; the first is kept."""
    conflicts: tuple[str, ...]
    """Cases with other texts in other parts, of which the first is kept, models with other weights, other judges."""
    gaps: tuple[str, ...]
    """Cases that were planned and have no observation."""
    left_out: tuple[str, ...]
    """How many of the samples were in no part's plan, as "950 of 1,000 clips of calls", where there are such."""
    uneven: tuple[str, ...]
    """Clips that one model has and another lacks, where no part says what was planned."""
    unlike: tuple[str, ...]
    """In what the parts' environments differ."""

    def lines(self) -> Iterator[Mapping[str, Any]]:
        """The lines of the merged record, as plain JSON."""
        yield self.environment
        yield from [row.as_json() for row in self.observations]
        yield from [row.as_json() for row in self.failures]
        if self.is_ended:
            yield {"kind": "end", "time": datetime.now(UTC).isoformat(timespec="seconds"), "models": self.models}


def merge(runs: Sequence[Run]) -> Merged:
    """Join runs. Where two have the same case, the first counts.

    Raises:
        RecordError: they are of different corpora or protocols, or one has no environment.
    """
    environments = [_environment(run) for run in runs]
    for (run_before, first), (other, second) in combinations(zip(runs, environments, strict=True), 2):
        _refuse_mixed(run_before, first, other, second)
    chosen: dict[tuple[str, str, str, int, str], tuple[Observation, Run]] = {}
    duplicates, conflicts = 0, []
    for run in runs:
        for row in run.observations:
            case = (row.task, row.model, row.clip, row.repeat, row.order)
            if case not in chosen:
                chosen[case] = (row, run)
            elif _texts(chosen[case][0]) == _texts(row):
                duplicates += 1
            else:
                conflicts.append(_conflict(*chosen[case], row, run))
    rows = tuple(row for row, _ in chosen.values())
    environment = _joined(environments)
    gaps = tuple(_gaps(environment["plan"], rows, runs))
    return Merged(
        environment=environment,
        observations=rows,
        failures=tuple(_failures(runs)),
        models=_models(runs, {(row.model, row.clip) for row in rows}),
        is_ended=all(run.is_ended for run in runs),
        duplicates=duplicates,
        conflicts=(*conflicts, *_tasks(rows), *_weights(rows), *_judges(rows)),
        gaps=gaps,
        left_out=tuple(left_out(environment, rows)),
        uneven=() if environment["plan"] else tuple(_uneven(rows)),
        unlike=tuple(_unlike(runs, environments)),
    )


def _environment(run: Run) -> dict[str, Any]:
    if run.environment is None:
        raise RecordError(
            f"{run.path} has no environment line, so that nothing says of which corpus it is and by which rules",
            hint="put the environment line of that run at its beginning, or record it again",
        )
    return run.environment


def _refuse_mixed(run: Run, its_environment: Environment, other: Run, second: Environment) -> None:
    for key, words in _LISTS.items():
        lists: list[Any] = [environment.get(key) for environment in (its_environment, second)]
        if None not in lists and lists[0]["manifest_sha256"] != lists[1]["manifest_sha256"]:
            said = [f"{run['name']} ({run['manifest_sha256'][:12]})" for run in lists]
            raise RecordError(
                f"two {words}: {run.path} is of {said[0]}, {other.path} is of {said[1]}",
                hint="merge only records of one manifest",
            )
    for what, old, new in _other_protocols(its_environment, second):
        raise RecordError(
            f"two protocols: {what} is {old} in {run.path}, and {new} in {other.path}",
            hint=f"bring both to one: pytest --asr-rescore {other.path} --asr-record NEW.jsonl",
        )


def _other_protocols(first: Environment, second: Environment) -> Iterator[tuple[str, Any, Any]]:
    """Rules of one name with other signatures, and other choices of rules. Other clips may have other rules."""
    for kind in ("normalization", "entities"):
        old, new = (by_profile((environment["protocols"] or {}).get(kind, ())) for environment in (first, second))
        for name in old.keys() & new.keys():
            if old[name] != new[name]:
                yield f"{kind} {name}", old[name], new[name]
        chosen = [environment["settings"].get(kind) for environment in (first, second)]
        if None not in (first["protocols"], second["protocols"]) and chosen[0] != chosen[1]:
            yield f"the setting {kind}", chosen[0], chosen[1]


def _texts(row: Observation) -> list[str]:
    """What was heard in a case, and what the model wrote in each turn of a dialogue."""
    turns = row.speech.turns if row.task == "conversation" else ()
    return [row.hypothesis, *(turn.answer for turn in turns)]


def _conflict(row: Observation, run: Run, later: Observation, other: Run) -> str:
    pairs = zip_longest(_texts(row), _texts(later), fillvalue="")
    first, second = next((value, other) for value, other in pairs if value != other)
    return f"{row.model} on {row.clip}: {_short(first)} in {run.path}, {_short(second)} in {other.path}"


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "...")


def _joined(environments: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    plans = [environment["plan"] for environment in environments if environment["plan"] is not None]
    protocols = [environment["protocols"] for environment in environments if environment["protocols"] is not None]
    plan: dict[str, list[str]] = {}
    for known in plans:
        for model, clips in known.items():
            plan[model] = list(dict.fromkeys([*plan.get(model, ()), *clips]))
    kinds = {
        kind: sorted({environment for known in protocols for environment in known.get(kind, ())})
        for kind in dict.fromkeys(kind for known in protocols for kind in known)
    }
    return {
        **environments[0],
        **{key: known for key in _LISTS if (known := _first(environments, key)) is not None},
        "plan": plan if plans else None,
        "protocols": kinds if protocols else None,
        "parts": [part for environment in environments for part in environment.get("parts") or [environment]],
    }


def _first(environments: Sequence[Mapping[str, Any]], key: str) -> Any:
    return next((environment[key] for environment in environments if environment.get(key) is not None), None)


def _gaps(plan: Mapping[str, Sequence[str]] | None, rows: Sequence[Observation], runs: Sequence[Run]) -> Iterator[str]:
    observed = {(row.model, row.clip) for row in rows}
    why = {(row.model, row.clip): row.problem for run in runs for row in run.failures}
    planned = [(model, clip) for model, clips in (plan or {}).items() for clip in clips]
    for model, clip in dict.fromkeys([*planned, *why]):
        if (model, clip) not in observed:
            reason = why.get((model, clip))
            yield f"{model} on {clip}" + (f": {reason}" if reason else "")


def _uneven(rows: Sequence[Observation]) -> Iterator[str]:
    clips: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        clips.setdefault((row.task, row.model), set()).add(row.clip)
    for task, clip in dict.fromkeys((row.task, row.clip) for row in rows):
        for (model_task, model), clips_of_model in clips.items():
            if model_task == task and clip not in clips_of_model:
                yield f"{model} on {clip}"


def _failures(runs: Sequence[Run]) -> Iterator[Failure]:
    """Failures, each once, less those of cases that only another part has an observation of."""
    seen = set()
    observed = [{(row.model, row.clip) for row in run.observations} for run in runs]
    everywhere = set().union(*observed)
    for run, observations in zip(runs, observed, strict=True):
        for row in run.failures:
            case = (row.model, row.clip)
            if (*case, row.problem) not in seen and (case in observations or case not in everywhere):
                seen.add((*case, row.problem))
                yield row


def _models(runs: Sequence[Run], observed: set[tuple[str, str]]) -> dict[str, dict[str, Any]]:
    """What the parts know of each model: the state of the first that could run it, and what all of them found."""
    states: dict[str, list[dict[str, Any]]] = {}
    for run in runs:
        for model, state in run.models.items():
            states.setdefault(model, []).append(state)
    return {model: _state(model, known, observed) for model, known in states.items()}


def _state(model: str, known: Sequence[dict[str, Any]], observed: set[tuple[str, str]]) -> dict[str, Any]:
    ran = [state for state in known if state.get("load_s") is not None] or known
    checks = {check[0]: check for state in known for check in state.get("self_check", ())}
    unread = {clip: why for state in known for clip, why in state.get("unread", {}).items()}
    return {
        **ran[0],
        "self_check": list(checks.values()),
        "unread": {clip: why for clip, why in unread.items() if (model, clip) not in observed},
    }


def _weights(rows: Sequence[Observation]) -> Iterator[str]:
    """Models that are not one: other weights under the same id."""
    weights_of: dict[str, dict[str, None]] = {}
    for row in rows:
        weights_of.setdefault(row.model, {})[row.weights_sha256 or row.weights_revision or "unknown"] = None
    for model, weights in weights_of.items():
        if len(weights) > 1:
            yield f"{model}: its texts are of different weights: {', '.join(digest[:12] for digest in weights)}"


def _tasks(rows: Sequence[Observation]) -> Iterator[str]:
    """Ids that are of models of several tasks, whose cases are not each other's."""
    tasks_of: dict[str, dict[str, None]] = {}
    for row in rows:
        tasks_of.setdefault(row.model, {})[row.task] = None
    for model, tasks in tasks_of.items():
        if len(tasks) > 1:
            yield f"{model}: one id for several tasks: {', '.join(tasks)}"


def _judges(rows: Sequence[Observation]) -> Iterator[str]:
    """Models whose speech more than one judge heard: figures by two judges are not compared."""
    judges_of: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.spoken is not None:
            hearer = row.spoken.hearer
            weights = (hearer.weights_sha256 or hearer.weights_revision or "unknown")[:12]
            judges_of.setdefault(row.model, {})[f"{hearer.model} {hearer.engine_version} ({weights})"] = None
    for model, judges in judges_of.items():
        if len(judges) > 1:
            yield f"{model}: its speech was transcribed by different judges: {', '.join(judges)}"


def _unlike(runs: Sequence[Run], environments: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for run, environment in zip(runs[1:], environments[1:], strict=True):
        for difference in differences(environments[0], environment):
            yield f"{difference.what}: {difference.then} in {runs[0].path}, {difference.now} in {run.path}"
