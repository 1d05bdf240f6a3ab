"""Turns a CTranslate2 folder into an openai-whisper checkpoint, so that both engines can run the same weights.

The other direction is `asrlab_pytest.models.convert`. Every number is copied bit for bit, so that a checkpoint which is
converted there and back has the same tensors.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrlab_pytest.content import replacing
from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.convert import LARGEST_VOCABULARY, SMALLEST_VOCABULARY
from asrlab_pytest.models.ctranslate2_file import ModelFile, read_model_file
from asrlab_pytest.models.support.common import package_missing, tilde

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.floating[Any]]
    Tensor = tuple[str, Array]

EXACT = ("float16", "float32")
"""The number formats that openai-whisper reads."""
HEAD_SIZE = 64
"""Of every Whisper that OpenAI published."""
_LAYER = re.compile(r"(encoder|decoder)/layer_(\d+)/")


def convert_folder(folder: Path, checkpoint: Path) -> Path:
    """Write the checkpoint of a CTranslate2 folder, whole or not at all; an older file there is replaced.

    Args:
        folder: A Whisper in float16 or float32, English-only or multilingual.
        checkpoint: The ``.pt`` file to write.

    Returns:
        The file.

    Raises:
        ModelError: a package is missing, or the folder holds no such Whisper.
    """
    missing = package_missing("torch", "whisper")
    if missing:
        raise ModelError(f"{folder} cannot be converted: {missing.reason}", hint=missing.hint)
    import torch

    model = exact_whisper(folder)
    try:
        tensors = dict(_tensors(model))
        dims = _dims(model, tensors)
    except KeyError as error:
        raise _foreign(folder, f"it lacks {error.args[0]}") from None
    content = {"dims": dims, "model_state_dict": {name: torch.from_numpy(array) for name, array in tensors.items()}}
    with replacing(checkpoint) as file:
        torch.save(content, file)
    return checkpoint


def exact_whisper(folder: Path) -> ModelFile:
    """The table of contents of a folder that can be converted; the weights stay on disk.

    Raises:
        ModelError: the folder holds no Whisper, or one whose numbers are quantized.
    """
    model = read_model_file(folder / "model.bin")
    if model.spec != "WhisperSpec":
        raise _foreign(folder, f"it is a {model.spec}")
    tokens = model.variables.get("decoder/embeddings/weight")
    if tokens is None or not SMALLEST_VOCABULARY <= tokens.shape[0] <= LARGEST_VOCABULARY:
        raise _foreign(folder, f"it has {tokens.shape[0] if tokens else 'no'} tokens, which no Whisper of OpenAI has")
    formats = {variable.type for variable in model.variables.values() if variable.shape}
    other = sorted(formats.difference(EXACT))
    if other:
        raise ModelError(
            f"{tilde(folder)} is quantized ({', '.join(other)}), and openai-whisper runs only float16 and float32",
            hint='write engine = "faster-whisper", or name a folder in float16',
        )
    return model


def alignment_heads(folder: Path, layers: int, heads: int) -> bytes | None:
    """The heads that word timestamps come from, packed as openai-whisper takes them; None if the folder names none.

    Args:
        folder: The CTranslate2 folder.
        layers: Layers of the decoder.
        heads: Heads of a layer.
    """
    import numpy as np

    try:
        places = json.loads((folder / "config.json").read_text(encoding="utf-8"))["alignment_heads"]
        flags = np.zeros((layers, heads), dtype=bool)
        for layer, head in places:
            flags[layer, head] = True
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None
    return base64.b85encode(gzip.compress(flags.tobytes())) if flags.any() else None


def _foreign(folder: Path, reason: str) -> ModelError:
    return ModelError(
        f"{tilde(folder)} is not a CTranslate2 folder of Whisper ({reason})",
        hint="name a folder of a Whisper as Systran publishes them",
    )


# ---------------------------------------------------------------------------------------------------------------------
# Weights


def _tensors(model: ModelFile) -> Iterator[Tensor]:
    """The checkpoint's tensors by name."""
    for name in ("conv1", "conv2"):
        yield from _linear(model, f"encoder.{name}", f"encoder/{name}")
    yield "encoder.positional_embedding", model.read("encoder/position_encodings/encodings")
    for number in range(_layers(model, "encoder")):
        yield from _block(model, f"encoder.blocks.{number}", f"encoder/layer_{number}", crosses=False)
    yield from _norm(model, "encoder.ln_post", "encoder/layer_norm")
    yield "decoder.token_embedding.weight", _embedding(model)
    yield "decoder.positional_embedding", model.read("decoder/position_encodings/encodings")
    for number in range(_layers(model, "decoder")):
        yield from _block(model, f"decoder.blocks.{number}", f"decoder/layer_{number}", crosses=True)
    yield from _norm(model, "decoder.ln", "decoder/layer_norm")


def _layers(model: ModelFile, side: str) -> int:
    matches = (match for name in model.variables if (match := _LAYER.match(name)) and match[1] == side)
    return 1 + max((int(match[2]) for match in matches), default=-1)


def _block(model: ModelFile, key: str, source: str, *, crosses: bool) -> Iterator[Tensor]:
    attention = f"{source}/self_attention"
    yield from _split(model, f"{key}.attn", f"{attention}/linear_0", ("query", "key", "value"))
    yield from _linear(model, f"{key}.attn.out", f"{attention}/linear_1")
    yield from _norm(model, f"{key}.attn_ln", f"{attention}/layer_norm")
    if crosses:
        other = f"{source}/attention"
        yield from _linear(model, f"{key}.cross_attn.query", f"{other}/linear_0")
        yield from _split(model, f"{key}.cross_attn", f"{other}/linear_1", ("key", "value"))
        yield from _linear(model, f"{key}.cross_attn.out", f"{other}/linear_2")
        yield from _norm(model, f"{key}.cross_attn_ln", f"{other}/layer_norm")
    yield from _linear(model, f"{key}.mlp.0", f"{source}/ffn/linear_0")
    yield from _linear(model, f"{key}.mlp.2", f"{source}/ffn/linear_1")
    yield from _norm(model, f"{key}.mlp_ln", f"{source}/ffn/layer_norm")


def _split(model: ModelFile, key: str, source: str, names: Sequence[str]) -> Iterator[Tensor]:
    """The matrices that are fused into one. The keys have no bias in a checkpoint, and a bias of zeros here."""
    import numpy as np

    weights = np.split(model.read(f"{source}/weight"), len(names))
    biases = np.split(model.read(f"{source}/bias"), len(names))
    for name, weight, bias in zip(names, weights, biases, strict=True):
        yield f"{key}.{name}.weight", weight
        if name != "key":
            yield f"{key}.{name}.bias", bias
        elif bias.any():
            raise _foreign(model.path.parent, f"{source} has a bias of keys, which Whisper has not")


def _linear(model: ModelFile, key: str, source: str) -> Iterator[Tensor]:
    yield f"{key}.weight", model.read(f"{source}/weight")
    yield f"{key}.bias", model.read(f"{source}/bias")


def _norm(model: ModelFile, key: str, source: str) -> Iterator[Tensor]:
    yield f"{key}.weight", model.read(f"{source}/gamma")
    yield f"{key}.bias", model.read(f"{source}/beta")


def _embedding(model: ModelFile) -> Array:
    """The matrix of tokens, which Whisper uses for input and output alike."""
    import numpy as np

    embedding = model.read("decoder/embeddings/weight")
    if not np.array_equal(embedding, model.read("decoder/projection/weight")):
        raise _foreign(model.path.parent, "it writes tokens by another matrix than it reads them by")
    return embedding


def _dims(model: ModelFile, tensors: dict[str, Array]) -> dict[str, int]:
    """The dimensions that a checkpoint states, by openai-whisper's names."""
    frames, width = tensors["encoder.positional_embedding"].shape
    vocabulary, written = tensors["decoder.token_embedding.weight"].shape
    return {
        "n_mels": tensors["encoder.conv1.weight"].shape[1],
        "n_audio_ctx": frames,
        "n_audio_state": width,
        "n_audio_head": _heads(model, "encoder", width),
        "n_audio_layer": _layers(model, "encoder"),
        "n_vocab": vocabulary,
        "n_text_ctx": tensors["decoder.positional_embedding"].shape[0],
        "n_text_state": written,
        "n_text_head": _heads(model, "decoder", written),
        "n_text_layer": _layers(model, "decoder"),
    }


def _heads(model: ModelFile, side: str, state: int) -> int:
    """Heads of a layer, as the file states them; older files do not."""
    name = f"{side}/num_heads"
    return int(model.read(name)) if name in model.variables else state // HEAD_SIZE
