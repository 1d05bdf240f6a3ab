"""Loads a model for a run: on its device, proved and warmed up, each of these timed apart from inference."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from asrlab_pytest.errors import AsrlabError, ModelError
from asrlab_pytest.inference.boundary import loaded_by_engine, recordable
from asrlab_pytest.inference.limit import LEAST_WARM_UP, before_the_first, limited, overrun
from asrlab_pytest.measure.clock import SteadyClock
from asrlab_pytest.models.contained import EngineQuit, contained
from asrlab_pytest.models.device import Placement, place
from asrlab_pytest.models.engine import Loaded, Recognizer, engine, engine_version
from asrlab_pytest.models.spec import Device, ModelSpec
from asrlab_pytest.models.status import weights_of
from asrlab_pytest.progress import step
from asrlab_pytest.records.model import LoadedModel
from asrlab_pytest.secrets import redacted
from asrlab_pytest.tasks import NOUNS
from asrlab_pytest.visible import error_words
from asrlab_pytest.waveform import SAMPLE_RATE

if TYPE_CHECKING:
    from asrlab_pytest.corpus.audio import Audio

WARM_UP_SECONDS = 1.0
"""How much of the first clip a model is warmed up on."""
REFUSED = "the engine did not take it"
_AnyLoaded = TypeVar("_AnyLoaded", bound=Loaded)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunConditions:
    """What is the same for every model of a run."""

    corpus: str
    device: Device = "auto"
    require_device: bool = False
    rounds: int = 1
    warmup: int = 1
    """Transcriptions before the first one that counts, for each model."""
    timeout_s: float | None = None
    """Seconds that a model may take for a clip; None for no limit."""
    root: Path | None = None
    """The project's folder: a path in it is the same on every machine."""


def recognizer_maker(
    spec: ModelSpec, conditions: RunConditions, first: Audio, language: str | None
) -> Callable[[Recognizer], float]:
    """What makes a model that transcribes ready to be timed.

    Args:
        spec: The model.
        conditions: Warm-up of the run.
        first: The first clip: what a doubtful number format is proved on, and its beginning what warms up.
        language: The language of the first clip.
    """

    def make_ready(recognizer: Recognizer) -> float:
        _prove(spec, recognizer, first, language)
        beginning = first.samples[: int(WARM_UP_SECONDS * SAMPLE_RATE)]

        def transcribe() -> object:
            if spec.batch_size > 1 and takes_batches(recognizer):
                return recognizer.transcribe_batch([beginning] * spec.batch_size, language)
            return recognizer.transcribe(beginning, language)

        return warm_up(recognizer, transcribe, conditions.warmup)

    return make_ready


def takes_batches(recognizer: Loaded) -> bool:
    """Whether the engine has its own batch call; the default loops over the clips, which would hide their times."""
    return bool(getattr(recognizer, "takes_batches", False))


def load(
    spec: ModelSpec, conditions: RunConditions, make_ready: Callable[[_AnyLoaded], float]
) -> tuple[_AnyLoaded, LoadedModel]:
    """Load a model on its device.

    Args:
        spec: The model.
        conditions: Device of the run.
        make_ready: Called with the loaded model; proves it and warms it up, and returns the seconds of the latter.

    Raises:
        ModelError: it does not load, not on the device that is required, or `make_ready` refuses it.
    """
    adapter = engine(spec.engine)
    requested = spec.device or conditions.device
    placement = place(requested, adapter.devices)
    _check_device(spec, placement, conditions)
    weights = weights_of(spec)
    limit_s, first = conditions.timeout_s, f"the first {NOUNS[spec.task]}"
    with lenient_warnings():
        loading = overrun(spec, first, before_the_first(limit_s), noun="its way to")
        with limited(loading), step(f"loading {spec.id}"):
            loaded, load_s = _loaded(spec, placement.used, conditions)
        try:
            _check_device(spec, Placement(requested, loaded.device, placement.reason or REFUSED), conditions)
            with limited(overrun(spec, first, before_the_first(limit_s, LEAST_WARM_UP), noun="its warm-up for")):
                warmup_s = make_ready(cast("_AnyLoaded", loaded))
        except BaseException:
            loaded.close()
            raise
    return cast("_AnyLoaded", loaded), LoadedModel(
        model=spec.id,
        engine=spec.engine,
        engine_version=engine_version(adapter),
        weights_sha256=weights.sha256,
        weights_revision=weights.revision,
        device_requested=requested,
        device=loaded.device,
        compute_type=loaded.compute_type,
        settings=redacted(recordable(spec, "settings", loaded.settings)),
        profile=spec.profile.name,
        decoding=redacted(recordable(spec, "decoding", loaded.decoding)),
        load_s=load_s,
        warmup_s=warmup_s,
    )


def _loaded(spec: ModelSpec, device: Device, conditions: RunConditions) -> tuple[Loaded, float]:
    """The model, in this process or in one of its own, and the seconds that its weights took."""
    if not spec.isolate:
        guarded, load_s = loaded_by_engine(spec, device)
        return cast("Loaded", guarded), load_s
    from asrlab_pytest.inference.isolated import Isolated, ProcessEnded

    try:
        isolated = Isolated(spec, device, conditions.timeout_s)
    except ProcessEnded as error:
        raise ModelError(f"model {spec.id}: {error}", hint="see its status with: asrlab models") from None
    return isolated, isolated.load_s


def _prove(spec: ModelSpec, recognizer: Recognizer, first: Audio, language: str | None) -> None:
    try:
        with contained():
            recognizer.prove(first.samples, language)
    except AsrlabError:
        raise
    except Exception as error:
        raise ModelError(
            f"model {spec.id}: its {recognizer.compute_type} on {recognizer.device} cannot be proved: "
            f"{error_words(error)}",
            hint=f'compute_type = "float32" in [tool.asrlab.models.{spec.name}]',
        ) from error


def warm_up(loaded: Loaded, call: Callable[[], object], times: int) -> float:
    """Pay for compiled kernels and caches before anything is timed; the seconds that it took."""
    start = SteadyClock.seconds()
    for _ in range(times):
        try:
            with contained():
                call()
        except Exception as error:
            # What breaks the engine breaks it again when it counts, and is reported then. But a time limit of another
            # plugin, which fails the test, comes only once: the next call would have none.
            if isinstance(error, EngineQuit) and type(error.__cause__).__name__ == "Failed":
                raise
    loaded.synchronize()
    return SteadyClock.seconds() - start


@contextmanager
def lenient_warnings() -> Iterator[None]:
    """Engines warn of their own innards: shown, but never an error, whatever the project's warning filters say."""
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.simplefilter("ignore", ResourceWarning)
        yield


def _check_device(spec: ModelSpec, placement: Placement, conditions: RunConditions) -> None:
    if placement.is_fallback and conditions.require_device:
        raise ModelError(
            f"model {spec.id}: device {placement.requested} was required, but it would run on "
            f"{placement.used} ({placement.reason})",
            hint="choose a device that is there with --asr-device, or leave out --asr-require-device",
        )
