"""Write a Whisper of openai-whisper in the layouts of transformers and mlx-whisper, both of which are safetensors."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import whisper
from safetensors.torch import save_file

NAMES = {
    "blocks": "layers",
    "mlp.0": "fc1",
    "mlp.2": "fc2",
    "mlp_ln": "final_layer_norm",
    ".cross_attn_ln": ".encoder_attn_layer_norm",
    ".cross_attn.query": ".encoder_attn.q_proj",
    ".cross_attn.key": ".encoder_attn.k_proj",
    ".cross_attn.value": ".encoder_attn.v_proj",
    ".cross_attn.out": ".encoder_attn.out_proj",
    ".attn_ln": ".self_attn_layer_norm",
    ".attn.query": ".self_attn.q_proj",
    ".attn.key": ".self_attn.k_proj",
    ".attn.value": ".self_attn.v_proj",
    ".attn.out": ".self_attn.out_proj",
    "decoder.ln.": "decoder.layer_norm.",
    "encoder.ln.": "encoder.layer_norm.",
    "token_embedding": "embed_tokens",
    "positional_embedding": "embed_positions.weight",
    "ln_post": "layer_norm",
}
"""Parts of the names of tensors, and what transformers calls them."""
FEATURES = {
    "feature_extractor_type": "WhisperFeatureExtractor",
    "chunk_length": 30,
    "hop_length": 160,
    "n_fft": 400,
    "n_samples": 480_000,
    "nb_max_frames": 3000,
    "padding_side": "right",
    "padding_value": 0.0,
    "return_attention_mask": False,
    "sampling_rate": 16_000,
}
ENDING = "<|endoftext|>"


def for_transformers(model: Any, folder: Path, tokenizer_json: Path) -> None:
    """A folder as openai/whisper-tiny.en is on the hub, in single precision; the model is of English alone."""
    folder.mkdir(parents=True, exist_ok=True)
    tokens, dims = whisper.tokenizer.get_tokenizer(model.is_multilingual), model.dims
    tensors = {f"model.{renamed(name)}": one.float().contiguous() for name, one in model.state_dict().items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    ends = {"bos_token_id": tokens.eot, "eos_token_id": tokens.eot, "pad_token_id": tokens.eot}
    config = {
        "architectures": ["WhisperForConditionalGeneration"],
        "model_type": "whisper",
        "is_encoder_decoder": True,
        **ends,
        "decoder_start_token_id": tokens.sot,
        "d_model": dims.n_audio_state,
        "vocab_size": dims.n_vocab,
        "num_mel_bins": dims.n_mels,
        "max_source_positions": dims.n_audio_ctx,
        "max_target_positions": dims.n_text_ctx,
        **{f"{part}_layers": getattr(dims, f"n_{name}_layer") for part, name in SIDES},
        **{f"{part}_attention_heads": getattr(dims, f"n_{name}_head") for part, name in SIDES},
        **{f"{part}_ffn_dim": 4 * getattr(dims, f"n_{name}_state") for part, name in SIDES},
    }
    never = (tokens.sot, tokens.sot_prev, tokens.sot_lm, tokens.no_speech, tokens.transcribe, tokens.translate)
    generation = {
        **ends,
        "decoder_start_token_id": tokens.sot,
        "is_multilingual": model.is_multilingual,
        "max_length": dims.n_text_ctx,
        "max_initial_timestamp_index": 50,
        "no_timestamps_token_id": tokens.no_timestamps,
        "prev_sot_token_id": tokens.sot_prev,
        "return_timestamps": False,
        "suppress_tokens": sorted({*tokens.non_speech_tokens, *never}),
        "begin_suppress_tokens": [*tokens.encode(" "), tokens.eot],
    }
    special = dict.fromkeys(("bos_token", "eos_token", "unk_token", "pad_token"), ENDING)
    files = {
        "config": config,
        "generation_config": generation,
        "preprocessor_config": {**FEATURES, "feature_size": dims.n_mels},
        "tokenizer_config": {"tokenizer_class": "WhisperTokenizer", "model_max_length": 1024, **special},
    }
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content, indent=2), encoding="utf-8")
    shutil.copy(tokenizer_json, folder / "tokenizer.json")


SIDES = (("encoder", "audio"), ("decoder", "text"))
"""What transformers and openai-whisper call the two halves."""


def renamed(name: str) -> str:
    """The name of a tensor in transformers."""
    for old, new in NAMES.items():
        name = name.replace(old, new)
    return name


def for_mlx(model: Any, folder: Path) -> None:
    """A folder as mlx-community publishes Whisper, in half precision."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {}
    for name, tensor in model.state_dict().items():
        if name != "encoder.positional_embedding":  # a sine, which mlx-whisper makes itself
            is_convolution = "conv" in name and tensor.ndim == 3
            tensors[name.replace("mlp.0", "mlp1").replace("mlp.2", "mlp2")] = (
                (tensor.transpose(1, 2) if is_convolution else tensor).half().contiguous()
            )
    save_file(tensors, folder / "weights.safetensors")
    config = {**vars(model.dims), "model_type": "whisper"}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
