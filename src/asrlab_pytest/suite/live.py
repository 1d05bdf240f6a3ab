"""The model itself as the source of observations, for its task."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.suite.conditions import run_conditions
from asrlab_pytest.tasks import WORDS, Task

if TYPE_CHECKING:
    from asrlab_pytest.inference.handle import Source
    from asrlab_pytest.inference.judge import Judge
    from asrlab_pytest.inference.on_demand import Recall
    from asrlab_pytest.records.speech import SpeechFolder
    from asrlab_pytest.suite.suite import Suite


def live_source(  # noqa: PLR0913 - keywords
    suite: Suite,
    spec: ModelSpec,
    judge: Callable[[], Judge],
    folder: Callable[[], SpeechFolder],
    *,
    recall: Recall | None = None,
    clips: Sequence[Any] | None = None,
) -> Source:
    """The model itself.

    Args:
        suite: What it is evaluated on.
        spec: The model, for its task.
        judge: Gives the judge of a model that speaks; not called for one that does not.
        folder: Gives where speech is kept; not called for a model that does not speak.
        recall: What is asked before the model; None if nothing is.
        clips: What it will transcribe, in order; None for all that it is meant for.

    Raises:
        AsrlabError: there is no judge, or what the model is evaluated on cannot be read.
    """
    conditions = run_conditions(suite.settings, suite.listed(spec.task).name)
    if WORDS[spec.task].speaks:
        return _SPEAKERS[spec.task]()(spec, conditions, judge(), folder(), recall)
    return _LISTENERS[spec.task]()(spec, conditions, recall, suite.samples_for(spec) if clips is None else clips)


def _transcribing() -> Callable[..., Source]:
    from asrlab_pytest.inference.asr import LiveModel

    return LiveModel


def _speaking() -> Callable[..., Source]:
    from asrlab_pytest.inference.tts import SpeakingModel

    return SpeakingModel


def _conversing() -> Callable[..., Source]:
    from asrlab_pytest.inference.conversation import ConversingModel

    return ConversingModel


_LISTENERS: Mapping[Task, Callable[[], Callable[..., Source]]] = {"asr": _transcribing}
_SPEAKERS: Mapping[Task, Callable[[], Callable[..., Source]]] = {"tts": _speaking, "conversation": _conversing}
"""Each imports its module when a run has such a model."""
