"""Joins the records of shards or machines, and says what does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, combinations
from typing import Any

from asrlab_pytest.grouping import grouped
from asrlab_pytest.records.case_set import CasePass, CaseSet, case_pass, other_texts, texts_of
from asrlab_pytest.records.cover import left_out, shards_twice
from asrlab_pytest.records.differences import differences, other_signatures
from asrlab_pytest.records.environment import Environment, Listing, Plan
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.records.model import ModelIdentity
from asrlab_pytest.records.observation import NO_ENGINE, Observation
from asrlab_pytest.records.packed_names import PackedNames
from asrlab_pytest.records.reading import RecordError
from asrlab_pytest.records.run import Run
from asrlab_pytest.records.state import EndLine, ModelState
from asrlab_pytest.records.stored_rows import chosen, lines_of
from asrlab_pytest.tasks import LISTS, TASKS, WORDS, Task

Parts = Iterable[Sequence[Observation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Several runs as one."""

    environment: Environment
    """That of the first part, with the plan and the protocols of all, and every environment in `parts`."""
    kept: Sequence[Sequence[Observation]]
    """The observations that are kept of each part."""
    failures: tuple[Failure, ...]
    models: dict[str, ModelState]
    is_ended: bool
    """Whether every part finished."""
    duplicates: int
    """Observations of a case that another has with the same text; the first is kept."""
    conflicts: tuple[str, ...]
    """Cases with other texts in other parts, of which the first is kept, models with other weights, other judges."""
    gaps: tuple[str, ...]
    """Cases that were planned and have no observation."""
    left_out: tuple[str, ...]
    """How many of the samples were in no part's plan, as "950 of 1,000 clips of calls", and missing or odd shards."""
    uneven: tuple[str, ...]
    """Clips that one model has and another lacks, where no part says what was planned."""
    unlike: tuple[str, ...]
    """In what the parts' environments differ."""
    uncompared: tuple[str, ...]
    """Models of several parts of which one, of an older version, does not say by which options and code."""

    @property
    def observations(self) -> Iterator[Observation]:
        """Those of all parts."""
        return chain.from_iterable(self.kept)

    def lines(self) -> Iterator[Mapping[str, object] | bytes]:
        """The lines of the merged record: copied from a part of this version, otherwise as plain JSON."""
        yield self.environment.as_json()
        for rows in self.kept:
            yield from lines_of(rows)
        yield from (row.as_json() for row in self.failures)
        if self.is_ended:
            yield EndLine.now(self.models).as_json()


def merge(runs: Sequence[Run]) -> Merged:
    """Join runs. Where two have the same case, the first counts.

    Raises:
        RecordError: they are of different corpora or protocols, or one has no environment.
    """
    environments = [_environment(run) for run in runs]
    for (run_before, first), (other, second) in combinations(zip(runs, environments, strict=True), 2):
        _refuse_mixed(run_before, first, other, second)
    cases = _Cases(runs)
    firsts = [chosen(run.observations, partial(cases.is_first, run)) for run in runs]
    environment = _joined(environments)
    observed = CaseSet((row.model, row.clip) for row in chain.from_iterable(firsts))
    return Merged(
        environment=environment,
        kept=firsts,
        failures=tuple(_failures(runs, observed)),
        models=_models(runs, observed),
        is_ended=all(run.is_ended for run in runs),
        duplicates=cases.duplicates + sum(len(run.repeated) for run in runs),
        conflicts=(*cases.conflicts, *_mixed(firsts)),
        gaps=tuple(_gaps(environment.plan, observed, runs)),
        left_out=(*shards_twice(runs), *left_out(environment, firsts)),
        uneven=() if environment.plan else tuple(_uneven(firsts)),
        unlike=tuple(_unlike(runs, environments)),
        uncompared=tuple(_uncompared(firsts)),
    )


class _Cases:
    """Distinguishes the first observation of a case from later ones; only repeated cases are held."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._several = CaseSet(case_pass(row) for run in runs for row in run.observations).repeated()
        self._first: dict[CasePass, tuple[Observation, Run]] = {}
        self.duplicates = 0
        self.conflicts: list[str] = []

    def is_first(self, run: Run, row: Observation) -> bool:
        """Whether the case is new; if not, it is recorded whether the observation is the same."""
        case = case_pass(row)
        if hash(case) not in self._several:
            return True
        if case not in self._first:
            self._first[case] = (row, run)
            return True
        first, first_run = self._first[case]
        if texts_of(first) == texts_of(row):
            self.duplicates += 1
        else:
            before, now = other_texts(first, row)
            self.conflicts.append(f"{row.model} on {row.clip}: {before} in {first_run.path}, {now} in {run.path}")
        return False


def _environment(run: Run) -> Environment:
    if run.environment is None:
        raise RecordError(
            f"{run.path} has no environment line, so that nothing says of which corpus it is and by which rules",
            hint="put the environment line of that run at its beginning, or record it again",
        )
    return run.environment


def _refuse_mixed(run: Run, first: Environment, other: Run, second: Environment) -> None:
    for task, words in WORDS.items():
        lists = [listing for environment in (first, second) if (listing := environment.listing(task))]
        if len({listing.manifest_sha256 for listing in lists}) > 1:
            said = [f"{listing.name} ({listing.manifest_sha256[:12]})" for listing in lists]
            raise RecordError(
                f"two {words.listings}: {run.path} is of {said[0]}, {other.path} is of {said[1]}",
                hint="merge only records of one manifest",
            )
    for what, old, new in _other_protocols(first, second):
        raise RecordError(
            f"two protocols: {what} is {old} in {run.path}, and {new} in {other.path}",
            hint=f"bring both to one: pytest evals/ --asr-rescore {other.path} --asr-record NEW.jsonl",
        )


def _other_protocols(first: Environment, second: Environment) -> Iterator[tuple[str, Any, Any]]:
    """Rules of one name with other signatures, and other choices of rules."""
    yield from other_signatures(first.protocols, second.protocols)
    for kind in ("normalization", "entities"):
        chosen = [environment.settings.get(kind) for environment in (first, second)]
        if None not in (first.protocols, second.protocols) and chosen[0] != chosen[1]:
            yield f"the setting {kind}", chosen[0], chosen[1]


def _joined(environments: Sequence[Environment]) -> Environment:
    plans = [head.plan for head in environments if head.plan is not None]
    protocols = [head.protocols for head in environments if head.protocols is not None]
    kinds = {
        kind: sorted({environment for known in protocols for environment in known.get(kind, ())})
        for kind in dict.fromkeys(kind for known in protocols for kind in known)
    }
    models = dict.fromkeys(model for plan in plans for model in plan)
    excluded = {clip: why for head in environments for clip, why in (head.excluded or {}).items()}
    joined = {
        **{LISTS[task]: known for task in TASKS if (known := _first(environments, task))},
        "plan": {model: _names([plan.get(model, ()) for plan in plans]) for model in models} if plans else None,
        "protocols": kinds if protocols else None,
        **({"excluded": excluded} if excluded else {}),
        "parts": [part for head in environments for part in head.parts or [_part(head)]],
    }
    return environments[0].model_copy(update=joined)


def _part(environment: Environment) -> Environment:
    """An environment as stored in a merged record: counts replace its plan, which is part of the merged plan."""
    plan = environment.plan
    planned = None if plan is None else {model: len(clips) for model, clips in plan.items()}
    return environment.model_copy(update={"plan": None, "planned": planned})


def _names(lists: Sequence[Sequence[str]]) -> PackedNames:
    """The names of all lists, each once."""
    several = CaseSet(chain.from_iterable(lists)).repeated()
    seen: set[str] = set()
    names = PackedNames()
    for name in chain.from_iterable(lists):
        if hash(name) not in several or name not in seen:
            names.append(name)
        if hash(name) in several:
            seen.add(name)
    return names


def _first(environments: Sequence[Environment], task: Task) -> Listing | None:
    return next(filter(None, (environment.listing(task) for environment in environments)), None)


def _gaps(plan: Plan | None, observed: CaseSet, runs: Sequence[Run]) -> Iterator[str]:
    why = {(row.model, row.clip): row.problem for run in runs for row in run.failures}
    planned = ((model, clip) for model, clips in (plan or {}).items() for clip in clips)
    for model, clip in dict.fromkeys(case for case in chain(planned, why) if case not in observed):
        reason = why.get((model, clip))
        yield f"{model} on {clip}" + (f": {reason}" if reason else "")


def _uneven(parts: Parts) -> Iterator[str]:
    cases = CaseSet((row.task, row.model, row.clip) for row in chain.from_iterable(parts))
    models = dict.fromkeys((row.task, row.model) for row in chain.from_iterable(parts))
    lacking = (
        (model, row.clip)
        for row in chain.from_iterable(parts)
        for task, model in models
        if task == row.task and (task, model, row.clip) not in cases
    )
    for model, clip in dict.fromkeys(lacking):
        yield f"{model} on {clip}"


def _failures(runs: Sequence[Run], observed: CaseSet) -> Iterator[Failure]:
    """Failures, each once, less those of cases that only another part has an observation of."""
    seen = set()
    for run in runs:
        observed_here = CaseSet((row.model, row.clip) for row in run.observations if run.failures)
        for row in run.failures:
            case = (row.model, row.clip)
            if (*case, row.problem) not in seen and (case in observed_here or case not in observed):
                seen.add((*case, row.problem))
                yield row


def _models(runs: Sequence[Run], observed: CaseSet) -> dict[str, ModelState]:
    """What the parts know of each model: the state of the first that could run it, and what all of them found."""
    states = grouped(entry for run in runs for entry in run.models.items())
    return {model: _state(model, known, observed) for model, known in states.items()}


def _state(model: str, known: Sequence[ModelState], observed: CaseSet) -> ModelState:
    ran = [state for state in known if state.load_s is not None] or known
    checks = {check.clip: check for state in known for check in state.self_check}
    unread = {clip: why for state in known for clip, why in state.unread.items()}
    state = {
        # Which nodes the parts had in common is not known.
        **ran[0].model_dump(exclude={"nodes"}, exclude_unset=True),
        "self_check": list(checks.values()),
        "unread": {clip: why for clip, why in unread.items() if (model, clip) not in observed},
    }
    return ModelState.model_validate(state)


def _mixed(parts: Parts) -> Iterator[str]:
    """Models that are not one: their ids are of several tasks, or of other weights, or their judges differ."""
    for sentence, value_of, longest in _ALIKE:
        first_of: dict[str, dict[str, Observation]] = {}
        for row in chain.from_iterable(parts):
            if value := value_of(row):
                first_of.setdefault(row.model, {}).setdefault(value, row)
        for model, firsts in first_of.items():
            if len(firsts) > 1:
                shown = value_of is _configuration and _settings_apart(*list(firsts.values())[:2])
                yield f"{model}: {sentence}: {shown or ', '.join(value[:longest] for value in firsts)}"


def _settings_apart(first: Observation, second: Observation) -> str:
    """Which settings two observations of a model do not share, in words; empty if none that they state."""
    old, new = ({**row.settings, **(row.decoding or {})} for row in (first, second))
    apart = [key for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
    return ", ".join(f"{key} {old.get(key)!r} and {new.get(key)!r}" for key in apart)


def _uncompared(parts: Sequence[Sequence[Observation]]) -> list[str]:
    parts_of: dict[str, set[int]] = {}
    unknown = set()
    for place, rows in enumerate(parts):
        for row in rows:
            parts_of.setdefault(row.model, set()).add(place)
            if row.configuration is None and row.engine != NO_ENGINE:
                unknown.add(row.model)
    return sorted(model for model in unknown if len(parts_of[model]) > 1)


def _configuration(row: Observation) -> str:
    return row.configuration or ""


def _weights(model: ModelIdentity) -> str:
    return model.weights_sha256 or model.weights_revision or "unknown"


def _judge(row: Observation) -> str:
    """What heard its speech: figures by two judges are not compared. Empty where it made none."""
    if row.spoken is None:
        return ""
    hearer = row.spoken.hearer
    return f"{hearer.model} {hearer.engine_version} ({_weights(hearer)[:_DIGITS]})"


_DIGITS = 12
"""Of a digest in a message."""
_ALIKE: tuple[tuple[str, Callable[[Observation], str], int | None], ...] = (
    ("one id for several tasks", lambda row: row.task, None),
    ("its texts come from different weights", _weights, _DIGITS),
    ("its texts come from different versions of its engine", lambda row: f"{row.engine} {row.engine_version}", None),
    ("its texts come from different number formats", lambda row: row.compute_type, None),
    (
        "its texts come from different options, decoding, language or engine code",
        _configuration,
        _DIGITS,
    ),
    ("its speech was transcribed by different judges", _judge, None),
)
"""What all observations of a model have alike: the sentence where they have not, and how much of each is shown."""


def _unlike(runs: Sequence[Run], environments: Sequence[Environment]) -> Iterator[str]:
    for run, environment in zip(runs[1:], environments[1:], strict=True):
        for difference in differences(environments[0], environment):
            yield f"{difference.what}: {difference.then} in {runs[0].path}, {difference.now} in {run.path}"
