"""What a record does not cover: of the present corpus where it is scored again, of its plan, and of its shards."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING

from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.case_set import CaseSet
from asrlab_pytest.records.environment import Environment
from asrlab_pytest.records.observation import NO_ENGINE, Observation
from asrlab_pytest.tasks import NOUNS, TASKS, WORDS, Task
from asrlab_pytest.wording import some

if TYPE_CHECKING:
    from asrlab_pytest.records.run import Run


@dataclass(frozen=True)
class Present:
    """What there is of one task today."""

    models: Sequence[ModelSpec]
    items: Sequence[Sample]
    """The chosen clips, prompts or dialogues."""
    ids: Collection[str]
    """Ids of all that the manifest lists."""
    manifest: Path


def removed(recording: Run, present: Mapping[Task, Present]) -> list[str]:
    """Clips of the record that the corpus no longer has, in words."""
    sentences = []
    for task, now in present.items():
        others = {
            (row.model, row.clip) for row in recording.observations if _is_of(row, task) and row.clip not in now.ids
        }
        clips = dict.fromkeys(clip for _, clip in sorted(others))
        if clips:
            sentences.append(f"not scored, {now.manifest} has no such {NOUNS[task]}: {some(list(clips))}")
    return sentences


def untranscribed(recording: Run, present: Mapping[Task, Present]) -> list[str]:
    """Cases without a transcript: of the chosen clips, and of what the run itself was to transcribe, in words."""
    sentences = []
    missing = holes(recording)
    for task, now in present.items():
        recorded = CaseSet((row.model, row.clip) for row in recording.observations if _is_of(row, task))
        meant = ((spec.id, item.id) for spec in now.models for item in now.items if spec.is_meant_for(item))
        # A clip that is in the corpus and not chosen today was left out on purpose.
        chosen = {item.id for item in now.items}
        planned = (case for case in missing if missing[case] == task and case[1] in chosen)
        cases = dict.fromkeys(case for case in chain(meant, planned) if case not in recorded)
        names = [f"{model} on {clip}" for model, clip in cases]
        if names:
            sentences.append(f"not scored, {recording.path} has no {WORDS[task].output}: {some(names)}")
        names = [
            f"{model} on {clip}" for model, clip in missing if missing[model, clip] == task and clip not in now.ids
        ]
        if names:
            sentences.append(f"not scored, planned but missing from {recording.path}: {some(names)}")
    return sentences


def holes(run: Run) -> dict[tuple[str, str], Task]:
    """Model, clip and task of each case that a run was to observe and did not."""
    observed = CaseSet((row.model, row.clip) for row in run.observations)
    tasks: dict[str, Task] = {row.model: row.task for row in run.tried}
    failed = ((row.model, row.clip) for row in run.failures)
    return {case: tasks.get(case[0], "asr") for case in chain(run.planned, failed) if case not in observed}


def left_out(environment: Environment, rows: Sequence[Sequence[Observation]]) -> list[str]:
    """For a merged record: the missing shards, and how many of the samples its parts cover if not all.

    The parts together are to cover what they chose or, where one was narrowed by ids, all that the manifest lists.

    Args:
        environment: That of the merged record.
        rows: Its observations, in any number of parts.
    """
    parts = environment.parts or ()
    shares = (_share(environment, rows, parts, task) for task in TASKS)
    return [*missing_shards(parts), *filter(None, shares)]


def lost(run: Run) -> list[str]:
    """Of a merged record: how many of the planned cases its parts observed or tried, where that is not all of them."""
    missing = untried(run) if run.parts else 0
    return [f"{_tried(run, missing)}: no part has the others"] if missing else []


def missing_parts(run: Run) -> list[str]:
    """Everything that the parts of a merged record leave out, or the other shards of one that is a shard, in words.

    Of a record without its first line, nobody knows.
    """
    if run.environment is None:
        return [f"no environment line: {UNPLANNED}"] if run.unit == "line" else []
    if not run.parts:
        return _other_shards(run.environment)
    return [*left_out(run.environment, [run.observations]), *lost(run)]


def stopped(run: Run) -> list[str]:
    """The same of a record that was never merged."""
    missing = _untried_alone(run)
    if missing and is_of_transcripts(run):
        planned = _planned(run)
        return [f"{planned - missing:,} of {planned:,} hypotheses: the scored files lack the others"]
    if missing and run.is_ended:
        return [f"{_tried(run, missing)}: it finished without a result of the others"]
    return [f"{_tried(run, missing)}: it stopped before the others"] if missing else []


def incomplete(run: Run) -> list[str]:
    """What a run leaves out, in sentences to show next to its figures; empty for a complete run."""
    sentences = _unfinished(run)
    sentences += [f"the run is incomplete: {share}" for share in missing_parts(run)]
    damaged = len(run.left_out(tail=False))
    if damaged:
        units = run.unit if damaged == 1 else f"{run.unit}s"
        sentences.append(f"left out: {damaged} unreadable {units}")
    return sentences


UNPLANNED = "the number of planned cases is unknown"


def is_unplanned(run: Run) -> bool:
    """Whether an unfinished run has no plan, so that any number of cases may be missing."""
    return run.is_stopped and run.environment is not None and run.environment.plan is None


def is_of_transcripts(run: Run) -> bool:
    """Whether a run only scored existing transcripts, so that no model ran."""
    return run.is_ended and bool(run.observations) and run.observations[0].engine == NO_ENGINE


def without_hypothesis(run: Run, missing: int) -> str:
    """How many hypotheses are missing from the scored files."""
    return f"{missing:,} of {_planned(run):,} hypotheses missing"


def without_result(run: Run, missing: int) -> str:
    """How many cases a run that finished has no result of, such as those of tests that asked no model."""
    return f"no result of {missing:,} of {_planned(run):,} planned cases"


def _unfinished(run: Run) -> list[str]:
    missing = _untried_alone(run)
    if missing and is_of_transcripts(run):
        return [without_hypothesis(run, missing)]
    if missing:
        sentence = without_result(run, missing) if run.is_ended else f"the run did not finish: {_tried(run, missing)}"
        return [f"{sentence}{_not_begun(run)}"]
    unplanned = f"; {UNPLANNED}" if is_unplanned(run) else ""
    return [f"the run did not finish{unplanned}"] if run.is_stopped else []


def _not_begun(run: Run) -> str:
    """The planned models without any observation, in words."""
    tried = {row.model for row in run.tried}
    idle = [model for model, clips in run.plan.items() if clips and model not in tried]
    return f"; none of {some(idle)}" if idle else ""


def _untried_alone(run: Run) -> int:
    """Untried cases of a record that was never merged."""
    return 0 if run.parts else untried(run)


def untried(run: Run) -> int:
    """How many cases a run was to observe, and neither did nor failed to.

    The store's file of a resumed run holds only what was new, so what it lacks is unknown.
    """
    is_resumed = run.environment is not None and run.environment.settings.get("resume")
    if is_resumed and not any(observation.recorded for observation in run.observations):
        return 0
    failed = {(failure.model, failure.clip) for failure in run.failures}
    return len(holes(run).keys() - failed)


def _tried(run: Run, missing: int) -> str:
    planned = _planned(run)
    return f"{planned - missing:,} of {planned:,} planned cases"


def _planned(run: Run) -> int:
    return sum(map(len, run.plan.values()))


def _share(
    environment: Environment,
    rows: Sequence[Sequence[Observation]],
    parts: Sequence[Environment],
    task: Task,
) -> str | None:
    lists = [listing for part in parts if (listing := part.listing(task)) and listing.listed is not None]
    if not lists:
        return None
    is_narrowed = any(part.settings.get(NOUNS[task]) for part in parts)
    wanted = max((listing.listed if is_narrowed else listing.chosen) or 0 for listing in lists)
    tasks = {row.model: row.task for rows_of_part in rows for row in rows_of_part}
    observed = (row.clip for rows_of_part in rows for row in rows_of_part if row.task == task)
    plan = (environment.plan or {}).items()
    planned = (clip for model, clips in plan if tasks.get(model, "asr") == task for clip in clips)
    excluded = (environment.excluded or ()) if task == "asr" else ()
    covered = len(CaseSet(chain(observed, planned, excluded)))
    if covered >= wanted:
        return None
    return f"{covered:,} of {wanted:,} {NOUNS[task]}s of {lists[0].name}: no part planned the others"


def _is_of(row: Observation, task: Task) -> bool:
    return row.task == task and row.is_first_pass


# ---------------------------------------------------------------------------------------------------------------------
# Shards


def missing_shards(parts: Sequence[Environment]) -> Iterator[str]:
    """What is missing from the merged shards, in words.

    Args:
        parts: Environments of the records. Those without a shard are ignored.
    """
    of_models: dict[str, dict[str, None]] = {}
    for part in parts:
        for model in _models(part) if _shard(part) else ():
            of_models.setdefault(model, {})[_shard(part)] = None
    sentences = {model: sentence for model, shards in of_models.items() if (sentence := _missing(list(shards)))}
    for sentence, models in groupby(
        sorted(sentences, key=lambda model: sentences[model]), lambda model: sentences[model]
    ):
        names = ", ".join(models)
        yield sentence if len(sentences) == len(of_models) == names.count(", ") + 1 else f"{sentence} of {names}"
    yield from _other_wholes([part for part in parts if _shard(part)])


def shards_twice(runs: Sequence[Run]) -> Iterator[str]:
    """Shards with two finished records, in words. An interrupted record may be merged with the one that resumed it."""
    first: dict[tuple[str, str], Run] = {}
    for run in runs:
        shard = _shard(run.environment) if run.environment else ""
        cases = [(model, shard) for model in _models(run.environment)] if run.environment and shard else []
        twice = next((case for case in cases if case in first), None)
        if twice and run.is_ended:
            yield f"shard {twice[1]} twice: {first[twice].path} and {run.path}"
        first.update({case: run for case in cases if run.is_ended and case not in first})


def _shard(part: Environment) -> str:
    """As i/n; empty if the run was not one of several."""
    return part.settings.get("shard") or ""


def _other_shards(environment: Environment) -> list[str]:
    index, _, count = _shard(environment).partition("/")
    return [f"only shard {index} of {count}"] if count not in ("", "1") else []


def _models(part: Environment) -> Sequence[str]:
    """The planned models of a part; one without a name if it does not say."""
    return list(part.plan or part.planned or ("",))


def _missing(shards: Sequence[str]) -> str:
    counts = {shard.partition("/")[2] for shard in shards}
    if len(counts) > 1:
        return f"shards of different splits: {', '.join(shards)}"
    count = counts.pop()
    missing = [f"{index}/{count}" for index in range(1, int(count) + 1) if f"{index}/{count}" not in shards]
    return f"no shard {', '.join(missing)}" if missing else ""


def _other_wholes(parts: Sequence[Environment]) -> Iterator[str]:
    """Shards of the same models that were cut from another number of samples."""
    for task in TASKS:
        counts: dict[tuple[str, ...], dict[str, int]] = {}
        for part in parts:
            listing = part.listing(task)
            if listing and listing.chosen is not None:
                counts.setdefault(tuple(_models(part)), {})[_shard(part)] = listing.chosen
        for of_shards in counts.values():
            if len({*of_shards.values()}) > 1:
                shards = ", ".join(f"{shard} of {count:,} samples" for shard, count in of_shards.items())
                yield f"shards of different splits: {shards}"
