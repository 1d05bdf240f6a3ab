"""One model in one session: loads it when first needed, transcribes each clip once, and lets go of its weights."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import AsrlabError, ModelError, TranscriptionError
from asrlab_pytest.measure.loading import RunConditions, lenient_warnings, load
from asrlab_pytest.measure.observation import LoadedModel, Observation
from asrlab_pytest.models.engine import Recognizer, Transcript
from asrlab_pytest.models.spec import Device, ModelSpec

if TYPE_CHECKING:
    from asrlab_pytest.corpus.audio import Audio


class Timer(Protocol):
    """Calls `target` once a round, and may time it in its own way too."""

    def __call__(self, target: Callable[[], None], rounds: int) -> None: ...


def call_rounds(target: Callable[[], None], rounds: int) -> None:
    """Call the target once a round, and leave the timing to the stopwatch inside it."""
    for _ in range(rounds):
        target()


EXACT: tuple[Device, str] = ("cpu", "float32")
"""Device and compute type that a self-check compares with."""


def exact_twin(spec: ModelSpec) -> ModelSpec:
    """The same model on the CPU in float32."""
    device, compute_type = EXACT
    return replace(spec, device=device, compute_type=compute_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheck:
    """A clip transcribed on the device and on the CPU in float32."""

    same_text: bool
    speedup: float
    """Time on the CPU over time on the device."""


@dataclass
class ModelHandle:
    """A model under test.

    Nothing is loaded before the first clip is asked for. `close` empties the handle: what a failed test's traceback
    still refers to is then an empty shell.
    """

    spec: ModelSpec
    clips: Sequence[Clip]
    """The selected clips that the model is meant for."""
    conditions: RunConditions
    listeners: Sequence[Callable[[Observation], None]] = ()
    """Called with each observation as it is made."""
    twin: ModelHandle | None = None
    """The same model on the CPU in float32, to compare each text with; None where no self-check is asked for."""
    self_checks: dict[str, SelfCheck] = field(default_factory=dict)
    """How the twin compares, by clip id."""
    loaded: LoadedModel | None = field(default=None, repr=False)
    """How it was loaded; None before that."""
    load_error: ModelError | None = None
    """Why it did not load."""
    errors: dict[str, AsrlabError] = field(default_factory=dict, repr=False)
    """Why a clip gave no observation, by clip id."""
    _recognizer: Recognizer | None = field(default=None, repr=False)
    _observations: dict[str, Observation] = field(default_factory=dict, repr=False)

    @property
    def id(self) -> str:
        return self.spec.id

    def has_observed(self, clip: Clip) -> bool:
        """Whether the clip was transcribed before in this session."""
        return clip.id in self._observations

    def observe(self, clip: Clip, timer: Timer = call_rounds) -> Observation:
        """Transcribe a clip, or return what was observed when it was transcribed before.

        Raises:
            ClipError: the clip's audio cannot be used.
            ModelError: the model does not load.
            TranscriptionError: the engine failed on this clip.
        """
        if clip.id in self.errors:
            raise self.errors[clip.id]
        if clip.id not in self._observations:
            try:
                self._observations[clip.id] = self._observe(clip, timer)
            except AsrlabError as error:
                self.errors[clip.id] = error
                raise
            for listener in self.listeners:
                listener(self._observations[clip.id])
            self._compare_with_twin(clip)
        return self._observations[clip.id]

    def close(self) -> None:
        """Let go of the weights, and of the twin's."""
        if self.twin is not None:
            self.twin.close()
        if self._recognizer is not None:
            self._recognizer.close()
            self._recognizer = None
            gc.collect()

    def _compare_with_twin(self, clip: Clip) -> None:
        own = self._observations[clip.id]
        if self.twin is None or (own.loaded.device, own.loaded.compute_type) == EXACT:
            return
        other = self.twin.observe(clip)
        self.self_checks[clip.id] = SelfCheck(
            same_text=own.hypothesis == other.hypothesis, speedup=other.latency_s / own.latency_s
        )

    def _observe(self, clip: Clip, timer: Timer) -> Observation:
        from asrlab_pytest.corpus.audio import load_audio
        from asrlab_pytest.measure.resources import ResourceMonitor

        audio = load_audio(clip)
        recognizer, loaded = self._ready(clip, audio)
        stopwatch = Stopwatch(recognizer, audio, self.spec.language or clip.language)
        with lenient_warnings(), ResourceMonitor() as resources:
            self._guarded(clip, lambda: timer(stopwatch, self.conditions.rounds))
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
            reference=clip.text,
            reference_entities=clip.entities,
            keywords=clip.keywords,
            transcript=stopwatch.transcript,
            latencies_s=tuple(stopwatch.latencies_s),
            cpu_percent=100 * resources.cpu_seconds / sum(stopwatch.latencies_s),
            peak_rss_bytes=resources.peak_rss_bytes,
            device_memory_bytes=recognizer.device_memory_bytes(),
        )

    def _ready(self, clip: Clip, audio: Audio) -> tuple[Recognizer, LoadedModel]:
        """The loaded and warmed-up recognizer. A model that did not load is not tried again."""
        if self.load_error is not None:
            raise self.load_error
        if self._recognizer is None or self.loaded is None:
            try:
                self._recognizer, self.loaded = load(
                    self.spec, self.conditions, audio, self.spec.language or clip.language
                )
            except ModelError as error:
                self.load_error = error
                raise
        return self._recognizer, self.loaded

    def _guarded(self, clip: Clip, call: Callable[[], object]) -> None:
        try:
            call()
        except AsrlabError:
            raise
        except Exception as error:
            raise TranscriptionError(
                f"model {self.spec.id} failed on clip {clip.id}: {type(error).__name__}: {error}",
                mend=f"try the clip alone: pytest --asr-model {self.spec.id} --asr-clip {clip.id}",
            ) from error


class Stopwatch:
    """A call that transcribes once and times it. Decoding the audio file lies outside."""

    def __init__(self, recognizer: Recognizer, audio: Audio, language: str | None) -> None:
        self._recognizer = recognizer
        self._audio = audio
        self._language = language
        self.transcript: Transcript | None = None
        self.latencies_s: list[float] = []

    def __call__(self) -> None:
        self._recognizer.synchronize()
        start = time.perf_counter()
        self.transcript = self._recognizer.transcribe(self._audio.samples, self._language)
        self._recognizer.synchronize()
        self.latencies_s.append(time.perf_counter() - start)
