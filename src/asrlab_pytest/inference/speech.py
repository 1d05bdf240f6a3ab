"""A model whose speech a judge transcribes: common to TTS and conversation."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.errors import ModelError
from asrlab_pytest.inference.fingerprint import digest
from asrlab_pytest.inference.judge import Judge
from asrlab_pytest.inference.loading import RunConditions, warm_up
from asrlab_pytest.inference.on_demand import AnyLoaded, OnDemand, Recall
from asrlab_pytest.models.engine import Loaded
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.model import LoadedModel
from asrlab_pytest.records.speech import SpeechFolder
from asrlab_pytest.records.spoken import Utterance
from asrlab_pytest.records.transcript import Transcript
from asrlab_pytest.waveform import Waveform

LEAST_RATE, MOST_RATE = 1_000, 768_000
"""Sample rates in hertz that can hold speech."""


class JudgedModel(OnDemand[AnyLoaded]):
    """A model that speaks.

    Args:
        spec: The model, for its task.
        conditions: Device, rounds and warm-up of the run.
        judge: Transcribes the speech.
        folder: Where speech is kept.
        recall: Looks up earlier speech when a run is resumed; None to speak everything.
    """

    def __init__(
        self,
        spec: ModelSpec,
        conditions: RunConditions,
        judge: Judge,
        folder: SpeechFolder,
        recall: Recall | None = None,
    ) -> None:
        super().__init__(spec, conditions, recall)
        self._judge = judge
        self._folder = folder

    def key_of(self, item: Sample, **said: Any) -> str | None:
        """Digest of all that the hypothesis depends on: speaker, judge, and what is said to whom, as plain JSON."""
        parties = (self.fingerprint, self._judge.fingerprint)
        listens_for = self._judge.language_of(item)
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
            self._judge.attend(said)
            return JudgedSpeech(transcript=Transcript(text="", segments=(), language=self._judge.language_of(said)))
        from asrlab_pytest.sound.speech import measure_speech

        transcript, audio = self._judge.hear(samples, sample_rate, said)
        utterance = Utterance(
            sound=measure_speech(samples, sample_rate),
            file=self._folder.keep(self.spec.id, name, samples, sample_rate),
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
