"""Loads the parts of an LFM2-Audio checkpoint on the device that was asked for, by liquid-audio's own classes.

The package's own way would do, but for five things: it builds the decoder of speech on CUDA whatever the device, takes
flash attention wherever that can be imported, reads files straight to a device that may not take them, is content with
a checkpoint that lacks half of the weights, and takes two to three times the memory of the model to load it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrlab_pytest.errors import AsrlabError, ModelError
from asrlab_pytest.models.device import computes_in_bfloat16
from asrlab_pytest.models.engines.lfm2.files import MIMI, has_speech, read_config
from asrlab_pytest.models.engines.lfm2.tensors import fill, give_memory, parameters_without_memory, settle
from asrlab_pytest.models.spec import Device, ModelSpec
from asrlab_pytest.models.support.common import first_line, tilde
from asrlab_pytest.models.support.hub_files import checkpoint_hint

if TYPE_CHECKING:
    import torch

HALF = 2
"""Bytes of a number in half precision."""


def load_parts(spec: ModelSpec, folder: Path, device: Device, compute_type: str) -> tuple[Any, Any]:
    """The package's processor and model, on the device, with every tensor of the checkpoint in its place.

    Raises:
        ModelError: a file is damaged, or lacks tensors, or has some that fit nowhere.
    """
    import torch
    from liquid_audio import LFM2AudioProcessor

    try:
        # A folder as text would be taken for a hub id.
        processor = LFM2AudioProcessor.from_pretrained(folder, device=device).eval()
        if spec.task != "asr":
            _add_decoder(spec, processor, folder, device)
        return processor, _model(spec, folder, device, getattr(torch, compute_type))
    except AsrlabError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged file fails in any of a dozen ways
        raise ModelError(
            f"model {spec.id}: liquid-audio does not load {tilde(folder)} on {device}: {first_line(error)}",
            hint=checkpoint_hint(spec),
        ) from None


def _model(spec: ModelSpec, folder: Path, device: Device, dtype: torch.dtype) -> Any:
    import torch
    from accelerate import init_on_device
    from liquid_audio import LFM2AudioModel
    from liquid_audio.model.conformer.encoder import ConformerEncoderConfig
    from liquid_audio.model.lfm2_audio import DepthformerConfig, LFM2AudioConfig
    from transformers import Lfm2Config

    config = read_config(spec, folder)
    configuration = LFM2AudioConfig(
        lfm=Lfm2Config(**config.pop("lfm")),
        encoder=ConformerEncoderConfig(**config.pop("encoder")),
        depthformer=DepthformerConfig(**config.pop("depthformer")),
        **config,
    )
    with init_on_device(torch.device(device), include_buffers=True), parameters_without_memory():
        model = LFM2AudioModel(configuration)
    # The one buffer that is computed where the parameters are: they were nowhere yet.
    del model.conformer.pos_enc.pe
    give_memory(model, device, dtype)
    model.conformer.set_max_audio_length(model.conformer.pos_emb_max_len)
    model.lfm.set_attn_implementation(_attention(device, dtype))
    fill(spec, model, folder)
    return model.eval()


def _attention(device: Device, dtype: torch.dtype) -> str:
    """Flash attention where it is installed and can compute: on CUDA, in half precision, from Ampere on."""
    from liquid_audio.utils import module_exists

    can = device == "cuda" and dtype.itemsize == HALF and computes_in_bfloat16(device)
    return "flash_attention_2" if can and module_exists("flash_attn") else "sdpa"


def _add_decoder(spec: ModelSpec, processor: Any, folder: Path, device: Device) -> None:
    """Give the processor its decoder of speech: where it has one, it makes none on CUDA."""
    if not has_speech(folder):
        raise ModelError(
            f"model {spec.id}: {tilde(folder)} has no weights for a speech decoder", hint=checkpoint_hint(spec)
        )
    if processor.detokenizer_path is not None:
        processor._audio_detokenizer = _detokenizer(spec, Path(processor.detokenizer_path)).to(device)
    else:
        processor._mimi = _mimi(spec, folder).to(device)


def _detokenizer(spec: ModelSpec, folder: Path) -> Any:
    from liquid_audio import LFM2AudioDetokenizer
    from transformers import Lfm2Config

    config = Lfm2Config.from_pretrained(folder / "config.json")
    # The names are llama.cpp's; that attention slides is in the mask that the detokenizer makes.
    config.layer_types = ["conv" if kind == "conv" else "full_attention" for kind in config.layer_types]
    detokenizer = LFM2AudioDetokenizer(config)
    fill(spec, detokenizer, folder)
    return detokenizer.eval()


def _mimi(spec: ModelSpec, folder: Path) -> Any:
    from liquid_audio.moshi.models.loaders import get_mimi
    from safetensors.torch import load_file

    mimi = get_mimi(None, device="cpu")
    # Its modules rename what older files have, and see only what is read at once.
    tensors = load_file(folder / MIMI)
    settle(spec, mimi, mimi.load_state_dict(tensors, strict=False), len(tensors), folder / MIMI)
    return mimi.eval()
