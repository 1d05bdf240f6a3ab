"""sherpa-onnx: Zipformer, SenseVoice, Paraformer, Parakeet and Whisper on ONNX Runtime, offline and streaming."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any, ClassVar

from asrlab_pytest.errors import ModelError
from asrlab_pytest.languages import whisper_code
from asrlab_pytest.models.engine import Engine, Recognizer, Transcript, Weights
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import (
    extra,
    first_line,
    greedy,
    modules_missing,
    physical_cores,
    tilde,
    try_apart,
)
from asrlab_pytest.models.support.formats import folder_missing, wrong_format
from asrlab_pytest.models.support.hub_files import weights_hint
from asrlab_pytest.waveform import SAMPLE_RATE, Waveform

WHISPER_SECONDS = 30.0
"""What sherpa-onnx's Whisper reads of a clip; it says nothing of the rest."""
TAIL_SECONDS = 0.66
"""Silence after a clip, which a streaming model waits for before it writes the last words."""
_TRANSDUCER = ("encoder", "decoder", "joiner")
KINDS: Mapping[str, tuple[str, Sequence[str], Mapping[str, object]]] = {
    "whisper": ("from_whisper", ("encoder", "decoder"), {}),
    "transducer": ("from_transducer", _TRANSDUCER, {}),
    "nemo-transducer": ("from_transducer", _TRANSDUCER, {"model_type": "nemo_transducer"}),
    "streaming-transducer": ("from_transducer", _TRANSDUCER, {}),
    "sense-voice": ("from_sense_voice", ("model",), {}),
    "paraformer": ("from_paraformer", ("paraformer",), {}),
    "nemo-ctc": ("from_nemo_ctc", ("model",), {}),
    "zipformer-ctc": ("from_zipformer_ctc", ("model",), {}),
}
"""Families of models: the function that loads one, the names of its files, and the function's other arguments."""
_IN_FOLDER_NAMES = (
    ("streaming", "streaming-transducer"),
    ("sense-voice", "sense-voice"),
    ("paraformer", "paraformer"),
    ("parakeet", "nemo-transducer"),
    ("nemo", "nemo-transducer"),
)
"""What a folder's name says of the family, where the files do not."""


_TRIAL = """
import json, sherpa_onnx, sys
from operator import attrgetter
attrgetter(sys.argv[1])(sherpa_onnx)(**json.loads(sys.argv[2]))
"""


class SherpaOnnx(Engine):
    """Weights are a folder with ``*.onnx`` and ``*tokens.txt``, as sherpa-onnx publishes them.

    Option ``kind`` names the family, one of `KINDS`, if the names of the files and the folder do not tell it. The
    number format ``int8`` takes the files with that in their name. Whisper is told a language when it is loaded: the
    model's ``language``, or the only one of its ``languages``; without, it detects each clip's.
    """

    name = "sherpa-onnx"
    compute_types = ("float32", "int8")
    options: ClassVar = {"kind": str}
    modules = ("sherpa_onnx",)
    install = extra("sherpa")
    packages = ("sherpa-onnx",)

    def status(self, spec: ModelSpec) -> Status:
        missing = modules_missing(self.modules, self.install) or folder_missing(spec)
        return missing or _folder_status(spec, Path(spec.weights))

    def weights(self, spec: ModelSpec) -> Weights:
        weights = super().weights(spec)
        function, keywords = call_of(spec, weights.location, self.resolve_compute_type(spec, "cpu"))
        try_apart(spec, _TRIAL, function, json.dumps(keywords), hint=_correct(spec))
        return weights

    def load(self, spec: ModelSpec, device: Device) -> SherpaRecognizer:
        return SherpaRecognizer(spec, Path(spec.weights), self.resolve_compute_type(spec, device))


class SherpaRecognizer(Recognizer):
    """A loaded model of sherpa-onnx. It decodes greedily."""

    is_cyclic = False

    def __init__(self, spec: ModelSpec, folder: Path, compute_type: str) -> None:
        self.decoding = greedy(spec, _threads(spec))
        self._kind = kind_of(spec, folder)
        self._is_streaming = self._kind.startswith("streaming")
        self.max_seconds = WHISPER_SECONDS if self._kind == "whisper" else None
        function, keywords = call_of(spec, folder, compute_type)
        self._recognizer: Any = _loaded(spec, function, keywords)
        self.settings = {
            "kind": self._kind,
            "threads": keywords["num_threads"],
            "language": _language(spec),
            "provider": "cpu",
        }

    def transcribe(self, samples: Waveform, language: str | None) -> Transcript:
        return self.transcribe_batch([samples], language)[0]

    def transcribe_batch(self, batch: Sequence[Waveform], language: str | None) -> list[Transcript]:
        streams = [self._stream(samples) for samples in batch]
        if self._is_streaming:
            while ready := [stream for stream in streams if self._recognizer.is_ready(stream)]:
                self._recognizer.decode_streams(ready)
            texts = [self._recognizer.get_result(stream) for stream in streams]
        else:
            self._recognizer.decode_streams(streams)
            texts = [stream.result.text for stream in streams]
        return [Transcript(text=text, language=language) for text in texts]

    def _stream(self, samples: Waveform) -> Any:
        import numpy as np

        stream = self._recognizer.create_stream()
        stream.accept_waveform(SAMPLE_RATE, samples)
        if self._is_streaming:
            stream.accept_waveform(SAMPLE_RATE, np.zeros(int(TAIL_SECONDS * SAMPLE_RATE), dtype=np.float32))
            stream.input_finished()
        return stream

    def close(self) -> None:
        self._recognizer = None


def call_of(spec: ModelSpec, folder: Path, compute_type: str) -> tuple[str, dict[str, object]]:
    """The function of the package that loads a model, as ``Class.name``, and its arguments."""
    kind = kind_of(spec, folder)
    function, _, options = KINDS[kind]
    language = {"language": str(whisper_code(_language(spec)) or "")} if kind == "whisper" else {}
    keywords = {
        **files_of(folder, kind, compute_type),
        **options,
        **language,
        "num_threads": _threads(spec),
        "provider": "cpu",
    }
    return f"{'OnlineRecognizer' if kind.startswith('streaming') else 'OfflineRecognizer'}.{function}", keywords


def _loaded(spec: ModelSpec, function: str, keywords: Mapping[str, object]) -> Any:
    import sherpa_onnx

    try:
        return attrgetter(function)(sherpa_onnx)(**keywords)
    except Exception as error:  # noqa: BLE001 - the library has several ways to fail
        raise ModelError(
            f"model {spec.id}: sherpa-onnx does not load {tilde(Path(spec.weights))}: {first_line(error)}",
            hint=_correct(spec),
        ) from None


def _threads(spec: ModelSpec) -> int:
    return spec.profile.threads or physical_cores()


def _language(spec: ModelSpec) -> str | None:
    return spec.language or (spec.languages[0] if len(spec.languages) == 1 else None)


def _correct(spec: ModelSpec) -> str:
    return f"correct weights or the option kind in [tool.asrlab.models.{spec.name}]"


def kind_of(spec: ModelSpec, folder: Path) -> str:
    """The family of a model: as its option says, or the names of its files and folder; empty if none of them does."""
    stated = spec.options.get("kind")
    if stated:
        return str(stated)
    has = {name: any(folder.glob(f"*{name}*.onnx")) for name in _TRANSDUCER}
    if has["encoder"] and has["decoder"] and not has["joiner"]:
        return "whisper"
    named = next((kind for part, kind in _IN_FOLDER_NAMES if part in folder.name), "")
    return named or ("transducer" if all(has.values()) else "")


def files_of(folder: Path, kind: str, compute_type: str) -> dict[str, str]:
    """The files of a model, by what its function calls them; those that are missing are left out."""
    is_wanted: Callable[[Path], bool] = lambda path: (".int8." in path.name) == (compute_type == "int8")  # noqa: E731
    files: dict[str, str] = {}
    for name in KINDS[kind][1]:
        pattern = "*.onnx" if name in ("model", "paraformer") else f"*{name}*.onnx"
        path = next(filter(is_wanted, sorted(folder.glob(pattern))), None)
        files |= {name: str(path)} if path else {}
    tokens = next(iter(sorted(folder.glob("*tokens.txt"))), None)
    return files | ({"tokens": str(tokens)} if tokens else {})


def _folder_status(spec: ModelSpec, folder: Path) -> Status:
    kind = kind_of(spec, folder)
    if not (any(folder.glob("*.onnx")) and any(folder.glob("*tokens.txt"))):
        return wrong_format(spec, folder, "it lacks *.onnx or *tokens.txt")
    if kind not in KINDS:
        problem = f"sherpa-onnx has no kind {kind!r}" if kind else f"{tilde(folder)} does not tell its kind"
        choice = f'options = {{ kind = "..." }}, one of {", ".join(KINDS)}'
        return Status(Readiness.BROKEN, problem, f"{choice}, in [tool.asrlab.models.{spec.name}]")
    compute_type = spec.compute_type or spec.profile.compute_type or "float32"
    present = files_of(folder, kind, compute_type)
    lacking = [name for name in (*KINDS[kind][1], "tokens") if name not in present]
    if lacking:
        reason = f"{tilde(folder)} lacks the {compute_type} file of {', '.join(lacking)} of a {kind} model"
        return Status(Readiness.BROKEN, reason, weights_hint(spec))
    return READY
