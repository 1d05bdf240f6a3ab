"""Builds tiny checkpoints of LFM2-Audio: real shapes, files and token ids, random weights, 31 MB in a few seconds."""

import json
import os
from pathlib import Path

import torch
from liquid_audio import LFM2AudioDetokenizer, LFM2AudioModel
from liquid_audio.model.conformer.encoder import ConformerEncoderConfig
from liquid_audio.model.lfm2_audio import DepthformerConfig, LFM2AudioConfig
from safetensors.torch import load_file, save_file, save_model
from tokenizers import AddedToken, Tokenizer, decoders, pre_tokenizers
from tokenizers.models import BPE
from transformers import Lfm2Config

SPECIAL = {
    0: "<|pad|>",
    1: "<|startoftext|>",
    2: "<|endoftext|>",
    6: "<|im_start|>",
    7: "<|im_end|>",
    128: "<|audio_start|>",
    129: "<|text_start|>",
    130: "<|text_end|>",
}
SPECIALS = 133
WORDS = ("Go", " forward", " ten", " meters", " miles", ".")
"""Tokens of their own; everything else is spelled in bytes."""
SPACE = "\u0120"
"""How the tokenizer writes a space."""
HIDDEN = 64
CONTEXT = 4096
GROWTH = 2.5
NEWLINE = "\u010a"
"""The last token before the model answers."""


def build(folder, *, context=CONTEXT, seed=0, width=2 * HIDDEN):
    """A checkpoint of random weights. `width` makes it large: each number more takes 768 bytes."""
    folder.mkdir(parents=True)
    torch.manual_seed(seed)
    config = _config(_tokenizer(folder), context, width)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    config = json.loads(json.dumps(config))
    model = LFM2AudioModel(
        LFM2AudioConfig(
            lfm=Lfm2Config(**config.pop("lfm")),
            encoder=ConformerEncoderConfig(**config.pop("encoder")),
            depthformer=DepthformerConfig(**config.pop("depthformer")),
            **config,
        )
    )
    _save(folder, model.to(torch.bfloat16).state_dict())
    _detokenizer(folder / "audio_detokenizer")
    return folder


def scripted(folder, source, tokens):
    """A copy that always answers with these tokens, in the order given; none may come twice."""
    folder.mkdir(parents=True)
    for file in source.rglob("*"):
        target = folder / file.relative_to(source)
        if file.is_dir():
            target.mkdir()
        elif file.name != "model.safetensors" or file.parent != source:
            os.link(file, target)
    weights = load_file(source / "model.safetensors")
    vocabulary = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    for name, tensor in weights.items():
        # No layer adds anything to what the token itself says.
        if name.startswith("lfm.layers.") and name.endswith(("out_proj.weight", "w2.weight")):
            tensor.zero_()
    # Each token is most like the next: they share a direction, in which the next is longer.
    embedding = weights["lfm.embed_tokens.weight"].zero_()
    for place, token in enumerate([NEWLINE, *(token.replace(" ", SPACE) for token in tokens)]):
        embedding[vocabulary[token], place : place + 2] = GROWTH**place
    _save(folder, weights)
    return folder


def spelled(text):
    """A text as tokens of one byte each."""
    letters = _letters()
    return [letters[byte] for byte in text.encode()]


def _letters():
    """How byte-level tokenizers write each byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return {byte: chr(byte) for byte in plain} | {byte: chr(256 + place) for place, byte in enumerate(others)}


def _tokenizer(folder):
    """The token ids that liquid-audio has in its code, bytes after them, and a few words."""
    vocabulary = {SPECIAL.get(number, f"<|reserved_{number}|>"): number for number in range(SPECIALS)}
    for token in [*_letters().values(), *(word.replace(" ", SPACE) for word in WORDS)]:
        vocabulary.setdefault(token, len(vocabulary))
    tokenizer = Tokenizer(BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in list(vocabulary)[:SPECIALS]]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(
        json.dumps(
            {
                "tokenizer_class": "PreTrainedTokenizerFast",
                "bos_token": SPECIAL[1],
                "eos_token": SPECIAL[7],
                "pad_token": SPECIAL[0],
            }
        ),
        encoding="utf-8",
    )
    return len(vocabulary)


def _config(vocabulary, context, width):
    return {
        "architectures": ["Lfm2AudioForConditionalGeneration"],
        "codebooks": 8,
        "tie_audio_embeddings": False,
        "semantic_codebook_factor": 100.0,
        "codebook_weight": "log",
        "interleaved_n_text": 6,
        "interleaved_n_audio": 12,
        "preprocessor": {
            "sample_rate": 16_000,
            "normalize": "per_feature",
            "window_size": 0.025,
            "window_stride": 0.01,
            "window": "hann",
            "features": 128,
            "n_fft": 512,
            "log": True,
            "frame_splicing": 1,
            "dither": 1e-5,
            "pad_to": 0,
            "pad_value": 0.0,
        },
        "encoder": {
            "feat_in": 128,
            "feat_out": -1,
            "n_layers": 1,
            "d_model": 32,
            "subsampling": "dw_striding",
            "subsampling_factor": 8,
            "subsampling_conv_channels": 8,
            "causal_downsampling": False,
            "reduction": None,
            "reduction_position": None,
            "reduction_factor": 1,
            "ff_expansion_factor": 2,
            "self_attention_model": "rel_pos",
            "n_heads": 2,
            "att_context_size": [-1, -1],
            "xscaling": False,
            "untie_biases": True,
            "pos_emb_max_len": 5000,
            "conv_kernel_size": 9,
            "conv_norm_type": "batch_norm",
            "conv_context_size": None,
            "dropout": 0.1,
            "dropout_pre_encoder": 0.1,
            "dropout_emb": 0.0,
            "dropout_att": 0.1,
        },
        "lfm": _backbone(
            HIDDEN, vocabulary, ["conv", "full_attention"], context, intermediate_size=width, block_ff_dim=width
        ),
        "depthformer": {"layers": 1, "dim": 64, "tie": True},
    }


def _backbone(hidden, vocabulary, layers, context, **keys):
    return {
        "architectures": ["Lfm2Model"],
        "model_type": "lfm2",
        "vocab_size": vocabulary,
        "hidden_size": hidden,
        "intermediate_size": 2 * hidden,
        "block_ff_dim": 2 * hidden,
        "block_auto_adjust_ff_dim": False,
        "block_multiple_of": 16,
        "block_dim": hidden,
        "block_ffn_dim_multiplier": 1.0,
        "num_hidden_layers": len(layers),
        "layer_types": layers,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": context,
        "conv_L_cache": 3,
        "conv_bias": False,
        "norm_eps": 1e-5,
        "rope_theta": 1e6,
        "bos_token_id": 1,
        "eos_token_id": 7,
        "pad_token_id": 0,
        "use_cache": True,
        "tie_embedding": True,
        **keys,
    }


def _detokenizer(folder):
    """The decoder of speech; its sizes are in the package's code."""
    folder.mkdir()
    keys = {"intermediate_size": 64, "block_ff_dim": 64, "num_attention_heads": 8, "num_key_value_heads": 4}
    config = _backbone(512, 8, ["conv", "sliding_attention"], CONTEXT, sliding_window=30, **keys)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    detokenizer = LFM2AudioDetokenizer(Lfm2Config(**{**config, "layer_types": ["conv", "full_attention"]}))
    with torch.no_grad():
        # Quiet, so that the random sound is finite.
        detokenizer.lin.weight.mul_(0.05)
        detokenizer.lin.bias.fill_(-3.0)
    save_model(detokenizer.to(torch.bfloat16), str(folder / "model.safetensors"), metadata={"format": "pt"})


def _save(folder: Path, tensors):
    """Tied tensors are in the file twice, as in the published one."""
    save_file(
        {name: tensor.clone().contiguous() for name, tensor in tensors.items()},
        folder / "model.safetensors",
        metadata={"format": "pt"},
    )
