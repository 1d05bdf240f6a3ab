"""One timed call of a model, for each task: what gates measure with, outside of cases."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from asrlab_pytest.corpus.audio import Audio, load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.dialogues import Dialogue
from asrlab_pytest.corpus.prompts import Prompt
from asrlab_pytest.inference.conversation import DialogueStopwatch
from asrlab_pytest.inference.loading import RunConditions, load, recognizer_maker
from asrlab_pytest.inference.observing import transcript_of
from asrlab_pytest.inference.on_demand import Clock, Stopwatch
from asrlab_pytest.inference.tts import SpeakingStopwatch
from asrlab_pytest.models.engine import DialogueAgent, Loaded, Recognizer, Synthesizer, Transcript
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.tasks import Task


class Trial(ABC):
    """How a model of one task is put to work on one item."""

    sample: type[Any]

    def read(self, item: Any) -> Any:  # noqa: ARG002
        """What the call needs of the item that takes time to read. Raises ClipError where it cannot be read."""
        return None

    def load(self, spec: ModelSpec, conditions: RunConditions, item: Any, read: Any) -> Loaded:  # noqa: ARG002
        """The loaded model, not warmed up: the first call does that. Raises ModelError where it does not load."""
        return load(spec, conditions, lambda _: 0.0)[0]

    def text(self, clock: Any) -> str | None:  # noqa: ARG002
        """What a call wrote; None of a task whose models speak."""
        return None

    @abstractmethod
    def clock(self, spec: ModelSpec, loaded: Any, item: Any, read: Any) -> Clock:
        """The call."""


class _Recognition(Trial):
    sample = Clip

    def read(self, item: Clip) -> Audio:
        return load_audio(item)

    def load(self, spec: ModelSpec, conditions: RunConditions, item: Clip, read: Audio) -> Loaded:
        return load(spec, conditions, recognizer_maker(spec, conditions, read, spec.language or item.language))[0]

    def clock(self, spec: ModelSpec, loaded: Recognizer, item: Clip, read: Audio) -> Clock:
        language = spec.language or item.language
        return Stopwatch(loaded, lambda: loaded.transcribe(read.samples, language))

    def text(self, clock: Stopwatch[Transcript]) -> str | None:
        return None if clock.result is None else transcript_of(clock.result).text


class _Synthesis(Trial):
    sample = Prompt

    def clock(self, spec: ModelSpec, loaded: Synthesizer, item: Prompt, read: None) -> Clock:  # noqa: ARG002
        return SpeakingStopwatch(loaded, item, spec.language or item.language)


class _Conversation(Trial):
    sample = Dialogue

    def read(self, item: Dialogue) -> list[Audio]:
        return [load_audio(turn.question) for turn in item.turns]

    def clock(self, spec: ModelSpec, loaded: DialogueAgent, item: Dialogue, read: list[Audio]) -> Clock:
        return DialogueStopwatch(loaded, read, spec.language or item.language)


TRIALS: Mapping[Task, Trial] = {
    "asr": _Recognition(),
    "tts": _Synthesis(),
    "conversation": _Conversation(),
}
