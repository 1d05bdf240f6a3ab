"""A model that listens: loads when the first clip needs it, and makes one observation of each transcription."""

from __future__ import annotations

import gc
import time
from collections.abc import MutableMapping, Sequence
from typing import TYPE_CHECKING

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.inference.fingerprint import case_key
from asrlab_pytest.inference.loading import RunConditions, recognizer_maker
from asrlab_pytest.inference.observing import Output, as_recorded, observed, transcript_of
from asrlab_pytest.inference.on_demand import OnDemand, Recall, Timer, is_cyclic
from asrlab_pytest.inference.prefetch import AudioAhead
from asrlab_pytest.measure.processor import processor_seconds
from asrlab_pytest.models.engine import Loaded, Recognizer, Transcript
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.observation import FIRST, Observation, Pass

if TYPE_CHECKING:
    from asrlab_pytest.corpus.audio import Audio


class LiveModel(OnDemand[Recognizer]):
    """Transcribes with the model itself.

    Args:
        spec: The model.
        conditions: Device, rounds and warm-up of the run.
        recall: What a resumed run asks first; None if every clip is to be transcribed.
        clips: In the order in which they will be asked for, as far as that is known.
    """

    def __init__(
        self,
        spec: ModelSpec,
        conditions: RunConditions,
        recall: Recall | None = None,
        clips: Sequence[Clip] = (),
    ) -> None:
        super().__init__(spec, conditions)
        self._recall = recall
        self._ahead = AudioAhead(clips)

    def observe(self, clip: Clip, timer: Timer, pass_: Pass = FIRST) -> Observation:
        """Transcribe a clip, or take what the store has of it.

        Raises:
            ClipError: the clip's audio cannot be used.
            ModelError: the model does not load.
            TranscriptionError: the engine failed on this clip.
        """
        audio = self._ahead.load(clip)
        language = self.spec.language or clip.language
        key = case_key(self.fingerprint, audio.pcm_sha256, language)
        recorded = self._recall(key, pass_) if self._recall and key else None
        if recorded is not None:
            return as_recorded(recorded, clip, model=self.spec.id, corpus=self.conditions.corpus)
        return self._transcribed(clip, audio, timer, key, pass_)

    def expect(self, clips: Sequence[Clip]) -> None:
        """Say which clips will be asked for next, in their order: of a large corpus, a few at a time."""
        self._ahead.expect(clips)

    def close(self) -> None:
        """Release the weights, and of audio that was decoded ahead."""
        self._ahead.close()
        super().close()

    def _transcribed(self, clip: Clip, audio: Audio, timer: Timer, key: str | None, pass_: Pass) -> Observation:
        language = self.spec.language or clip.language
        recognizer, loaded = self.ready(recognizer_maker(self.spec, self.conditions, audio, language))
        if recognizer.device != "cpu":
            # On the processor it would take time from the model that is being timed.
            self._ahead.begin_after(clip)
        stopwatch = Stopwatch(recognizer, audio, language)
        costs = self.timed(clip, stopwatch, timer)
        assert stopwatch.transcript is not None
        output = Output(
            reference=clip.text,
            transcript=transcript_of(stopwatch.transcript),
            audio_s=audio.seconds,
            audio_sha256=audio.sha256,
            pcm_sha256=audio.pcm_sha256,
        )
        return observed(loaded, self.case(clip, key, pass_), output, costs)


def release(models: MutableMapping[str, Loaded]) -> None:
    """Release the weights of loaded models."""
    is_held = any(map(is_cyclic, models.values()))
    while models:
        models.popitem()[1].close()
    if is_held:
        gc.collect()


class Stopwatch:
    """A call that transcribes once and times it. Decoding the audio file lies outside."""

    def __init__(self, recognizer: Recognizer, audio: Audio, language: str | None) -> None:
        self._recognizer = recognizer
        self._audio = audio
        self._language = language
        self.transcript: Transcript | None = None
        self.latencies_s: list[float] = []
        self.cpu_s: list[float] = []

    def __call__(self) -> None:
        self._recognizer.synchronize()
        pid = getattr(self._recognizer, "pid", None)
        start, cpu_start = time.perf_counter(), processor_seconds(pid)
        self.transcript = self._recognizer.transcribe(self._audio.samples, self._language)
        self._recognizer.synchronize()
        self.latencies_s.append(time.perf_counter() - start)
        self.cpu_s.append(processor_seconds(pid) - cpu_start)
