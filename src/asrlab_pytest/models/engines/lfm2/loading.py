"""Loads the parts of an LFM2-Audio checkpoint on the device that was asked for, by liquid-audio's own classes.

The package's own way would do, but for five things: it builds the decoder of speech on CUDA whatever the device, takes
flash attention wherever that can be imported, reads files straight to a device that may not take them, is content with
a checkpoint that lacks half of the weights, and takes two to three times the memory of the model to load it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrlab_pytest.errors import AsrlabError, ModelError
from asrlab_pytest.models.device import computes_in_bfloat16
from asrlab_pytest.models.engines.lfm2.files import FILES, INDEX, MIMI, has_speech, read_config
from asrlab_pytest.models.spec import Device, ModelSpec
from asrlab_pytest.models.support.common import first_line, tilde
from asrlab_pytest.models.support.hub_files import checkpoint_hint

if TYPE_CHECKING:
    import torch

HALF = 2
"""Bytes of a number in half precision."""
NAMED = 3
"""How many of the tensors that are missing or too many an error names."""
COMPUTED = ("codebook_offsets", "audio_loss_weights", "istft.window", "num_batches_tracked", "inv_freq")
"""Endings of the names of tensors that are no weights: a checkpoint may have them or not."""


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


# ---------------------------------------------------------------------------------------------------------------------
# Tensors: each is brought to its place, and none is held twice


@contextmanager
def parameters_without_memory() -> Iterator[None]:
    """Modules that are made inside have parameters without memory; their buffers are computed as ever.

    accelerate's way of doing this parts tied parameters.
    """
    import torch
    from torch import nn

    register = nn.Module.register_parameter

    def register_empty(module: Any, name: str, parameter: Any) -> None:
        if parameter is not None and not parameter.is_meta:
            parameter = nn.Parameter(torch.empty(parameter.shape, dtype=parameter.dtype, device="meta"))
        register(module, name, parameter)

    nn.Module.register_parameter = register_empty
    try:
        yield
    finally:
        nn.Module.register_parameter = register


def give_memory(module: Any, device: Device, dtype: torch.dtype) -> None:
    """Give each parameter memory on the device, to be filled; tied ones stay tied. Buffers are moved and cast."""
    import torch
    from torch import nn

    tensors: dict[Any, Any] = {}
    for part in module.modules():
        for name, parameter in part._parameters.items():
            if parameter is not None:
                if parameter not in tensors:
                    tensors[parameter] = nn.Parameter(torch.empty(parameter.shape, dtype=dtype, device=device))
                part._parameters[name] = tensors[parameter]
    module.to(device=device, dtype=dtype)


def fill(spec: ModelSpec, module: Any, folder: Path) -> None:
    """Copy the tensors of a folder's checkpoint into a module, one after the other.

    Raises:
        ModelError: the module has weights that the checkpoint lacks, or the other way round, or of other shapes.
    """
    places, unexpected, names = module.state_dict(), [], set()
    for name, tensor in _stored(folder):
        names.add(name)
        if name not in places:
            unexpected.append(name)
        elif places[name].shape != tensor.shape:
            raise ModelError(
                f"model {spec.id}: {name} has the shape {tuple(tensor.shape)} in the checkpoint {tilde(folder)}, "
                f"and {tuple(places[name].shape)} by its config.json",
                hint=checkpoint_hint(spec),
            )
        else:
            places[name].copy_(tensor)
    missing = [name for name in places if name not in names]
    settle(spec, module, (missing, unexpected), len(names), folder)


def settle(spec: ModelSpec, module: Any, misfits: tuple[list[str], list[str]], count: int, place: Path) -> None:
    """See that a module got all of its weights from a checkpoint of so many tensors, and that none was left over.

    `misfits` are the names that only the module has, and those that only the checkpoint has.

    Raises:
        ModelError: there are weights missing or too many; it names some.
    """
    missing, unexpected = misfits
    faults = {
        "lacks": _weights(_untied(module, missing)),
        "has, and the model does not,": _weights(unexpected),
    }
    said = [
        f"{verb} {len(names)} of {count + len(missing)} tensors ({_some(names)})"
        for verb, names in faults.items()
        if names
    ]
    if said:
        raise ModelError(
            f"model {spec.id}: the checkpoint {tilde(place)} {' and '.join(said)}", hint=checkpoint_hint(spec)
        )


def _stored(folder: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """The tensors of a checkpoint, from one file or several."""
    from safetensors import safe_open

    index = folder / INDEX
    files = [FILES[-1]]
    if index.is_file():
        files = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
    for file in files:
        with safe_open(folder / file, framework="pt") as opened:
            names = opened.offset_keys()
        for name in names:
            # What was read of an open file stays in the memory of the process until it is closed.
            with safe_open(folder / file, framework="pt") as opened:
                tensor = opened.get_tensor(name)
            yield name, tensor


def _untied(module: Any, missing: list[str]) -> list[str]:
    """The missing tensors that are not another name for one that is there."""
    parameters = dict(module.named_parameters(remove_duplicate=False))
    filled = {parameter for name, parameter in parameters.items() if name not in missing}
    return [name for name in missing if parameters.get(name) not in filled]


def _weights(names: list[str]) -> list[str]:
    return sorted(name for name in names if not name.endswith(COMPUTED))


def _some(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")
