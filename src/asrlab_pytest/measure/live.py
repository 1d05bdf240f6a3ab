"""A model that listens: loads when the first clip needs it, and makes one observation of each transcription."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.measure.ahead import AudioAhead
from asrlab_pytest.measure.fingerprint import case_key
from asrlab_pytest.measure.loading import RunConditions, lenient_warnings, recognizer_maker
from asrlab_pytest.measure.observation import FIRST, Observation, Pass, recorded_observation
from asrlab_pytest.measure.on_demand import OnDemand
from asrlab_pytest.models.engine import Loaded, Recognizer, Transcript
from asrlab_pytest.models.spec import ModelSpec

if TYPE_CHECKING:
    from asrlab_pytest.corpus.audio import Audio


class Timer(Protocol):
    """Calls `target` once a round, and may time it in its own way too."""

    def __call__(self, target: Callable[[], None], rounds: int) -> None: ...


def call_rounds(target: Callable[[], None], rounds: int) -> None:
    """Call the target once a round, and leave the timing to the stopwatch inside it."""
    for _ in range(rounds):
        target()


class Recall(Protocol):
    """Finds what a store has under a key, as a row of a record; None where it has nothing."""

    def __call__(self, key: str, one: Pass) -> Mapping[str, Any] | None: ...


class LiveModel(OnDemand[Recognizer]):
    """Transcribes with the model itself.

    Args:
        spec: The model.
        conditions: Device, rounds and warm-up of the run.
        recall: What a resumed run asks first; None where every clip is to be transcribed.
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

    def observe(self, clip: Clip, timer: Timer, one: Pass = FIRST) -> Observation:
        """Transcribe a clip, or take what the store has of it.

        Raises:
            ClipError: the clip's audio cannot be used.
            ModelError: the model does not load.
            TranscriptionError: the engine failed on this clip.
        """
        audio = self._ahead.load(clip)
        language = self.spec.language or clip.language
        key = case_key(self.fingerprint, audio.pcm_sha256, language)
        row = self._recall(key, one) if self._recall and key else None
        if row is not None:
            return recorded_observation(row, clip, model=self.spec.id, corpus=self.conditions.corpus)
        return self._transcribed(clip, audio, timer, key, one)

    def close(self) -> None:
        """Let go of the weights, and of audio that was decoded ahead."""
        self._ahead.close()
        super().close()

    def _transcribed(self, clip: Clip, audio: Audio, timer: Timer, key: str | None, one: Pass) -> Observation:
        from asrlab_pytest.measure.machine import load_per_core
        from asrlab_pytest.measure.resources import ResourceMonitor

        language = self.spec.language or clip.language
        recognizer, loaded = self.ready(recognizer_maker(self.spec, self.conditions, audio, language))
        if recognizer.device != "cpu":
            # On the processor it would take time from the model that is being timed.
            self._ahead.begin_after(clip)
        stopwatch = Stopwatch(recognizer, audio, language)
        with lenient_warnings(), ResourceMonitor() as resources:
            self.guarded(f"clip {clip.id}", f"--asr-clip {clip.id}", lambda: timer(stopwatch, self.conditions.rounds))
        assert stopwatch.transcript is not None
        return Observation(
            loaded=loaded,
            clip=clip.id,
            corpus=self.conditions.corpus,
            group=clip.group,
            tags=clip.tags,
            language=clip.language,
            audio_s=audio.seconds,
            audio_sha256=audio.sha256,
            pcm_sha256=audio.pcm_sha256,
            key=key,
            repeat=one.repeat,
            order=one.order,
            reference=clip.text,
            reference_entities=clip.entities,
            keywords=clip.keywords,
            clip_normalization=clip.normalization,
            quarantined=clip.quarantined,
            transcript=stopwatch.transcript,
            latencies_s=tuple(stopwatch.latencies_s),
            cpu_s=tuple(stopwatch.cpu_s),
            cpu_percent=100 * resources.cpu_seconds / sum(stopwatch.latencies_s),
            load_per_core=load_per_core(),
            peak_rss_bytes=resources.peak_rss_bytes,
            device_memory_bytes=recognizer.device_memory_bytes(),
        )


def release(models: MutableMapping[str, Loaded]) -> None:
    """Let go of the weights of loaded models."""
    while models:
        models.popitem()[1].close()
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
        start, cpu_start = time.perf_counter(), time.process_time()
        self.transcript = self._recognizer.transcribe(self._audio.samples, self._language)
        self._recognizer.synchronize()
        self.latencies_s.append(time.perf_counter() - start)
        self.cpu_s.append(time.process_time() - cpu_start)
