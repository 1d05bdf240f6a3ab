"""Which engine reads a file or folder of weights, by the names and first bytes of its files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from asrlab_pytest.models.spec import READY, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import path_missing, tilde
from asrlab_pytest.models.support.hub_files import weights_hint

GGML = (b"lmgg", b"GGUF")
"""The first bytes of a model of whisper.cpp."""
CHECKPOINT = (b"PK\x03\x04", b"\x80")
"""The first bytes of a file that torch saved: an archive, or a pickle in older releases."""


def wrong_format(spec: ModelSpec, path: Path, lack: str) -> Status:
    """The status of a model whose weights are not in its engine's format, with the engine that reads them.

    Args:
        spec: The model.
        path: Its weights.
        lack: What they lack, in words.
    """
    reason = f"{tilde(path)} is not a model of {spec.engine}: {lack}"
    return foreign(spec, path) or Status(Readiness.BROKEN, reason, weights_hint(spec))


def checkpoint_status(spec: ModelSpec, path: Path) -> Status:
    """Whether a file is a checkpoint of PyTorch, by its first bytes."""
    return READY if begins_with(path, *CHECKPOINT) else wrong_format(spec, path, "it is not a checkpoint of PyTorch")


def folder_missing(spec: ModelSpec, alternative: str = "") -> Status | None:
    """The status of a model whose weights must be a folder, and are not; None if they are.

    Args:
        spec: The model.
        alternative: What else they may be, in words.
    """
    path = Path(spec.weights)
    if path.exists():
        return None if path.is_dir() else wrong_format(spec, path, "it is not a folder")
    reason = f"weights must be a folder{alternative}, not {spec.weights!r}"
    return path_missing(spec) or Status(Readiness.BROKEN, reason, weights_hint(spec))


def foreign(spec: ModelSpec, path: Path) -> Status | None:
    """The status of a model whose weights another engine reads; None if none does."""
    reader = next((name for name, reads in FORMATS.items() if name != spec.engine and reads(path)), None)
    if reader is None:
        return None
    reason = f"{tilde(path)} is in the format of {reader}, not of {spec.engine}"
    hint = f'write engine = "{reader}", or correct weights, in [tool.asrlab.models.{spec.name}]'
    return Status(Readiness.BROKEN, reason, hint)


def begins_with(path: Path, *beginnings: bytes) -> bool:
    """Whether a file has one of these first bytes."""
    with suppress(OSError), path.open("rb") as file:
        return file.read(max(map(len, beginnings))).startswith(beginnings)
    return False


def config_of(folder: Path) -> Mapping[str, object]:
    """A folder's ``config.json``; empty if it has none that can be read."""
    with suppress(OSError, ValueError):
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return config if isinstance(config, dict) else {}
    return {}


def _has(*patterns: str) -> Callable[[Path], bool]:
    return lambda folder: all(any(folder.glob(pattern)) for pattern in patterns)


def is_of_mlx(folder: Path) -> bool:
    """Whether a folder has the files of mlx-whisper."""
    return "n_mels" in config_of(folder) and _has("weights.*")(folder)


def is_of_parakeet_mlx(folder: Path) -> bool:
    """Whether a folder has the files of parakeet-mlx: the configuration of NeMo, and the weights under mlx's names."""
    is_nemo = str(config_of(folder).get("target", "")).startswith("nemo.collections.asr.")
    return is_nemo and (folder / "model.safetensors").is_file()


FORMATS: Mapping[str, Callable[[Path], bool]] = {
    "openai-whisper": lambda path: path.suffix == ".pt" and begins_with(path, *CHECKPOINT),
    "whisper-cpp": lambda path: path.is_file() and begins_with(path, *GGML),
    "mlx-whisper": is_of_mlx,
    "parakeet-mlx": is_of_parakeet_mlx,
    "faster-whisper": _has("config.json", "model.bin", "tokenizer.json"),
    "vosk": _has("am/final.mdl", "conf/mfcc.conf"),
    "pocketsphinx": _has("*/mdef", "*.dict"),
    "onnx-asr": _has("config.json", "**/*.onnx"),
    "sherpa-onnx": _has("*.onnx", "*tokens.txt"),
    "piper": _has("*.onnx", "*.onnx.json"),
    "transformers": lambda path: (
        _has("config.json")(path) and (_has("model*.safetensors")(path) or _has("pytorch_model*.bin")(path))
    ),
}
"""By engine, whether it reads what lies at a path; the more telling formats first."""
