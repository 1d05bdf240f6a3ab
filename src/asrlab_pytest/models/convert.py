"""Turns an openai-whisper checkpoint into a CTranslate2 folder, so that both engines can run the same weights.

Neither transformers nor a hub is needed: the weights are copied tensor by tensor, unchanged, and the tokenizer is
rebuilt from the vocabulary in openai-whisper's own package.
"""

from __future__ import annotations

import base64
import gzip
import json
import shutil
import warnings
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.support.common import package_missing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Tensors = Mapping[str, NDArray[np.floating[Any]]]

Heads = Sequence[tuple[int, int]]
"""Attention heads as (decoder layer, head)."""

SMALLEST_VOCABULARY = 51864
"""English only. Multilingual ones have one word piece more, and one token for each language beyond 99."""
LARGEST_VOCABULARY = 51866


def convert_checkpoint(checkpoint: Path, folder: Path, *, alignment_heads: Heads | None = None) -> Path:
    """Write the CTranslate2 folder of a checkpoint, whole or not at all; an older folder there is replaced.

    Args:
        checkpoint: A ``.pt`` file of openai-whisper, English-only or multilingual.
        folder: Where ``faster-whisper`` is to find it.
        alignment_heads: Heads that word timestamps come from. By default those that OpenAI published for a checkpoint
            of this file name and size, or else all heads of the upper half, as in openai-whisper.

    Returns:
        The folder.

    Raises:
        ModelError: a package is missing, or the file is not a checkpoint of openai-whisper.
    """
    missing = package_missing("whisper", "whisper") or package_missing("ctranslate2", "faster-whisper")
    if missing:
        raise ModelError(f"{checkpoint} cannot be converted: {missing.reason}", hint=missing.hint)
    dims, tensors = _read(checkpoint)
    tokenizer = _tokenizer(dims)
    spec = _spec(checkpoint, dims, tensors)
    _describe(spec.config, tokenizer, dims, alignment_heads or _default_heads(checkpoint.stem, dims))
    spec.register_vocabulary(_vocabulary(tokenizer.encoding))
    spec.validate()
    spec.optimize(quantization=_stored_type(tensors))
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.{uuid4().hex}")
    draft.mkdir()
    try:
        spec.save(str(draft))
        (draft / "tokenizer.json").write_text(_tokenizer_json(tokenizer.encoding), encoding="utf-8")
        (draft / "preprocessor_config.json").write_text(json.dumps(_audio_config(dims), indent=2), encoding="utf-8")
        _put(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def _put(draft: Path, folder: Path) -> None:
    """Move the finished draft to its place. Where another process was faster, its folder may stay."""
    older = folder.with_name(f"{draft.name}.older")
    try:
        if folder.exists():
            folder.rename(older)
        draft.rename(folder)
    except OSError:
        if not (folder / "model.bin").is_file():
            raise
    finally:
        shutil.rmtree(older, ignore_errors=True)


# ---------------------------------------------------------------------------------------------------------------------
# Reading


def _read(checkpoint: Path) -> tuple[Any, Tensors]:
    """The checkpoint's dimensions, and its tensors by name."""
    if not checkpoint.is_file():
        raise ModelError(f"no file {checkpoint}", hint="correct the path of the checkpoint")
    import torch
    from whisper.model import ModelDimensions

    try:
        content = torch.load(checkpoint, map_location="cpu", weights_only=True)
        dims = ModelDimensions(**content["dims"])
        tensors = {name: _numpy(tensor) for name, tensor in content["model_state_dict"].items()}
    except Exception as error:  # noqa: BLE001 - a foreign file fails in any of a dozen ways
        raise _foreign(
            checkpoint, f"{type(error).__name__}: {(str(error) or 'truncated?').splitlines()[0]:.120}"
        ) from None
    if not SMALLEST_VOCABULARY <= dims.n_vocab <= LARGEST_VOCABULARY:
        raise _foreign(
            checkpoint, f"its vocabulary has {dims.n_vocab} tokens, not {SMALLEST_VOCABULARY} to {LARGEST_VOCABULARY}"
        )
    return dims, tensors


def _foreign(checkpoint: Path, reason: str) -> ModelError:
    return ModelError(
        f"{checkpoint} is not a checkpoint of openai-whisper ({reason})",
        hint="give a file with `dims` and `model_state_dict`, as OpenAI publishes them",
    )


def _numpy(tensor: Any) -> NDArray[np.floating[Any]]:
    import torch

    array: NDArray[np.floating[Any]] = (tensor if tensor.dtype == torch.float16 else tensor.float()).numpy()
    return array


def _stored_type(tensors: Tensors) -> str:
    """Half precision where the checkpoint has nothing else: then no bit is lost, and half of the disk is saved."""
    return "float16" if all(array.dtype == "float16" for array in tensors.values()) else "float32"


# ---------------------------------------------------------------------------------------------------------------------
# Weights


def _spec(checkpoint: Path, dims: Any, tensors: Tensors) -> Any:
    """CTranslate2's description of the model, filled with the checkpoint's tensors."""
    from ctranslate2.specs.whisper_spec import WhisperSpec

    spec = WhisperSpec(dims.n_audio_layer, dims.n_audio_head, dims.n_text_layer, dims.n_text_head)
    try:
        _fill_encoder(spec.encoder, tensors)
        _fill_decoder(spec.decoder, tensors)
    except KeyError as error:
        raise _foreign(checkpoint, f"it lacks the tensor {error.args[0]}") from None
    return spec


def _fill_encoder(spec: Any, tensors: Tensors) -> None:
    for name in ("conv1", "conv2"):
        _fill_linear(getattr(spec, name), tensors, f"encoder.{name}")
    spec.position_encodings.encodings = tensors["encoder.positional_embedding"]
    for number, layer in enumerate(spec.layer):
        key = f"encoder.blocks.{number}"
        _fill_attention(layer.self_attention, tensors, f"{key}.attn", fused=3)
        _fill_feed_forward(layer.ffn, tensors, key)
    _fill_norm(spec.layer_norm, tensors, "encoder.ln_post")


def _fill_decoder(spec: Any, tensors: Tensors) -> None:
    embedding = tensors["decoder.token_embedding.weight"]
    spec.embeddings.weight = embedding
    spec.projection.weight = embedding
    spec.position_encodings.encodings = tensors["decoder.positional_embedding"]
    for number, layer in enumerate(spec.layer):
        key = f"decoder.blocks.{number}"
        _fill_attention(layer.self_attention, tensors, f"{key}.attn", fused=3)
        _fill_attention(layer.attention, tensors, f"{key}.cross_attn", fused=1)
        _fill_feed_forward(layer.ffn, tensors, key)
    _fill_norm(spec.layer_norm, tensors, "decoder.ln")


def _fill_attention(spec: Any, tensors: Tensors, key: str, *, fused: int) -> None:
    """Attention to itself has query, key and value in one matrix; attention to the audio has key and value in one."""
    from ctranslate2.converters.utils import fuse_linear
    from ctranslate2.specs.common_spec import LinearSpec

    layers = [_fill_linear(LinearSpec(), tensors, f"{key}.{name}") for name in ("query", "key", "value")]
    fuse_linear(spec.linear[0], layers[:fused])
    if layers[fused:]:
        fuse_linear(spec.linear[1], layers[fused:])
    _fill_linear(spec.linear[-1], tensors, f"{key}.out")
    _fill_norm(spec.layer_norm, tensors, f"{key}_ln")


def _fill_feed_forward(spec: Any, tensors: Tensors, key: str) -> None:
    _fill_linear(spec.linear_0, tensors, f"{key}.mlp.0")
    _fill_linear(spec.linear_1, tensors, f"{key}.mlp.2")
    _fill_norm(spec.layer_norm, tensors, f"{key}.mlp_ln")


def _fill_linear(spec: Any, tensors: Tensors, key: str) -> Any:
    spec.weight = tensors[f"{key}.weight"]
    if f"{key}.bias" in tensors:  # the keys' projection has none
        spec.bias = tensors[f"{key}.bias"]
    return spec


def _fill_norm(spec: Any, tensors: Tensors, key: str) -> None:
    spec.gamma = tensors[f"{key}.weight"]
    spec.beta = tensors[f"{key}.bias"]


# ---------------------------------------------------------------------------------------------------------------------
# Decoding rules


def _describe(config: Any, tokenizer: Any, dims: Any, alignment_heads: Heads) -> None:
    """The tokens that openai-whisper never writes, its language tokens, and the heads of its word timestamps."""
    never = (tokenizer.transcribe, tokenizer.translate, tokenizer.sot, tokenizer.sot_prev, tokenizer.sot_lm)
    config.suppress_ids = sorted({*tokenizer.non_speech_tokens, *never, tokenizer.no_speech})
    config.suppress_ids_begin = [*tokenizer.encode(" "), tokenizer.eot]
    config.lang_ids = sorted(tokenizer.all_language_tokens) if _is_multilingual(dims) else []
    config.alignment_heads = [list(head) for head in alignment_heads]


def _default_heads(name: str, dims: Any) -> Heads:
    import numpy as np
    import whisper

    heads = np.zeros((dims.n_text_layer, dims.n_text_head), dtype=bool)
    heads[dims.n_text_layer // 2 :] = True
    published = whisper._ALIGNMENT_HEADS.get(name)  # noqa: SLF001 - published nowhere else
    if published is not None:
        flags = np.frombuffer(gzip.decompress(base64.b85decode(published)), dtype=bool)
        heads = flags.reshape(heads.shape) if flags.size == heads.size else heads
    places = product(range(dims.n_text_layer), range(dims.n_text_head))
    return [place for place in places if heads[place]]


def _audio_config(dims: Any) -> dict[str, int]:
    from whisper import audio

    return {
        "feature_size": dims.n_mels,
        "sampling_rate": audio.SAMPLE_RATE,
        "hop_length": audio.HOP_LENGTH,
        "chunk_length": audio.CHUNK_LENGTH,
        "n_fft": audio.N_FFT,
    }


# ---------------------------------------------------------------------------------------------------------------------
# Tokenizer


def _is_multilingual(dims: Any) -> bool:
    return bool(dims.n_vocab > SMALLEST_VOCABULARY)


def _tokenizer(dims: Any) -> Any:
    from whisper.tokenizer import get_tokenizer

    multilingual = _is_multilingual(dims)
    others = SMALLEST_VOCABULARY - 99 + multilingual
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the package leaves the closing of its file to Python
        return get_tokenizer(multilingual, num_languages=dims.n_vocab - others)


def _aliases() -> dict[int, str]:
    """GPT-2's printable stand-in for every byte: itself where it is visible, else a letter from U+0100 on."""
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(0x100) if byte not in visible]
    return {**{byte: chr(byte) for byte in visible}, **{byte: chr(0x100 + n) for n, byte in enumerate(hidden)}}


def _vocabulary(encoding: Any) -> list[str]:
    """Every token as CTranslate2 and tokenizers write it, by id."""
    alias = _aliases()
    tokens = {number: "".join(alias[byte] for byte in token) for token, number in encoding._mergeable_ranks.items()}  # noqa: SLF001
    tokens |= {number: token for token, number in encoding._special_tokens.items()}  # noqa: SLF001
    return [tokens[number] for number in range(encoding.n_vocab)]


def _tokenizer_json(encoding: Any) -> str:
    """A file for the tokenizers package that splits and joins text as the tiktoken encoding does."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, pre_tokenizers
    from tokenizers.models import BPE

    tokens = _vocabulary(encoding)
    special = sorted(encoding._special_tokens.values())  # noqa: SLF001
    vocabulary = {token: number for number, token in enumerate(tokens[: special[0]])}
    tokenizer = Tokenizer(BPE(vocab=vocabulary, merges=_merges(encoding._mergeable_ranks)))  # noqa: SLF001
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(encoding._pat_str), "isolated"),  # noqa: SLF001
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(tokens[number], special=True, normalized=False) for number in special])
    text: str = tokenizer.to_str()
    return text


def _merges(ranks: Mapping[bytes, int]) -> list[tuple[str, str]]:
    """The pair that each token was merged from, in the order in which they were learnt."""
    alias = _aliases()
    pairs = (_pair(token, rank, ranks) for token, rank in sorted(ranks.items(), key=lambda item: item[1]))
    return [
        ("".join(alias[byte] for byte in first), "".join(alias[byte] for byte in second))
        for first, second in (pair for pair in pairs if len(pair) == 2)  # noqa: PLR2004 - single bytes have no pair
    ]


def _pair(token: bytes, rank: int, ranks: Mapping[bytes, int]) -> list[bytes]:
    """Join a token's bytes by all merges older than itself: what is left is its pair."""
    parts = [token[at : at + 1] for at in range(len(token))]
    while len(parts) > 2:  # noqa: PLR2004
        oldest, at = min((ranks.get(parts[at] + parts[at + 1], rank), at) for at in range(len(parts) - 1))
        if oldest >= rank:
            break
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts
