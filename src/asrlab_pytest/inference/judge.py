"""The judge: a recognizer that transcribes the speech of other models."""

from __future__ import annotations

from collections.abc import Mapping

from asrlab_pytest.corpus.audio import Audio, load_audio, resampled
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.errors import TranscriptionError
from asrlab_pytest.inference.fingerprint import digest, model_fingerprint
from asrlab_pytest.inference.judgeable import why_not_judged
from asrlab_pytest.inference.limit import limited, overrun
from asrlab_pytest.inference.loading import RunConditions, lenient_warnings, recognizer_maker
from asrlab_pytest.inference.observing import transcript_of
from asrlab_pytest.inference.on_demand import OnDemand
from asrlab_pytest.models.contained import fault_words
from asrlab_pytest.models.engine import Recognizer
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.model import ModelIdentity
from asrlab_pytest.records.spoken import Hearer
from asrlab_pytest.records.transcript import Transcript
from asrlab_pytest.tasks import Task
from asrlab_pytest.validation import fields_of
from asrlab_pytest.waveform import SAMPLE_RATE, Waveform


class Judge:
    """Hears speech, and recordings of the same texts so that its own error is known.

    Args:
        spec: The judge.
        conditions: Device of the run.
    """

    def __init__(self, spec: ModelSpec, conditions: RunConditions) -> None:
        self.spec = spec
        self._model: OnDemand[Recognizer] = OnDemand(spec, conditions)
        self._recordings: dict[str, str] = {}

    @property
    def fingerprint(self) -> Mapping[str, object] | None:
        """What its transcript depends on, other than the speech; None if its weights cannot be identified."""
        return self._model.fingerprint

    @property
    def hearer(self) -> Hearer:
        """Who it is. It has heard something, or listened for it, before this is asked."""
        assert self._model.loaded is not None
        digests = self.fingerprint or model_fingerprint(self.spec, self._model.conditions, by_name=True)
        return Hearer(**fields_of(ModelIdentity, self._model.loaded), fingerprint=digest(digests or {}))

    def refuse_unjudgeable(self, said: Sample, task: Task) -> None:
        """Raises ModelError if the judge is not meant for a prompt or dialogue, so that it is not spoken in vain."""
        error = why_not_judged(self.spec, said, task)
        if error is not None:
            raise error

    def language_of(self, said: Sample) -> str | None:
        """The language that it listens for."""
        return self.spec.language or said.language

    def hear(self, samples: Waveform, sample_rate: int, said: Sample) -> tuple[Transcript, Audio]:
        """What is heard in speech, and the audio as it was given to the recognizer.

        Raises:
            ModelError: the judge does not load.
            TranscriptionError: the judge failed.
        """
        audio = Audio(resampled(samples, sample_rate), "", sample_rate)
        return self._transcript(audio, said), audio

    def attend(self, said: Sample) -> None:
        """Listen where nothing comes: load, and transcribe nothing.

        Raises:
            ModelError: the judge does not load.
        """
        import numpy as np

        silence = Audio(np.zeros(SAMPLE_RATE, dtype=np.float32), "", SAMPLE_RATE)
        self._ready(silence, self.language_of(said))

    def hear_recording(self, recording: Clip) -> str:
        """The transcript of a text's recording, made once per session.

        Raises:
            ClipError: the recording cannot be read.
            ModelError: the judge does not load.
            TranscriptionError: the judge failed.
        """
        if recording.id not in self._recordings:
            self._recordings[recording.id] = self._transcript(load_audio(recording), recording).text
        return self._recordings[recording.id]

    def close(self) -> None:
        """Release the weights."""
        self._model.close()

    def _transcript(self, audio: Audio, said: Sample) -> Transcript:
        language = self.language_of(said)
        recognizer = self._ready(audio, language)
        with lenient_warnings(), limited(overrun(self.spec, said.id, self._model.conditions.timeout_s)):
            try:
                return transcript_of(recognizer.transcribe(audio.samples, language))
            except Exception as error:
                self._model.has_failed = True
                raise TranscriptionError(
                    f"the judge {self.spec.id} failed on {said.id}: {fault_words(error)}",
                    hint="choose another one with --asr-judge",
                ) from error

    def _ready(self, first: Audio, language: str | None) -> Recognizer:
        recognizer, _ = self._model.ready(recognizer_maker(self.spec, self._model.conditions, first, language))
        return recognizer
