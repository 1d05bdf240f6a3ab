"""One timed call of a model, for each task: what gates measure with, outside of cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, cast

from asrlab_pytest.corpus.audio import Audio, load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.dialogues import Dialogue
from asrlab_pytest.corpus.prompts import Prompt
from asrlab_pytest.inference.asr import Stopwatch
from asrlab_pytest.inference.conversation import DialogueStopwatch
from asrlab_pytest.inference.loading import RunConditions, load, load_recognizer
from asrlab_pytest.inference.on_demand import Clock
from asrlab_pytest.inference.tts import SpeakingStopwatch
from asrlab_pytest.models.engine import DialogueAgent, Loaded, Recognizer, Synthesizer
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.tasks import Task


class Trial(Protocol):
    """How a model of one task is put to work on one item."""

    sample: type[Any]

    def read(self, item: Any) -> Any:
        """What the call needs of the item that takes time to read. Raises ClipError where it cannot be read."""

    def load(self, spec: ModelSpec, conditions: RunConditions, item: Any, read: Any) -> Loaded:
        """The loaded model. Raises ModelError where it does not load."""

    def clock(self, spec: ModelSpec, loaded: Loaded, item: Any, read: Any) -> Clock:
        """The call."""


class _Recognition:
    sample = Clip

    def read(self, item: Clip) -> Audio:
        return load_audio(item)

    def load(self, spec: ModelSpec, conditions: RunConditions, item: Clip, read: Audio) -> Loaded:
        return load_recognizer(spec, conditions, read, spec.language or item.language)[0]

    def clock(self, spec: ModelSpec, loaded: Loaded, item: Clip, read: Audio) -> Clock:
        return Stopwatch(cast("Recognizer", loaded), read, spec.language or item.language)


class _Synthesis:
    sample = Prompt

    def read(self, item: Prompt) -> None:  # noqa: ARG002
        return None

    def load(self, spec: ModelSpec, conditions: RunConditions, item: Prompt, read: None) -> Loaded:  # noqa: ARG002
        return load(spec, conditions, _as_it_is)[0]

    def clock(self, spec: ModelSpec, loaded: Loaded, item: Prompt, read: None) -> Clock:  # noqa: ARG002
        return SpeakingStopwatch(cast("Synthesizer", loaded), item, spec.language or item.language)


class _Conversation:
    sample = Dialogue

    def read(self, item: Dialogue) -> list[Audio]:
        return [load_audio(turn.question) for turn in item.turns]

    def load(self, spec: ModelSpec, conditions: RunConditions, item: Dialogue, read: list[Audio]) -> Loaded:  # noqa: ARG002
        return load(spec, conditions, _as_it_is)[0]

    def clock(self, spec: ModelSpec, loaded: Loaded, item: Dialogue, read: list[Audio]) -> Clock:
        return DialogueStopwatch(cast("DialogueAgent", loaded), read, spec.language or item.language)


def _as_it_is(loaded: Loaded) -> float:  # noqa: ARG001
    """Nothing is warmed up by itself: the first call does it."""
    return 0.0


TRIALS: Mapping[Task, Trial] = {
    "asr": _Recognition(),
    "tts": _Synthesis(),
    "conversation": _Conversation(),
}
