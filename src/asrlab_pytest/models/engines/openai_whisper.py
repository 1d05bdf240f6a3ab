"""openai-whisper: OpenAI's own PyTorch implementation, on CPU, CUDA and Apple GPUs."""

from __future__ import annotations

import dataclasses
import inspect
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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
    tilde,
    weights_missing,
)
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Readiness, Status

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DECODING: dict[str, Any] = {
    "task": "transcribe",
    "temperature": 0.0,
    "beam_size": None,
    "condition_on_previous_text": False,
}
"""Greedy, no temperature fallback, no text carried over: the same as every other engine."""

COMPUTE_TYPES = ("float32", "float16")
_OWN_OPTIONS = ("download_root", "threads")


class OpenAIWhisper:
    """Weights are a size name (``tiny`` ... ``large-v3``, ``turbo``) or a local ``.pt`` checkpoint.

    Options are those of ``whisper.transcribe`` and ``whisper.DecodingOptions``, and two of our own:
    ``download_root`` (folder of the named weights) and ``threads`` (CPU threads; the physical cores by default).
    """

    name = "openai-whisper"
    devices: tuple[Device, ...] = ("mps", "cuda", "cpu")

    def status(self, spec: ModelSpec) -> Status:
        missing = package_missing("whisper", "whisper") or package_missing("torch", "whisper")
        if missing:
            return missing
        if not _is_name(spec) and not _looks_like_file(spec):
            sizes = ", ".join(_urls())
            return Status(
                Readiness.BROKEN,
                f"{spec.weights!r} is neither a size of openai-whisper ({sizes}) nor a .pt file",
                f"correct weights in [tool.asrlab.models.{spec.id}]",
            )
        checkpoint = _checkpoint(spec)
        if checkpoint.is_file():
            return READY
        if _is_name(spec):
            return weights_missing(spec, f"no {checkpoint.name} in {tilde(checkpoint.parent)}")
        return Status(
            Readiness.WEIGHTS_MISSING, f"no file {checkpoint}", f"correct weights in [tool.asrlab.models.{spec.id}]"
        )

    def resolve_compute_type(self, spec: ModelSpec, device: Device) -> str:
        chosen = spec.compute_type or ("float16" if device == "cuda" else "float32")
        if chosen not in COMPUTE_TYPES or (chosen == "float16" and device == "cpu"):
            possible = "float32" if device == "cpu" else " or ".join(COMPUTE_TYPES)
            raise ModelError(
                f"model {spec.id}: openai-whisper on {device} computes in {possible}, not {chosen}",
                mend=f"correct compute_type in [tool.asrlab.models.{spec.id}]",
            )
        return chosen

    def weights(self, spec: ModelSpec) -> Weights:
        checkpoint = _checkpoint(spec)
        if not checkpoint.is_file():
            status = self.status(spec)
            raise ModelError(f"model {spec.id}: {status}", mend=status.mend)
        sha256 = hash_files((checkpoint,))
        if _is_name(spec) and sha256 != _expected_sha256(spec):
            raise ModelError(
                f"model {spec.id}: {checkpoint} is corrupt or incomplete (sha256 {sha256[:12]}..., "
                f"expected {_expected_sha256(spec)[:12]}...)",
                mend=f"asrlab pull {spec.id}",
            )
        return Weights(location=checkpoint, sha256=sha256)

    def load(self, spec: ModelSpec, device: Device) -> WhisperRecognizer:
        return WhisperRecognizer(spec, device, self.resolve_compute_type(spec, device))

    def download_url(self, spec: ModelSpec) -> str | None:
        return _urls()[spec.weights] if _is_name(spec) else None

    def pull(self, spec: ModelSpec) -> Path:
        if not _is_name(spec):
            return self.weights(spec).location
        try:
            return _download(_urls()[spec.weights], _checkpoint(spec))
        except (OSError, RuntimeError) as error:
            raise ModelError(
                f"model {spec.id}: {_urls()[spec.weights]} cannot be downloaded: {error}",
                mend=f"where the network allows it: asrlab pull {spec.id}",
            ) from None


class WhisperRecognizer:
    """A loaded openai-whisper model."""

    def __init__(self, spec: ModelSpec, device: Device, compute_type: str) -> None:
        import torch

        torch.set_num_threads(int(spec.options.get("threads", physical_cores())))
        self.device = device
        self.compute_type = compute_type
        self._spec = spec
        decoding = {name: value for name, value in spec.options.items() if name not in _OWN_OPTIONS}
        self._decoding = {**DECODING, **decoding, "fp16": compute_type == "float16"}
        check_options(spec, _known_options())
        self._model: Any = _load_checkpoint(spec, device)
        self.settings = {**plain(self._decoding), "threads": torch.get_num_threads()}

    def transcribe(self, samples: NDArray[np.float32], language: str | None) -> Transcript:
        with _dtw_on_cpu(enabled=self.device == "mps"):
            result = self._model.transcribe(samples, language=language, **self._decoding)
        return Transcript(
            text=result["text"],
            segments=tuple(_segment(segment) for segment in result["segments"]),
            language=result["language"],
        )

    def synchronize(self) -> None:
        import torch

        if self.device == "cuda":
            torch.cuda.synchronize()
        elif self.device == "mps":
            torch.mps.synchronize()

    def device_memory_bytes(self) -> int | None:
        import torch

        if self.device == "cuda":
            return int(torch.cuda.max_memory_allocated())
        return int(torch.mps.driver_allocated_memory()) if self.device == "mps" else None

    def close(self) -> None:
        import torch

        self._model = None
        if self.device == "cuda":
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()
        elif self.device == "mps":
            torch.mps.empty_cache()


def _download(url: str, target: Path) -> Path:
    """Download by the package's own code into a folder beside the target, so that a kill leaves no half file there."""
    import whisper
    from filelock import FileLock

    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.with_suffix(".lock")), tempfile.TemporaryDirectory(dir=target.parent) as folder:
        Path(whisper._download(url, folder, in_memory=False)).replace(target)
    return target


def _load_checkpoint(spec: ModelSpec, device: Device) -> Any:
    """Load by path: by name the package would hash the file again, and download what is corrupt."""
    import torch
    import whisper

    checkpoint = _checkpoint(spec)
    try:
        model = whisper.load_model(str(checkpoint), device="cpu")
    except Exception as error:  # noqa: BLE001 - a foreign file fails in any of a dozen ways
        raise ModelError(
            f"model {spec.id}: {checkpoint} is not a checkpoint of openai-whisper ({type(error).__name__}: "
            f"{str(error).splitlines()[0][:120] if str(error) else 'truncated?'})",
            mend=f"asrlab pull {spec.id}" if _is_name(spec) else f"correct weights in [tool.asrlab.models.{spec.id}]",
        ) from None
    heads = whisper._ALIGNMENT_HEADS.get(spec.weights if _is_name(spec) else checkpoint.stem)
    if heads is not None and _fits(model, heads):
        model.set_alignment_heads(heads)
    if device == "mps":
        # A sparse buffer cannot be moved to MPS before torch 2.9, and need not be: only its indices are read.
        model.alignment_heads = model._buffers.pop("alignment_heads")
    return model.to(torch.device(device))


def _fits(model: Any, heads: bytes) -> bool:
    """Whether packed alignment heads are for a decoder of this size."""
    import base64
    import gzip

    size: int = model.dims.n_text_layer * model.dims.n_text_head
    return len(gzip.decompress(base64.b85decode(heads))) == size


@contextmanager
def _dtw_on_cpu(*, enabled: bool) -> Iterator[None]:
    """Word timestamps use float64, which Metal does not have: align on the CPU while a clip is transcribed."""
    if not enabled:
        yield
        return
    from whisper import timing

    original = timing.dtw
    timing.dtw = lambda matrix: original(matrix.cpu())
    try:
        yield
    finally:
        timing.dtw = original


def _segment(segment: dict[str, Any]) -> Segment:
    words = tuple(
        Word(text=word["word"], start=float(word["start"]), end=float(word["end"]), probability=word["probability"])
        for word in segment.get("words", ())
    )
    details = ("avg_logprob", "compression_ratio", "no_speech_prob", "temperature")
    return Segment(
        text=segment["text"],
        start=float(segment["start"]),
        end=float(segment["end"]),
        words=words,
        details={name: float(segment[name]) for name in details},
    )


def _known_options() -> set[str]:
    import whisper

    transcribe = inspect.signature(whisper.transcribe).parameters.keys() - {"model", "audio", "decode_options"}
    decode = {field.name for field in dataclasses.fields(whisper.DecodingOptions)} - {"language", "fp16"}
    return {*transcribe, *decode, *_OWN_OPTIONS}


def _urls() -> dict[str, str]:
    urls: dict[str, str] = literal("whisper", "__init__.py", "_MODELS")
    return urls


def _is_name(spec: ModelSpec) -> bool:
    return spec.weights in _urls()


def _looks_like_file(spec: ModelSpec) -> bool:
    return spec.weights.endswith(".pt") or Path(spec.weights).is_file()


def _expected_sha256(spec: ModelSpec) -> str:
    """The package's addresses carry the hash as their last folder but one."""
    return _urls()[spec.weights].split("/")[-2]


def _checkpoint(spec: ModelSpec) -> Path:
    if not _is_name(spec):
        return Path(spec.weights)
    return _download_root(spec) / _urls()[spec.weights].rpartition("/")[2]


def _download_root(spec: ModelSpec) -> Path:
    """Where the package itself keeps its weights, unless the spec says otherwise."""
    if "download_root" in spec.options:
        return Path(spec.options["download_root"]).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return Path(cache) / "whisper"
