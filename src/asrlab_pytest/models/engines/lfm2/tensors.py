"""Brings the tensors of a checkpoint to their places in a module, without holding any of them twice.

Made as torch makes it, a module has all of its parameters in float32 at first, and a checkpoint that is read whole
is next to it: together up to three times the memory that the model then takes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.engines.lfm2.files import FILES, INDEX
from asrlab_pytest.models.spec import Device, ModelSpec
from asrlab_pytest.models.support.common import tilde
from asrlab_pytest.models.support.hub_files import checkpoint_hint

if TYPE_CHECKING:
    import torch

NAMED = 3
"""How many of the tensors that are missing or too many an error names."""
COMPUTED = ("codebook_offsets", "audio_loss_weights", "istft.window", "num_batches_tracked", "inv_freq")
"""Endings of the names of tensors that are no weights: a checkpoint may have them or not."""


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
