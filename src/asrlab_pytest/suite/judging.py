"""The judge of a run, and the samples that are not spoken because it could not transcribe them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from asrlab_pytest.errors import ModelError
from asrlab_pytest.hints import runnable
from asrlab_pytest.inference.judgeable import why_not_judged
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.suite.judge import ANOTHER
from asrlab_pytest.tasks import NOUNS, SPOKEN, Task
from asrlab_pytest.wording import many

if TYPE_CHECKING:
    from asrlab_pytest.corpus.samples import Sample
    from asrlab_pytest.suite.suite import Suite


def refuse_unready_judge(suite: Suite, tasks: Collection[Task]) -> None:
    """Refuse a run whose judge cannot run, before a model speaks.

    Args:
        suite: What is evaluated.
        tasks: Those of the run.

    Raises:
        ModelError: there is no such judge, or one that must hear cannot run.
    """
    if suite.recording is not None or not {*SPOKEN} & {*tasks}:
        return
    status, missing = suite.statuses.of_judge(suite.judge), suite.settings.missing
    must_hear = suite.settings.judge is not None if missing is None else missing == "error"
    if must_hear and not status.is_ready and not suite.statuses.can_fetch(suite.judge):
        raise ModelError(f"the judge {suite.judge.id}: {status}", hint=status.hint or ANOTHER)


def why_left_out(suite: Suite, item: Sample, task: Task) -> ModelError | None:
    """Why the judge cannot transcribe the speech of an item; None if it can or did, or there is none."""
    if task not in SPOKEN or suite.recording is not None:
        return None
    return why_not_judged(suite.judge, item, task)


def judgeable_samples(suite: Suite, spec: ModelSpec) -> tuple[Sample, ...]:
    """What a model is observed on: what it is meant for and, if it speaks, the judge as well."""
    return tuple(item for item in suite.samples_for(spec) if why_left_out(suite, item, spec.task) is None)


def to_be_judged(suite: Suite, spec: ModelSpec) -> tuple[Sample, ...]:
    """What a verdict on a model is to rest on: the samples above and, if a record is scored, those that it lacks."""
    if suite.recording is None:
        return judgeable_samples(suite, spec)
    excluded = {*suite.recording.excluded}
    return tuple(
        item
        for item in suite.chosen(spec.task)
        if suite.is_meant(spec, item) or (spec.is_meant_for(item) and item.id not in excluded)
    )


def not_spoken(suite: Suite, tasks: Collection[Task]) -> list[str]:
    """The chosen prompts and dialogues that are not spoken because the judge could not transcribe them, in words."""
    sentences = []
    for task in (task for task in SPOKEN if task in tasks):
        meant = {item.id: item for spec in suite.models_of(task) for item in suite.samples_for(spec)}
        errors = [error for item in meant.values() if (error := why_left_out(suite, item, task)) is not None]
        if errors:
            first = f"{errors[0].problem} (hint: {runnable(errors[0].hint)})"
            sentences.append(f"{many(len(errors), NOUNS[task])} not spoken: {first}")
    return sentences
