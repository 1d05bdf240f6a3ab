"""The model itself as the source of observations, for its task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.suite.conditions import run_conditions
from asrlab_pytest.tasks import Task

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
    if spec.task != "asr":
        return _speaker(spec.task)(spec, conditions, judge(), folder(), recall)
    from asrlab_pytest.inference.asr import LiveModel

    return LiveModel(spec, conditions, recall, suite.clips_for(spec) if clips is None else clips)


def _speaker(task: Task) -> Callable[..., Source]:
    if task == "tts":
        from asrlab_pytest.inference.tts import SpeakingModel

        return SpeakingModel
    from asrlab_pytest.inference.conversation import ConversingModel

    return ConversingModel
