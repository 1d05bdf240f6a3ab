"""One timed call of a model, for each task: what gates measure with, outside of cases."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
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
from asrlab_pytest.inference.work import Work
from asrlab_pytest.models.engine import DialogueAgent, Loaded, Recognizer, Synthesizer, Transcript
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.tasks import Task
from asrlab_pytest.waveform import Waveform


class Trial(ABC):
    """How a model of one task is put to work on one item."""

    sample: type[Any]

    def read(self, item: Any) -> Any:  # noqa: ARG002
        """What the call needs of the item that takes time to read. Raises ClipError where it cannot be read."""
        return None

    def load(self, spec: ModelSpec, conditions: RunConditions, item: Any, read: Any) -> Loaded:  # noqa: ARG002
        """The loaded model, not warmed up: the first call does that. Raises ModelError where it does not load."""
        return load(spec, conditions, lambda _: 0.0)[0]

    @abstractmethod
    def clock(self, spec: ModelSpec, loaded: Any, item: Any, read: Any) -> Clock:
        """The call."""

    @abstractmethod
    def work(self, loaded: Any, clock: Any) -> Work:
        """What the call did."""

    @abstractmethod
    def recorded(self, row: Observation) -> Work:
        """What the call of a case did."""


class _Recognition(Trial):
    sample = Clip

    def read(self, item: Clip) -> Audio:
        return load_audio(item)

    def load(self, spec: ModelSpec, conditions: RunConditions, item: Clip, read: Audio) -> Loaded:
        return load(spec, conditions, recognizer_maker(spec, conditions, read, spec.language or item.language))[0]

    def clock(self, spec: ModelSpec, loaded: Recognizer, item: Clip, read: Audio) -> Clock:
        language = spec.language or item.language
        return Stopwatch(loaded, lambda: loaded.transcribe(read.samples, language))

    def work(self, loaded: Recognizer, clock: Stopwatch[Transcript]) -> Work:  # noqa: ARG002
        return written(clock.result)

    def recorded(self, row: Observation) -> Work:
        return Work(text=row.hypothesis)


class _Speaking(Trial):
    least_share: float
    """Of the seconds of speech, those that the shorter of two calls has."""

    def recorded(self, row: Observation) -> Work:
        utterances = row.spoken.utterances if row.spoken else ()
        return Work(speech_s=sum(said.sound.speech_s for said in utterances), least_share=self.least_share)

    def _said(self, speech: Iterable[Waveform], sample_rate: int) -> Work:
        from asrlab_pytest.sound.speech import speech_seconds

        seconds = sum(speech_seconds(samples, sample_rate) for samples in speech)
        return Work(speech_s=seconds, least_share=self.least_share)


class _Synthesis(_Speaking):
    sample = Prompt
    least_share = 0.5

    def clock(self, spec: ModelSpec, loaded: Synthesizer, item: Prompt, read: None) -> Clock:  # noqa: ARG002
        return SpeakingStopwatch(loaded, item, spec.language or item.language)

    def work(self, loaded: Synthesizer, clock: SpeakingStopwatch) -> Work:
        return self._said([clock.samples], loaded.sample_rate)


class _Conversation(_Speaking):
    sample = Dialogue
    # A model that samples its answers says more in one than in another.
    least_share = 0.25

    def read(self, item: Dialogue) -> list[Audio]:
        return [load_audio(turn.question) for turn in item.turns]

    def clock(self, spec: ModelSpec, loaded: DialogueAgent, item: Dialogue, read: list[Audio]) -> Clock:
        return DialogueStopwatch(loaded, read, spec.language or item.language)

    def work(self, loaded: DialogueAgent, clock: DialogueStopwatch) -> Work:
        return self._said((answer.samples for answer in clock.answers), loaded.sample_rate)


def written(transcript: Transcript | None) -> Work:
    """What a transcript has; a call that was not made has none."""
    return Work(text=None if transcript is None else transcript_of(transcript).text)


TRIALS: Mapping[Task, Trial] = {
    "asr": _Recognition(),
    "tts": _Synthesis(),
    "conversation": _Conversation(),
}
