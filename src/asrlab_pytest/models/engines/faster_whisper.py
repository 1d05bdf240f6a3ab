"""faster-whisper: Whisper on CTranslate2, on CPU and CUDA. There is no build for Apple GPUs."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from asrlab_pytest.errors import ModelError, TranscriptionError
from asrlab_pytest.languages import from_whisper, whisper_code
from asrlab_pytest.models.convert import convert_checkpoint
from asrlab_pytest.models.engine import Recognizer, Segment, Transcript, Weights
from asrlab_pytest.models.options import check_names
from asrlab_pytest.models.profile import in_force
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import (
    conversions,
    defaults,
    extra,
    first_line,
    hash_files,
    hash_folder,
    literal,
    modules_missing,
    package_missing,
    physical_cores,
    plain,
    refuse_unready,
    tilde,
    whisper_compute_type,
    whisper_options,
)
from asrlab_pytest.models.support.formats import checkpoint_status, foreign
from asrlab_pytest.models.support.hub_files import (
    CTRANSLATE2,
    CTRANSLATE2_ALL,
    HubEngine,
    is_folder,
    weights_hint,
)
from asrlab_pytest.models.support.whisper import knows, refuse_other_than_english, segment_of
from asrlab_pytest.waveform import SAMPLE_RATE, Waveform

_LOAD_OPTIONS = ("batched", "cpu_threads", "num_workers", "device_index", "download_root")
_FASTEST: dict[Device, tuple[str, ...]] = {
    "cuda": ("float16", "float32"),
    "cpu": ("int8", "float32"),
}


class FasterWhisper(HubEngine):
    """Weights are a size name, a hub id (``owner/name``), or a local CTranslate2 folder.

    A ``.pt`` checkpoint of openai-whisper is taken too, and converted when it is first needed.

    Options are those of ``WhisperModel.transcribe``, and for loading ``cpu_threads`` (the physical cores by
    default), ``num_workers``, ``device_index``, ``download_root``, and ``batched = true`` with ``batch_size`` for the
    batched pipeline, which cuts each clip at pauses and so decodes differently.

    Clips in one call (the model's own ``batch_size``) go through the batched pipeline too, each uncut: one temperature,
    and no text carried over. Clips of 30 s or more, and all clips if pauses are removed or the language is
    detected, are transcribed one at a time.
    """

    name = "faster-whisper"
    devices: tuple[Device, ...] = ("cuda", "cpu")
    options = None
    modules = ("faster_whisper",)
    install = extra("faster-whisper")
    packages = ("faster-whisper", "ctranslate2")
    files = CTRANSLATE2_ALL
    needed = CTRANSLATE2
    short_name = "size"

    def repositories(self) -> Mapping[str, str]:
        repositories: dict[str, str] = literal("faster_whisper", "utils.py", "_MODELS")
        return repositories

    def status(self, spec: ModelSpec) -> Status:
        if not _is_checkpoint(spec):
            return super().status(spec)
        return modules_missing(self.modules, self.install) or _checkpoint_status(spec)

    def folder_status(self, spec: ModelSpec, folder: Path) -> Status:
        absent = [name for name in CTRANSLATE2 if not (folder / name).is_file()]
        if not absent:
            return READY
        reason = f"{tilde(folder)} is not a CTranslate2 Whisper folder: it lacks {', '.join(absent)}"
        return foreign(spec, folder) or Status(Readiness.BROKEN, reason, weights_hint(spec))

    def knows_language(self, spec: ModelSpec, language: str) -> bool:
        return knows(spec, language, literal("faster_whisper", "tokenizer.py", "_LANGUAGE_CODES"))

    def resolve_compute_type(self, spec: ModelSpec, device: Device) -> str:
        import ctranslate2

        supported = sorted(ctranslate2.get_supported_compute_types(device))
        chosen = spec.compute_type or spec.profile.compute_type or whisper_compute_type(spec, device)
        if chosen == "fastest":
            chosen = next(name for name in _FASTEST[device] if name in supported)
        if chosen not in supported:
            raise ModelError(
                f"model {spec.id}: this {device} computes in {', '.join(supported)}, not {chosen}",
                hint=f"correct compute_type in [tool.asrlab.models.{spec.name}]",
            )
        return chosen

    def weights(self, spec: ModelSpec) -> Weights:
        if not _is_checkpoint(spec):
            return super().weights(spec)
        refuse_unready(spec, self.status(spec))
        sha256 = hash_files((Path(spec.weights),))
        return Weights(location=_converted(Path(spec.weights), sha256), sha256=sha256)

    def digest(self, folder: Path) -> str:
        return hash_folder(folder)

    def load(self, spec: ModelSpec, device: Device) -> FasterWhisperRecognizer:
        return FasterWhisperRecognizer(
            spec, self.weights(spec).location, device, self.resolve_compute_type(spec, device)
        )

    def is_local(self, spec: ModelSpec) -> bool:
        return _is_checkpoint(spec) or is_folder(spec)

    def discard(self, spec: ModelSpec) -> None:
        if _is_checkpoint(spec) and Path(spec.weights).is_file():
            shutil.rmtree(_conversion(Path(spec.weights), hash_files((Path(spec.weights),))), ignore_errors=True)
        super().discard(spec)


class FasterWhisperRecognizer(Recognizer):
    """A loaded CTranslate2 Whisper model."""

    is_cyclic = False

    def __init__(self, spec: ModelSpec, folder: Path, device: Device, compute_type: str) -> None:
        import faster_whisper

        batched = bool(spec.options.get("batched", False))
        loading = _load_options(spec)
        pipeline = faster_whisper.BatchedInferencePipeline if batched else faster_whisper.WhisperModel
        check_names(spec, _known_options(pipeline))
        try:
            self._model: Any = faster_whisper.WhisperModel(
                str(folder), device=device, compute_type=compute_type, local_files_only=True, **loading
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(
                f"model {spec.id}: CTranslate2 does not load {tilde(folder)}: {first_line(error)}",
                hint=_hint(spec),
            ) from None
        self.device = device
        self._spec = spec
        self.compute_type: str = self._model.model.compute_type
        self._options = _decode_options(spec) | (_batched_options(spec) if batched else {})
        self._transcribe = pipeline(self._model).transcribe if batched else self._model.transcribe
        self._together = faster_whisper.BatchedInferencePipeline(self._model).transcribe
        self.settings = {**plain(self._options), **loading, "batched": batched}
        self._in_force = {**defaults(self._transcribe), **self._options}
        options = dict(self._in_force)
        if batched or (spec.batch_size > 1 and not options["vad_filter"]):
            options |= _ignored_when_batched(options)
        self.decoding = in_force(options, vad=options["vad_filter"], threads=loading["cpu_threads"])

    def transcribe(self, samples: Waveform, language: str | None) -> Transcript:
        refuse_other_than_english(self._spec, language, is_multilingual=self._model.model.is_multilingual)
        self._refuse_uncut(len(samples) / SAMPLE_RATE)
        lazy, info = self._transcribe(samples, language=whisper_code(language), **self._options)
        return _transcript([_segment(segment) for segment in lazy], from_whisper(info.language, language))

    def transcribe_batch(self, batch: Sequence[Waveform], language: str | None) -> list[Transcript]:
        places = [place for place, samples in enumerate(batch) if _fits(samples)]
        if not self._can_batch(language) or len(places) == 1:
            places = []
        together = self._transcribe_slots([batch[place] for place in places], language) if places else []
        written = dict(zip(places, together, strict=True))
        return [written.get(place) or self.transcribe(samples, language) for place, samples in enumerate(batch)]

    def _refuse_uncut(self, seconds: float) -> None:
        """Raises TranscriptionError for a clip that the batched pipeline would have to cut at pauses, and may not."""
        window = self._in_force.get("chunk_length") or SLOT
        is_cut = self._in_force["vad_filter"] or self._in_force.get("clip_timestamps")
        if self.settings["batched"] and not is_cut and seconds >= window:
            raise TranscriptionError(
                f"model {self._spec.id}: with vad_filter = false, the batched pipeline transcribes only clips of less "
                f"than {window} s, and this one has {seconds:.1f} s",
                hint=f"remove vad_filter or batched from the options of [tool.asrlab.models.{self._spec.name}]",
            )

    def _can_batch(self, language: str | None) -> bool:
        is_known = language is not None or not self._model.model.is_multilingual
        return is_known and not self._in_force["vad_filter"] and "clip_timestamps" not in self._options

    def _transcribe_slots(self, clips: Sequence[Waveform], language: str | None) -> list[Transcript]:
        refuse_other_than_english(self._spec, language, is_multilingual=self._model.model.is_multilingual)
        known = inspect.signature(self._together).parameters
        options = {name: value for name, value in self._in_force.items() if name in known}
        slot_options = {
            "language": whisper_code(language),
            "clip_timestamps": _places(clips),
            "batch_size": len(clips),
            "vad_filter": False,
        }
        lazy, info = self._together(_joined(clips), **{**options, **slot_options})
        detected = from_whisper(info.language, language)
        return [
            _transcript([_segment(segment).moved(-SLOT * slot) for segment in segments], detected)
            for slot, segments in enumerate(_by_slot(filter(self._is_speech, lazy), len(clips)))
        ]

    def _is_speech(self, segment: Any) -> bool:
        """The silence rule of single calls, which the pipeline does not apply."""
        limit, least = self._in_force["no_speech_threshold"], self._in_force["log_prob_threshold"]
        is_silent = limit is not None and segment.no_speech_prob > limit
        return not is_silent or (least is not None and segment.avg_logprob > least)

    def close(self) -> None:
        self._transcribe = self._together = None
        self._model = None


def _hint(spec: ModelSpec) -> str:
    """How to repair weights that do not load: downloaded or converted again, unless they are a folder of the user."""
    is_own = is_folder(spec) and not _is_checkpoint(spec)
    return weights_hint(spec) if is_own else f"asrlab pull --again {spec.name}"


def _load_options(spec: ModelSpec) -> dict[str, Any]:
    return {
        "cpu_threads": int(spec.options.get("cpu_threads", spec.profile.threads or physical_cores())),
        "num_workers": int(spec.options.get("num_workers", 1)),
        "device_index": spec.options.get("device_index", 0),
    }


def _decode_options(spec: ModelSpec) -> dict[str, Any]:
    """What the package's `transcribe` is called with: the profile, then the model's own options."""
    profile = spec.profile
    options = whisper_options(profile)
    if profile.beam_size is not None:
        options |= {"beam_size": profile.beam_size, "best_of": profile.beam_size}
    if profile.vad is not None:
        options["vad_filter"] = profile.vad
    decode_options = {name: value for name, value in spec.options.items() if name not in _LOAD_OPTIONS}
    return {**options, **decode_options}


def _batched_options(spec: ModelSpec) -> dict[str, Any]:
    """The batched pipeline cuts audio of 30 s and more at pauses, and fails where it may not look for them."""
    return {} if "vad_filter" in spec.options else {"vad_filter": True}


def _ignored_when_batched(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the batched pipeline does instead of these options: one temperature, and no text carried over."""
    temperature = options["temperature"]
    first = temperature[0] if isinstance(temperature, (list, tuple)) else temperature
    return {"temperature": first, "condition_on_previous_text": False}


def _transcript(segments: Sequence[Segment], language: str | None) -> Transcript:
    return Transcript(text="".join(segment.text for segment in segments), segments=tuple(segments), language=language)


def _segment(segment: Any) -> Segment:
    return segment_of({**vars(segment), "words": map(vars, segment.words or ())})


def _known_options(pipeline: type) -> set[str]:
    parameters = inspect.signature(pipeline.transcribe).parameters.keys()  # type: ignore[attr-defined]
    return {*parameters - {"self", "audio", "language", "log_progress"}, *_LOAD_OPTIONS}


def _checkpoint_status(spec: ModelSpec) -> Status:
    path = Path(spec.weights)
    if not path.is_file():
        return Status(Readiness.WEIGHTS_MISSING, f"no file {tilde(path)}", weights_hint(spec))
    return package_missing("whisper", "whisper") or checkpoint_status(spec, path)


def _is_checkpoint(spec: ModelSpec) -> bool:
    """Whether the weights are openai-whisper's, to be converted when they are first needed."""
    return spec.weights.endswith(".pt")


def _converted(checkpoint: Path, sha256: str) -> Path:
    """The CTranslate2 folder of a checkpoint, made once for these very bytes and this version of the converter."""
    folder = _conversion(checkpoint, sha256)
    return folder if folder.is_dir() else convert_checkpoint(checkpoint, folder)


def _conversion(checkpoint: Path, sha256: str) -> Path:
    return conversions("ctranslate2") / f"{checkpoint.stem}-{sha256[:16]}-{version('asrlab-pytest')}"


SLOT = 30
"""Seconds that Whisper reads at once, and the length of a slot."""
FRAMES = 100
"""The pipeline's frames per second."""


def _fits(samples: Waveform) -> bool:
    """Whether a clip can share a call: the pipeline splits longer ones at their pauses."""
    return len(samples) < SLOT * SAMPLE_RATE


def _joined(clips: Sequence[Waveform]) -> Waveform:
    """One audio array in which each clip is at the start of its slot."""
    import numpy as np

    audio = np.zeros((len(clips), SLOT * SAMPLE_RATE), dtype=np.float32)
    for slot, samples in zip(audio, clips, strict=True):
        slot[: len(samples)] = samples
    return audio.reshape(-1)


def _places(clips: Sequence[Waveform]) -> list[dict[str, float]]:
    """Start and end of each clip in seconds; half a sample more at the end, because the pipeline rounds down."""
    return [
        {"start": SLOT * slot, "end": SLOT * slot + (len(samples) + 0.5) / SAMPLE_RATE}
        for slot, samples in enumerate(clips)
    ]


def _by_slot(segments: Iterable[Any], count: int) -> list[list[Any]]:
    """The pipeline's segments of each slot, which are told apart by the frame at which it begins."""
    slots: list[list[Any]] = [[] for _ in range(count)]
    for segment in segments:
        slots[segment.seek // (SLOT * FRAMES)].append(segment)
    return slots
