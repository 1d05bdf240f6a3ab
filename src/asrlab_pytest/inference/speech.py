"""A model whose speech a judge transcribes: common to TTS and conversation."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.errors import ModelError
from asrlab_pytest.inference.boundary import refuse_runaway, speech_of
from asrlab_pytest.inference.fingerprint import digest
from asrlab_pytest.inference.judge import Judge
from asrlab_pytest.inference.loading import warm_up
from asrlab_pytest.inference.on_demand import AnyLoaded, OnDemand
from asrlab_pytest.measure.clock import SteadyClock
from asrlab_pytest.measure.machine import processor_seconds
from asrlab_pytest.models.engine import Loaded
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.model import LoadedModel
from asrlab_pytest.records.speech import SpeechFolder
from asrlab_pytest.records.spoken import Utterance
from asrlab_pytest.records.transcript import Transcript
from asrlab_pytest.secrets import unspoken_secrets, without_known
from asrlab_pytest.waveform import Waveform

LEAST_RATE, MOST_RATE = 1_000, 768_000
"""Sample rates in hertz that can hold speech."""


@dataclass(eq=False, repr=False)
class JudgedModel(OnDemand[AnyLoaded]):
    """A model that speaks."""

    judge: Judge = field(kw_only=True)
    """Transcribes the speech."""
    folder: SpeechFolder = field(kw_only=True)
    """Where speech is kept."""

    def key_of(self, item: Sample, **said: Any) -> str | None:
        """Digest of all that the hypothesis depends on: speaker, judge, and what is said to whom, as plain JSON."""
        parties = (self.fingerprint, self.judge.fingerprint)
        listens_for = self.judge.language_of(item)
        return None if None in parties else digest({"model": parties[0], "judge": [parties[1], listens_for], **said})

    def made_ready(self, begin: Callable[[AnyLoaded], None]) -> tuple[AnyLoaded, LoadedModel]:
        """The loaded model, and how it was loaded.

        Args:
            begin: Warms it up: says or answers something until the first speech.
        """

        def make_ready(speaker: AnyLoaded) -> float:
            require_rate(self.spec, speaker)
            return warm_up(speaker, lambda: begin(speaker), self.conditions.warmup)

        return self.ready(make_ready)

    def transcribed(
        self,
        name: str,
        samples: Waveform,
        sample_rate: int,
        said: Sample,
        first_audio_s: Sequence[float],
    ) -> JudgedSpeech:
        """Measure speech, keep it and let the judge transcribe it. Speech without samples has an empty transcript.

        Raises:
            ModelError: the judge does not load.
            TranscriptionError: the judge failed.
        """
        if not len(samples):
            self.judge.attend(said)
            return JudgedSpeech(transcript=Transcript(text="", segments=(), language=self.judge.language_of(said)))
        from asrlab_pytest.sound.speech import measure_speech

        transcript, audio = self.judge.hear(samples, sample_rate, said)
        utterance = Utterance(
            sound=measure_speech(samples, sample_rate),
            file=self.folder.keep(self.spec.id, name, samples, sample_rate),
            first_audio_s=tuple(first_audio_s),
        )
        return JudgedSpeech(transcript=transcript, utterance=utterance, pcm_sha256=audio.pcm_sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSpeech:
    """Speech as it was measured and heard."""

    transcript: Transcript
    utterance: Utterance | None = None
    """None if there was no speech."""
    pcm_sha256: str | None = None
    """Of the samples that the judge was given; None if there were none."""


@dataclass
class Answer:
    """An answer as it came: its text and speech in the last round, its times in every round."""

    text: str = ""
    pieces: list[Waveform] = field(default_factory=list)
    latencies_s: list[float] = field(default_factory=list)
    first_token_s: list[float | None] = field(default_factory=list)
    first_audio_s: list[float] = field(default_factory=list)

    @property
    def samples(self) -> Waveform:
        """The speech of the last round."""
        return joined(self.pieces)


class AnswerStopwatch:
    """A call in which a model speaks, once or turn after turn, and that times each answer.

    Args:
        model: The model.
        calls: What is asked of it, in turn.
        begin: Called before the first, for a model that writes what it says as well; None for one that only speaks.
    """

    def __init__(
        self,
        model: Loaded,
        calls: Sequence[Callable[[], Iterable[str | Waveform]]],
        *,
        begin: Callable[[], None] | None = None,
    ) -> None:
        self._model = model
        self._calls = calls
        self._begin = begin
        self.answers = [Answer() for _ in calls]
        self.latencies_s: list[float] = []
        self.cpu_s: list[float] = []

    def __call__(self) -> None:
        self._model.synchronize()
        pid = getattr(self._model, "pid", None)
        cpu_start = processor_seconds(pid)
        if self._begin is not None:
            self._begin()
        for call, answer in zip(self._calls, self.answers, strict=True):
            self._take(call, answer)
        self.latencies_s.append(sum(answer.latencies_s[-1] for answer in self.answers))
        self.cpu_s.append(processor_seconds(pid) - cpu_start)

    def _take(self, call: Callable[[], Iterable[str | Waveform]], answer: Answer) -> None:
        written: list[str] = []
        characters = 0
        answer.pieces, first_token, first_audio = [], None, None
        start = SteadyClock.seconds()
        for piece in call():
            if isinstance(piece, str) and self._begin is not None:
                if first_token is None and piece:
                    first_token = SteadyClock.seconds() - start
                written.append(piece)
                characters += len(piece)
                refuse_runaway(characters, "the text of an answer")
            else:
                speech = speech_of(piece)
                if first_audio is None and len(speech):
                    first_audio = SteadyClock.seconds() - start
                answer.pieces.append(speech)
        self._model.synchronize()
        answer.latencies_s.append(SteadyClock.seconds() - start)
        answer.text = without_known("".join(written), unspoken_secrets())
        answer.first_token_s.append(first_token)
        answer.first_audio_s.append(answer.latencies_s[-1] if first_audio is None else first_audio)


def digest_of(samples: Waveform) -> str:
    """SHA-256 of speech as the model made it."""
    return hashlib.sha256(samples.astype("<f4", copy=False).tobytes()).hexdigest()


def joined(pieces: Iterable[Waveform]) -> Waveform:
    """Pieces of speech as one, of shape (n,)."""
    return np.concatenate([np.zeros(0, dtype=np.float32), *pieces]).astype(np.float32, copy=False)


def until_speech(pieces: Iterable[str | Waveform]) -> None:
    """Take pieces until the first speech: that has run all of a model, and a whole answer may take minutes."""
    for piece in pieces:
        if not isinstance(piece, str) and len(piece):
            return


def require_rate(spec: ModelSpec, speaker: Loaded) -> None:
    """Refuse a sample rate that cannot be that of speech, before the model speaks.

    A few samples at a rate of 1 Hz would be hours of speech, and to resample them would take hours and gigabytes.

    Raises:
        ModelError: it states no sample rate, or none that can be.
    """
    rate = getattr(speaker, "sample_rate", None)
    if not isinstance(rate, int) or not LEAST_RATE <= rate <= MOST_RATE:
        raise ModelError(
            f"model {spec.id}: engine {spec.engine} states the sample rate {rate!r} for its speech",
            hint=f"set sample_rate of what load returns to whole hertz from {LEAST_RATE} to {MOST_RATE}, such as 24000",
        )
