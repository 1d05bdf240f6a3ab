"""openai-whisper: OpenAI's own PyTorch implementation, on CPU, CUDA and Apple GPUs."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import inspect
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from asrlab_pytest.errors import ModelError
from asrlab_pytest.languages import from_whisper, whisper_code
from asrlab_pytest.models.checkpoint import alignment_heads
from asrlab_pytest.models.engine import Engine, Recognizer, Transcript, Weights
from asrlab_pytest.models.options import check_names
from asrlab_pytest.models.profile import GREEDY, in_force
from asrlab_pytest.models.spec import Device, ModelSpec, Status
from asrlab_pytest.models.support import openai_whisper_files as files
from asrlab_pytest.models.support.common import (
    compute_type_of,
    defaults,
    extra,
    first_line,
    forget_hashes,
    hash_files,
    hash_folder,
    literal,
    modules_missing,
    physical_cores,
    plain,
    refuse_unready,
    whisper_compute_type,
    whisper_options,
)
from asrlab_pytest.models.support.hub_files import (
    CTRANSLATE2_ALL,
    content_hash,
    discard,
    download,
    file_url,
)
from asrlab_pytest.models.support.torch_device import OnTorch, empty_cache, numba_threads, reset_peak_memory, threads
from asrlab_pytest.models.support.whisper import knows, refuse_other_than_english, segment_of
from asrlab_pytest.waveform import Waveform

OLDEST_TORCH_ON_MPS = (2, 9)
_OWN_OPTIONS = ("download_root", "threads")


class OpenAIWhisper(Engine):
    """Weights are a size name (``tiny`` ... ``large-v3``, ``turbo``) or a local ``.pt`` checkpoint.

    A CTranslate2 folder of float16 or float32 is taken too, also from a hub (``owner/name``), and converted when it is
    first needed.

    Options are those of ``whisper.transcribe`` and ``whisper.DecodingOptions``, and two of our own:
    ``download_root`` (folder of the named weights) and ``threads`` (CPU threads; the physical cores by default).
    """

    name = "openai-whisper"
    devices: tuple[Device, ...] = ("mps", "cuda", "cpu")
    compute_types = ("float32", "float16")
    options = None
    modules = ("whisper", "torch")
    install = extra("whisper")
    packages = ("openai-whisper", "torch")

    def status(self, spec: ModelSpec) -> Status:
        return modules_missing(self.modules, self.install) or files.status_of(spec)

    def knows_language(self, spec: ModelSpec, language: str) -> bool:
        return knows(spec, language, literal("whisper", "tokenizer.py", "LANGUAGES"))

    def resolve_compute_type(self, spec: ModelSpec, device: Device) -> str:
        return compute_type_of(
            spec,
            self.compute_types[: 1 if device == "cpu" else None],
            default=whisper_compute_type(spec, device),
            fastest="float16" if device == "cuda" else "float32",
            on=f"on {device}",
        )

    def weights(self, spec: ModelSpec) -> Weights:
        folder = files.folder_of(spec)
        if folder is not None:
            # The folder's own, which is what faster-whisper states: these are the same weights.
            if files.is_repository(spec):
                sha256 = content_hash(spec, (path for path in sorted(folder.iterdir()) if path.is_file()))
                return Weights(location=files.checkpoint_of(spec), sha256=sha256, revision=folder.name)
            return Weights(location=files.checkpoint_of(spec), sha256=hash_folder(folder))
        checkpoint = files.checkpoint_of(spec)
        if not checkpoint.is_file():
            refuse_unready(spec, self.status(spec))
        sha256 = hash_files((checkpoint,))
        if files.is_name(spec) and sha256 != files.expected_sha256(spec):
            raise ModelError(
                f"model {spec.id}: {checkpoint} is corrupt or incomplete (sha256 {sha256[:12]}..., "
                f"expected {files.expected_sha256(spec)[:12]}...)",
                hint=f"asrlab pull {spec.name}",
            )
        return Weights(location=checkpoint, sha256=sha256)

    def load(self, spec: ModelSpec, device: Device) -> WhisperRecognizer:
        return WhisperRecognizer(spec, device, self.resolve_compute_type(spec, device))

    def download_url(self, spec: ModelSpec) -> str | None:
        if files.is_repository(spec):
            return file_url(spec, spec.weights, "config.json")
        return files.urls()[spec.weights] if files.is_name(spec) else None

    def discard(self, spec: ModelSpec) -> None:
        if files.is_name(spec):
            files.checkpoint_of(spec).unlink(missing_ok=True)
            forget_hashes()
        elif (folder := files.folder_of(spec)) is not None:
            files.conversion_of(folder).unlink(missing_ok=True)
        if files.is_repository(spec):
            discard(spec, spec.weights)

    def pull(self, spec: ModelSpec) -> Path:
        if files.is_repository(spec):
            return download(spec, spec.weights, CTRANSLATE2_ALL)
        if not files.is_name(spec):
            return self.weights(spec).location
        try:
            return files.fetch(files.urls()[spec.weights], files.checkpoint_of(spec))
        except (OSError, RuntimeError) as error:
            raise ModelError(
                f"model {spec.id}: {files.checkpoint_of(spec).name} cannot be downloaded: {first_line(error)}",
                hint=f"on a network that can reach it, run: asrlab pull {spec.name}",
            ) from None


class WhisperRecognizer(OnTorch, Recognizer):
    """A loaded openai-whisper model."""

    def __init__(self, spec: ModelSpec, device: Device, compute_type: str) -> None:
        check_names(spec, _known_options())
        self.device = device
        self.compute_type = compute_type
        self._threads = int(spec.options.get("threads", spec.profile.threads or physical_cores()))
        self._options = {**_decode_options(spec), "fp16": compute_type == "float16"}
        self._spec = spec
        reset_peak_memory(device)
        self._model: Any = _load_checkpoint(spec, device)
        if compute_type == "float16":
            _halve(self._model)
        self.settings = {**plain(self._options), "threads": self._threads}
        self.decoding = in_force({**_library_defaults(), **self._options}, vad=False, threads=self._threads)

    def transcribe(self, samples: Waveform, language: str | None) -> Transcript:
        refuse_other_than_english(self._spec, language, is_multilingual=self._model.is_multilingual)
        aligning = numba_threads(self._threads) if self._options.get("word_timestamps") else nullcontext()
        with aligning, threads(self._threads), _dtw_on_cpu(enabled=self.device == "mps"):
            result = self._model.transcribe(samples, language=whisper_code(language), **self._options)
        return Transcript(
            text=result["text"],
            segments=tuple(segment_of(segment) for segment in result["segments"]),
            language=from_whisper(result["language"], language),
        )

    def prove(self, samples: Waveform, language: str | None) -> None:
        """Half precision has been silently wrong on Apple GPUs: it must write what the CPU writes in float32."""
        if self.device != "mps" or self.compute_type != "float16":
            return
        exact = WhisperRecognizer(self._spec, "cpu", "float32")
        expected, written = (each.transcribe(samples, language).text for each in (exact, self))
        exact.close()
        if expected != written:
            raise ModelError(
                f"model {self._spec.id}: float16 on mps writes {written!r} for the first clip, "
                f"float32 on the CPU {expected!r}",
                hint=f'compute_type = "float32" in [tool.asrlab.models.{self._spec.name}]',
            )

    def close(self) -> None:
        self._model = None
        empty_cache(self.device)


def _load_checkpoint(spec: ModelSpec, device: Device) -> Any:
    """Load by path: by name the package would hash the file again, and download what is corrupt."""
    import torch
    import whisper

    if device == "mps" and tuple(map(int, torch.__version__.split(".")[:2])) < OLDEST_TORCH_ON_MPS:
        raise ModelError(
            f"model {spec.id}: torch {torch.__version__} lacks operations that Whisper needs on mps",
            hint='uv add --dev "torch>=2.9"',
        )
    checkpoint = files.checkpoint_of(spec)
    try:
        model = whisper.load_model(str(checkpoint), device="cpu")
    except Exception as error:  # noqa: BLE001 - a foreign file fails in any of a dozen ways
        raise ModelError(
            f"model {spec.id}: {checkpoint} is not a checkpoint of openai-whisper ({type(error).__name__}: "
            f"{str(error).splitlines()[0][:120] if str(error) else 'truncated?'})",
            hint=f"asrlab pull --again {spec.name}"
            if files.is_name(spec) or files.folder_of(spec) is not None
            else f"correct weights in [tool.asrlab.models.{spec.name}]",
        ) from None
    heads = _alignment_heads(spec, checkpoint, model)
    if heads is not None and _fits(model, heads):
        model.set_alignment_heads(heads)
    if device == "mps":
        # A sparse buffer cannot be moved to MPS before torch 2.9, and need not be: only its indices are read.
        model.alignment_heads = model._buffers.pop("alignment_heads")
    return model.to(torch.device(device))


def _halve(model: Any) -> None:
    """Store in half precision what computes in it: the package would cast these weights again at every step.

    Layer norms stay in float32, as the package computes them.
    """
    from whisper.model import Conv1d, Linear

    for module in model.modules():
        if isinstance(module, (Conv1d, Linear)):
            module.half()
    model.decoder.token_embedding.half()


def _alignment_heads(spec: ModelSpec, checkpoint: Path, model: Any) -> bytes | None:
    """The heads of word timestamps: those that a converted folder names, else those that OpenAI published."""
    import whisper

    folder = files.folder_of(spec)
    if folder is not None:
        return alignment_heads(folder, model.dims.n_text_layer, model.dims.n_text_head)
    published: bytes | None = whisper._ALIGNMENT_HEADS.get(spec.weights if files.is_name(spec) else checkpoint.stem)
    return published


def _fits(model: Any, heads: bytes) -> bool:
    """Whether packed alignment heads are for a decoder of this size."""
    size: int = model.dims.n_text_layer * model.dims.n_text_head
    return len(gzip.decompress(base64.b85decode(heads))) == size


def _decode_options(spec: ModelSpec) -> dict[str, object]:
    """What the package's `transcribe` is called with: the profile, then the model's own options."""
    profile = spec.profile
    if profile.vad:
        raise ModelError(
            f"model {spec.id}: openai-whisper has no voice activity detection, but profile {profile.name} asks for it",
            hint="choose a profile without vad, or an engine that has it: faster-whisper",
        )
    options = whisper_options(profile)
    if profile.beam_size is not None:
        # A beam of one is not greedy decoding here but a beam search, at many times its cost.
        options["beam_size"] = None if profile.beam_size == GREEDY else profile.beam_size
    return {**options, **{name: value for name, value in spec.options.items() if name not in _OWN_OPTIONS}}


def _library_defaults() -> dict[str, object]:
    import whisper

    return {**vars(whisper.DecodingOptions()), **defaults(whisper.transcribe)}


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


def _known_options() -> set[str]:
    import whisper

    transcribe = inspect.signature(whisper.transcribe).parameters.keys() - {"model", "audio", "decode_options"}
    decode = {field.name for field in dataclasses.fields(whisper.DecodingOptions)} - {"language", "fp16"}
    return {*transcribe, *decode, *_OWN_OPTIONS}
