"""whisper.cpp: Whisper in C++, by the package pywhispercpp, on CPU and Apple GPUs."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from asrlab_pytest.errors import ModelError
from asrlab_pytest.languages import whisper_code
from asrlab_pytest.models.convert import SMALLEST_VOCABULARY
from asrlab_pytest.models.engine import Engine, Recognizer, Segment, Transcript, Weights
from asrlab_pytest.models.options import check_names
from asrlab_pytest.models.profile import GREEDY
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import (
    extra,
    hash_files,
    modules_missing,
    package_missing,
    path_missing,
    physical_cores,
    plain,
    refuse_unready,
    tilde,
    try_apart,
)
from asrlab_pytest.models.support.formats import GGML, begins_with, wrong_format
from asrlab_pytest.models.support.hub_files import (
    content_hash,
    discard,
    download,
    file_url,
    not_downloaded,
    snapshot,
    weights_hint,
)
from asrlab_pytest.models.support.whisper import refuse_other_than_english
from asrlab_pytest.waveform import Waveform

REPOSITORY = "ggerganov/whisper.cpp"
SIZES = ("tiny", "base", "small", "medium", "large-v1", "large-v2", "large-v3", "large-v3-turbo")
SHORTEST = 16_000 + 1_600
"""Samples. Of less than a second whisper.cpp writes nothing; shorter audio is filled up with silence."""
_FORMATS = {0: "float32", 1: "float16", 2: "q4_0", 3: "q4_1", 7: "q8_0", 8: "q5_0", 9: "q5_1"}
_VERSION = 1000
"""A file's format is counted from its quantization version times this."""
_TRIAL = """
import _pywhispercpp, sys
defaults = _pywhispercpp.whisper_context_default_params()
context = _pywhispercpp.whisper_init_from_file_with_params(sys.argv[1], defaults)
_pywhispercpp.whisper_model_n_vocab(context)
"""
"""Crashes with a file that does not load: the package takes it for loaded."""
_OWN_OPTIONS = ("download_root",)


class WhisperCpp(Engine):
    """Weights are a size (``base``, ``small.en``, ``large-v3-turbo-q5_0``), which the hub's ``ggerganov/whisper.cpp``
    has, or a ggml file.

    Options are those of pywhispercpp's ``Model``, and ``download_root``. The number format is that of the file.
    """

    name = "whisper-cpp"
    devices: Sequence[Device] = ("mps", "cpu")
    options = None
    modules = ("pywhispercpp",)
    install = extra("whisper-cpp")
    packages = ("pywhispercpp",)

    def status(self, spec: ModelSpec) -> Status:
        missing = modules_missing(self.modules, self.install)
        if missing:
            return missing
        if not _is_size(spec):
            return path_missing(spec) or _file_status(spec)
        missing = package_missing("huggingface_hub", "whisper-cpp")
        if missing:
            return missing
        return not_downloaded(spec, f"{REPOSITORY}/{_name(spec)}") if _file(spec) is None else READY

    def resolve_compute_type(self, spec: ModelSpec, device: Device) -> str:
        file = _file(spec)
        stated = spec.weights.rpartition("-")[2] if "-q" in spec.weights else "float16"
        kind = header(file)[1] if file is not None and file.is_file() else stated
        if spec.compute_type not in (None, kind):
            raise ModelError(
                f"model {spec.id}: its file is in {kind}, and whisper.cpp does not compute it in {spec.compute_type}",
                hint=f"name a file in {spec.compute_type}, or remove compute_type, in [tool.asrlab.models.{spec.name}]",
            )
        return kind

    def weights(self, spec: ModelSpec) -> Weights:
        refuse_unready(spec, self.status(spec))
        file = _file(spec)
        assert file is not None
        if _is_size(spec):
            return Weights(location=file, sha256=content_hash(spec, (file,)), revision=file.parent.name)
        try_apart(spec, _TRIAL, str(file), hint=weights_hint(spec))
        return Weights(location=file, sha256=hash_files((file,)))

    def load(self, spec: ModelSpec, device: Device) -> WhisperCppRecognizer:
        return WhisperCppRecognizer(spec, self.weights(spec).location, device)

    def download_url(self, spec: ModelSpec) -> str | None:
        return file_url(spec, REPOSITORY, _name(spec)) if _is_size(spec) else None

    def pull(self, spec: ModelSpec) -> Path:
        if not _is_size(spec):
            return self.weights(spec).location
        return download(spec, REPOSITORY, (_name(spec),)) / _name(spec)

    def discard(self, spec: ModelSpec) -> None:
        if _is_size(spec):
            discard(spec, REPOSITORY, (_name(spec),))


class WhisperCppRecognizer(Recognizer):
    """A loaded ggml model."""

    def __init__(self, spec: ModelSpec, file: Path, device: Device) -> None:
        from pywhispercpp.model import Model

        check_names(spec, (*Model.get_params_schema(), *_OWN_OPTIONS))
        tokens, self.kind = header(file)
        self.device = device
        self._spec = spec
        self._is_multilingual = tokens > SMALLEST_VOCABULARY
        self._options = _decode_options(spec)
        try:
            self._model: Any = Model(
                str(file),
                params_sampling_strategy=int(_beam(self._options) > GREEDY),
                redirect_whispercpp_logs_to=None,
                context_params={"use_gpu": device != "cpu"},
                print_progress=False,
                print_realtime=False,
                **self._options,
            )
        except Exception as error:  # noqa: BLE001 - C++ raises anything
            raise ModelError(
                f"model {spec.id}: whisper.cpp does not load {tilde(file)}: {error}",
                hint=f"asrlab pull --again {spec.name}" if _is_size(spec) else weights_hint(spec),
            ) from None
        self.settings = plain(self._options)
        self.decoding = {
            "beam_size": _beam(self._options),
            "temperature": self._options.get("temperature", 0.0),
            "condition_on_previous_text": not self._options.get("no_context", True),
            "timestamps": "none" if self._options.get("no_timestamps") else "segment",
            "vad": bool(self._options.get("vad", False)),
            "threads": self._options["n_threads"],
        }

    def transcribe(self, samples: Waveform, language: str | None) -> Transcript:
        import numpy as np

        refuse_other_than_english(self._spec, language, is_multilingual=self._is_multilingual)
        padded = np.pad(samples, (0, max(0, SHORTEST - len(samples))))
        code = whisper_code(language) if self._is_multilingual else "en"
        segments = tuple(
            Segment(text=part.text, start=part.t0 / 100, end=part.t1 / 100)
            for part in self._model.transcribe(padded, language=code or "auto")
        )
        return Transcript(text=" ".join(part.text for part in segments), segments=segments, language=language)

    def close(self) -> None:
        self._model = None


def header(file: Path) -> tuple[int, str]:
    """The size of the vocabulary and the number format that a ggml file states."""
    with file.open("rb") as opened:
        numbers = struct.unpack("<12i", opened.read(48).ljust(48, b"\0"))
    number = numbers[11] % _VERSION
    return numbers[1], _FORMATS.get(number, f"format {number}")


def _decode_options(spec: ModelSpec) -> dict[str, Any]:
    """The package's arguments: the profile in its words, then the model's own options."""
    profile = spec.profile
    options: dict[str, Any] = {"n_threads": profile.threads or physical_cores()}
    if profile.beam_size is not None and profile.beam_size > GREEDY:
        options["beam_search"] = {"beam_size": profile.beam_size, "patience": -1.0}
    if isinstance(profile.temperature, (int, float)):
        # A single temperature leaves none to fall back on.
        options |= {"temperature": float(profile.temperature), "temperature_inc": 0.0}
    elif profile.temperature is not None:
        options["temperature"] = float(profile.temperature[0])
    if profile.condition_on_previous_text is not None:
        options["no_context"] = not profile.condition_on_previous_text
    if profile.timestamps is not None:
        options |= {"no_timestamps": profile.timestamps == "none", "token_timestamps": profile.timestamps == "word"}
    return {**options, **{name: value for name, value in spec.options.items() if name not in _OWN_OPTIONS}}


def _beam(options: dict[str, Any]) -> int:
    return int(options.get("beam_search", {}).get("beam_size", GREEDY))


def _file_status(spec: ModelSpec) -> Status:
    path = Path(spec.weights)
    if not path.exists():
        reason = f"{spec.weights!r} is neither a size of whisper.cpp ({', '.join(SIZES)}), nor a ggml file"
        return Status(Readiness.BROKEN, reason, weights_hint(spec))
    return READY if begins_with(path, *GGML) else wrong_format(spec, path, "it is not a ggml file")


def _is_size(spec: ModelSpec) -> bool:
    """Whether the weights are a size, also with ``.en`` or a quantization after it."""
    return any(spec.weights == size or spec.weights.startswith((f"{size}.en", f"{size}-q")) for size in SIZES)


def _name(spec: ModelSpec) -> str:
    return f"ggml-{spec.weights}.bin"


def _file(spec: ModelSpec) -> Path | None:
    if not _is_size(spec):
        return Path(spec.weights)
    folder = snapshot(spec, REPOSITORY, (_name(spec),))
    return None if folder is None else folder / _name(spec)
