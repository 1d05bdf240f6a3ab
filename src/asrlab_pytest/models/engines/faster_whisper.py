"""faster-whisper: Whisper on CTranslate2, on CPU and CUDA. There is no build for Apple GPUs."""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.engine import Segment, Transcript, Weights, Word
from asrlab_pytest.models.engines.common import (
    check_options,
    hash_files,
    literal,
    package_missing,
    physical_cores,
    plain,
    weights_missing,
)
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Readiness, Status

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DECODING: dict[str, Any] = {
    "task": "transcribe",
    "temperature": 0.0,
    "beam_size": 1,
    "best_of": 1,
    "condition_on_previous_text": False,
    "vad_filter": False,
}
"""Greedy, no temperature fallback, no text carried over: the same as every other engine."""

FILES = ("config.json", "model.bin", "tokenizer.json")
_ALLOWED = (*FILES, "preprocessor_config.json", "vocabulary.*")
_OWN_OPTIONS = ("batched", "batch_size", "cpu_threads", "num_workers", "device_index", "download_root")


class FasterWhisper:
    """Weights are a size name, a hub id (``owner/name``), or a local CTranslate2 folder.

    Options are those of ``WhisperModel.transcribe``, and for loading ``cpu_threads`` (the physical cores by
    default), ``num_workers``, ``device_index``, ``download_root``, and ``batched = true`` with ``batch_size`` for the
    batched pipeline, which cuts at pauses and so decodes differently.
    """

    name = "faster-whisper"
    devices: tuple[Device, ...] = ("cuda", "cpu")

    def status(self, spec: ModelSpec) -> Status:
        missing = package_missing("faster_whisper", "faster-whisper")
        if missing:
            return missing
        mend = f"correct weights in [tool.asrlab.models.{spec.id}]"
        if _is_folder(spec):
            absent = [name for name in FILES if not (Path(spec.weights) / name).is_file()]
            if absent:
                reason = f"{spec.weights} is no CTranslate2 Whisper folder: it lacks {', '.join(absent)}"
                return Status(Readiness.BROKEN, reason, mend)
            return READY
        if spec.weights not in _repositories() and not _is_hub_id(spec):
            sizes = ", ".join(_repositories())
            reason = f"{spec.weights!r} is neither a size of faster-whisper ({sizes}), nor a hub id, nor a folder"
            return Status(Readiness.BROKEN, reason, mend)
        if _snapshot(spec) is None:
            return weights_missing(spec, f"{_repository(spec)} is not in the Hugging Face cache")
        return READY

    def resolve_compute_type(self, spec: ModelSpec, device: Device) -> str:
        import ctranslate2

        supported = sorted(ctranslate2.get_supported_compute_types(device))
        chosen = spec.compute_type or ("float16" if device == "cuda" and "float16" in supported else "float32")
        if chosen not in supported:
            raise ModelError(
                f"model {spec.id}: this {device} computes in {', '.join(supported)}, not {chosen}",
                mend=f"correct compute_type in [tool.asrlab.models.{spec.id}]",
            )
        return chosen

    def weights(self, spec: ModelSpec) -> Weights:
        status = self.status(spec)
        if not status.is_ready:
            raise ModelError(f"model {spec.id}: {status}", mend=status.mend)
        if not _is_folder(spec):
            snapshot = _snapshot(spec)
            assert snapshot is not None
            return Weights(location=snapshot, revision=snapshot.name)
        folder = Path(spec.weights)
        return Weights(location=folder, sha256=hash_files(tuple(path for path in folder.iterdir() if path.is_file())))

    def load(self, spec: ModelSpec, device: Device) -> FasterWhisperRecognizer:
        return FasterWhisperRecognizer(
            spec, self.weights(spec).location, device, self.resolve_compute_type(spec, device)
        )

    def download_url(self, spec: ModelSpec) -> str | None:
        if _is_folder(spec):
            return None
        endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
        return f"{endpoint}/{_repository(spec)}/resolve/{spec.revision or 'main'}/config.json"

    def pull(self, spec: ModelSpec) -> Path:
        if _is_folder(spec):
            return self.weights(spec).location
        import huggingface_hub

        try:
            return Path(
                huggingface_hub.snapshot_download(
                    _repository(spec),
                    revision=spec.revision,
                    cache_dir=_download_root(spec),
                    allow_patterns=list(_ALLOWED),
                )
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"model {spec.id}: {_repository(spec)} cannot be downloaded: {str(error).splitlines()[0]}",
                mend=f"where the network allows it: asrlab pull {spec.id}",
            ) from None


class FasterWhisperRecognizer:
    """A loaded CTranslate2 Whisper model."""

    def __init__(self, spec: ModelSpec, folder: Path, device: Device, compute_type: str) -> None:
        import faster_whisper

        options = dict(spec.options)
        batched = bool(options.pop("batched", False))
        loading = {
            "cpu_threads": int(options.pop("cpu_threads", physical_cores())),
            "num_workers": int(options.pop("num_workers", 1)),
            "device_index": options.pop("device_index", 0),
        }
        options.pop("download_root", None)
        pipeline = faster_whisper.BatchedInferencePipeline if batched else faster_whisper.WhisperModel
        check_options(spec, _known_options(pipeline))
        try:
            self._model: Any = faster_whisper.WhisperModel(
                str(folder), device=device, compute_type=compute_type, local_files_only=True, **loading
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(
                f"model {spec.id}: CTranslate2 does not load {folder}: {str(error).splitlines()[0]}",
                mend=f"asrlab pull {spec.id}" if not _is_folder(spec) else "convert the model again",
            ) from None
        self.device = device
        self.compute_type: str = self._model.model.compute_type
        self._decoding = {**DECODING, **options}
        if batched:
            self._decoding.setdefault("batch_size", 8)
        self._transcribe = pipeline(self._model).transcribe if batched else self._model.transcribe
        self.settings = {**plain(self._decoding), **loading, "batched": batched}

    def transcribe(self, samples: NDArray[np.float32], language: str | None) -> Transcript:
        lazy, info = self._transcribe(samples, language=language, **self._decoding)
        segments = tuple(_segment(segment) for segment in lazy)
        return Transcript(text="".join(segment.text for segment in segments), segments=segments, language=info.language)

    def synchronize(self) -> None:
        """CTranslate2 hands its results over on the host, so its work is done when they are there."""

    def device_memory_bytes(self) -> None:
        """CTranslate2 has no such counter."""
        return

    def close(self) -> None:
        self._transcribe = None
        self._model = None


def _segment(segment: Any) -> Segment:
    words = tuple(
        Word(text=word.word, start=float(word.start), end=float(word.end), probability=float(word.probability))
        for word in segment.words or ()
    )
    details = ("avg_logprob", "compression_ratio", "no_speech_prob", "temperature")
    return Segment(
        text=segment.text,
        start=float(segment.start),
        end=float(segment.end),
        words=words,
        details={name: float(getattr(segment, name) or 0.0) for name in details},
    )


def _known_options(pipeline: type) -> set[str]:
    parameters = inspect.signature(pipeline.transcribe).parameters.keys()  # type: ignore[attr-defined]
    return {*parameters - {"self", "audio", "language", "log_progress"}, *_OWN_OPTIONS}


def _repositories() -> dict[str, str]:
    repositories: dict[str, str] = literal("faster_whisper", "utils.py", "_MODELS")
    return repositories


def _repository(spec: ModelSpec) -> str:
    return _repositories().get(spec.weights, spec.weights)


def _is_folder(spec: ModelSpec) -> bool:
    """A path, even of a folder that is not there: a hub id has one slash and no leading dot, slash or tilde."""
    return Path(spec.weights).is_dir() or spec.weights.startswith((".", "/", "~")) or spec.weights.count("/") > 1


def _is_hub_id(spec: ModelSpec) -> bool:
    return spec.weights.count("/") == 1


def _download_root(spec: ModelSpec) -> str | None:
    root = spec.options.get("download_root")
    return str(Path(root).expanduser()) if root else None


def _snapshot(spec: ModelSpec) -> Path | None:
    """The folder of the downloaded revision, where all of its files are there."""
    import huggingface_hub

    paths = [
        huggingface_hub.try_to_load_from_cache(
            _repository(spec), name, cache_dir=_download_root(spec), revision=spec.revision
        )
        for name in FILES
    ]
    found = [Path(path) for path in paths if isinstance(path, str)]
    return found[0].parent if len(found) == len(FILES) else None
