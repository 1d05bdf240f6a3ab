"""One model in one session: loads it when first needed, transcribes each clip once, and lets go of its weights."""

from __future__ import annotations

import gc
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Protocol

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import AsrlabError, ModelError, TranscriptionError
from asrlab_pytest.measure.observation import LoadedModel, Observation
from asrlab_pytest.models.device import Placement, place
from asrlab_pytest.models.engine import Engine, Recognizer, Transcript, engine
from asrlab_pytest.models.spec import Device, ModelSpec

if TYPE_CHECKING:
    from asrlab_pytest.corpus.audio import Audio

WARM_UP_SECONDS = 1.0
"""How much of the first clip a model is warmed up on."""


class Timer(Protocol):
    """Calls `target` once a round, and may time it in its own way too."""

    def __call__(self, target: Callable[[], None], rounds: int) -> None: ...


def call_rounds(target: Callable[[], None], rounds: int) -> None:
    """Call the target once a round, and leave the timing to the stopwatch inside it."""
    for _ in range(rounds):
        target()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunConditions:
    """What is the same for every model of a run."""

    corpus: str
    device: Device = "auto"
    require_device: bool = False
    rounds: int = 1
    warmup: int = 1
    """Transcriptions before the first one that counts, for each model."""


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
    load_s: float | None = None
    warmup_s: float | None = None
    """Time of the warm-up transcriptions."""
    load_error: ModelError | None = None
    """Why it did not load."""
    errors: dict[str, AsrlabError] = field(default_factory=dict, repr=False)
    """Why a clip gave no observation, by clip id."""
    _recognizer: Recognizer | None = field(default=None, repr=False)
    _loaded: LoadedModel | None = field(default=None, repr=False)
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
        if self._recognizer is None or self._loaded is None:
            try:
                self._recognizer, self._loaded = self._load()
            except ModelError as error:
                self.load_error = error
                raise
            self._prove(clip, audio)
            self._warm_up(clip, audio)
        return self._recognizer, self._loaded

    def _load(self) -> tuple[Recognizer, LoadedModel]:
        adapter = engine(self.spec.engine)
        requested = self.spec.device or self.conditions.device
        placement = place(requested, adapter.devices)
        if placement.is_fallback and self.conditions.require_device:
            raise _refused(self.spec, placement)
        weights = adapter.weights(self.spec)
        with lenient_warnings():
            adapter.prepare()
        start = time.perf_counter()
        recognizer = self._loaded_by(adapter, placement.used)
        recognizer.synchronize()
        self.load_s = time.perf_counter() - start
        if recognizer.device != placement.used and self.conditions.require_device:
            recognizer.close()
            raise _refused(self.spec, Placement(requested, recognizer.device, f"{adapter.name} did not take it"))
        return recognizer, LoadedModel(
            model=self.spec.id,
            engine=self.spec.engine,
            engine_version=engine_version(self.spec.engine),
            weights_sha256=weights.sha256,
            weights_revision=weights.revision,
            device_requested=requested,
            device=recognizer.device,
            compute_type=recognizer.compute_type,
            settings=recognizer.settings,
            profile=self.spec.profile.name,
            decoding=recognizer.decoding,
            load_s=self.load_s,
        )

    def _loaded_by(self, adapter: Engine, device: Device) -> Recognizer:
        try:
            with lenient_warnings():
                return adapter.load(self.spec, device)
        except AsrlabError:
            raise
        except Exception as error:
            raise ModelError(
                f"model {self.spec.id}: engine {self.spec.engine} does not load it on {device}: "
                f"{type(error).__name__}: {error}",
                mend="see its status with: asrlab models",
            ) from error

    def _prove(self, clip: Clip, audio: Audio) -> None:
        assert self._recognizer is not None
        try:
            with lenient_warnings():
                self._recognizer.prove(audio.samples, self.spec.language or clip.language)
        except ModelError as error:
            self.load_error = error
            self.close()
            raise

    def _warm_up(self, clip: Clip, audio: Audio) -> None:
        """First inferences pay for compiled kernels and caches; they are timed apart."""
        from asrlab_pytest.corpus.audio import SAMPLE_RATE

        assert self._recognizer is not None
        language = self.spec.language or clip.language
        beginning = audio.samples[: int(WARM_UP_SECONDS * SAMPLE_RATE)]
        recognizer = self._recognizer
        start = time.perf_counter()
        with lenient_warnings():
            for _ in range(self.conditions.warmup):
                self._guarded(clip, lambda: recognizer.transcribe(beginning, language))
            recognizer.synchronize()
        self.warmup_s = time.perf_counter() - start

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


@contextmanager
def lenient_warnings() -> Iterator[None]:
    """Engines warn of their own innards: shown, but never an error, whatever the project's warning filters say."""
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.simplefilter("ignore", ResourceWarning)
        yield


def engine_version(name: str) -> str:
    """Version of the package behind an engine; empty where the engine is no package of its name."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _refused(spec: ModelSpec, placement: Placement) -> ModelError:
    return ModelError(
        f"model {spec.id}: device {placement.requested} was required, but it would run on "
        f"{placement.used} ({placement.reason})",
        mend="choose a device that is there by --asr-device, or leave out --asr-require-device",
    )
