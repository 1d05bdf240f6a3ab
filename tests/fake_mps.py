"""A pretend MPS device, so that machines without a Mac can test what runs on one.

    with FakeMPS() as device:                          # obeys the installed torch's own table of operators
        model.to("mps").transcribe(samples)
    assert device.seen["addmm"] > 0                    # every operator that "ran on the device", with its count

Python sees tensors whose ``device`` is ``mps:0``; beneath, each wraps a CPU tensor that does the work. It raises what a
Mac raises for

- float64 on the device,
- sparse tensors, before torch 2.9,
- an operator that the release has no Metal kernel for,
- tensors of two devices in one operator,
- NumPy on a tensor that is still on the device.

`FakeMPS(release="2.8.0")` obeys the table of an older release. The sequence of operators is still that of the installed
torch. Numerics and speed of Metal are not imitated: they need a Mac.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Self
from unittest.mock import patch

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

MPS = torch.device("mps", 0)
CPU = torch.device("cpu")
WIDE = (torch.float64, torch.complex128)
GAPS = Path(__file__).parent / "models" / "mps_gaps.json"
"""Operators without a Metal kernel in older releases; says where they were read."""

NO_FLOAT64 = (
    "Cannot convert a MPS Tensor to float64 dtype as the MPS framework doesn't support float64. "
    "Please use float32 instead."
)
NO_SPARSE = (
    "Could not run 'aten::_sparse_coo_tensor_with_dims_and_tensors' with arguments from the 'SparseMPS' backend."
)
NO_NUMPY = "can't convert mps:0 device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first."

_CPU_ONLY_SPELLINGS = (
    "_scaled_dot_product_flash_attention_for_cpu",
    "mkldnn",
    "_mkldnn",
    "_thnn",
    "_local_scalar_dense",
)
"""Operators that a Mac spells otherwise, because another kernel is chosen there."""
_INDEXING = (
    "index",
    "index_put",
    "index_put_",
    "_index_put_impl_",
    "_unsafe_index",
    "index_fill_",
    "copy_",
    "_to_copy",
)
"""C++ makes the index tensors of these itself, on the device that it believes in: here the CPU."""
_NATIVE_KEYS = {
    "MPS",
    "CompositeImplicitAutograd",
    "CompositeExplicitAutograd",
    "CompositeExplicitAutogradNonFunctional",
}


@dataclass(frozen=True)
class Operators:
    """What a release of torch can do on MPS."""

    missing: frozenset[str]
    has_sparse: bool

    @classmethod
    @cache
    def of(cls, release: str | None = None) -> Self:
        """Of an older release in the table, or of the installed one."""
        if release is not None:
            return cls(frozenset(json.loads(GAPS.read_text(encoding="utf-8"))["missing"][release]), has_sparse=False)
        import torchgen
        import yaml

        path = Path(torchgen.__file__).parent / "packaged/ATen/native/native_functions.yaml"
        text = path.read_text(encoding="utf-8")
        return cls(
            missing_operators(yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))), "SparseMPS" in text
        )


def missing_operators(functions: list[dict[str, Any]]) -> frozenset[str]:
    """The operators of a ``native_functions.yaml`` that no Metal kernel and no composition of others provides."""
    table = {re.match(r"[\w.]+", entry["func"]).group(): entry for entry in functions}  # type: ignore[union-attr]

    def is_missing(name: str) -> bool:
        entry = table[name]
        if "structured_delegate" in entry:
            return is_missing(entry["structured_delegate"])
        keys = {key.strip() for keys in entry.get("dispatch", {}) for key in keys.split(",")}
        return bool(keys) and not keys & _NATIVE_KEYS

    return frozenset(name for name in table if is_missing(name))


class FakeMPS(TorchDispatchMode):
    """The device, for the length of a ``with`` block. Gradients are off inside."""

    active: ClassVar[FakeMPS | None] = None

    def __init__(self, release: str | None = None) -> None:
        super().__init__()
        self.operators = Operators.of(release)
        self.seen: Counter[str] = Counter()
        """Operators that ran on the device, and transfers as ``cpu->mps`` and ``mps->cpu``."""
        self.dtypes: set[torch.dtype] = set()
        """Of all tensors that were put on the device."""
        self.cast_elements = 0
        """Numbers that were cast from one dtype to another on the device."""
        self.synchronized = 0
        self.making = False
        """Whether the Python call under way makes tensors on the device, those without tensor arguments included."""
        self._stack = ExitStack()

    def put(self, tensor: torch.Tensor) -> torch.Tensor:
        """Place a CPU tensor on the device."""
        if isinstance(tensor, MPSTensor):
            return tensor
        if tensor.layout is not torch.strided and not self.operators.has_sparse:
            raise NotImplementedError(NO_SPARSE)
        return MPSTensor(tensor)

    def check(self, name: str, overload: str, tensors: list[torch.Tensor]) -> None:
        """Raise what a Mac would raise for this operator, and count it."""
        self.seen[overload] += 1
        sparse = any(bare(tensor).layout is not torch.strided for tensor in tensors)
        known = sparse or name.startswith(_CPU_ONLY_SPELLINGS)
        if not known and overload in self.operators.missing:
            message = f"The operator 'aten::{overload}' is not currently implemented for the MPS device."
            raise NotImplementedError(message)

    def __enter__(self) -> Self:
        FakeMPS.active = self
        future = torch.__future__
        # Module.to then makes new parameters instead of exchanging the data of the old ones.
        self._stack.callback(
            future.set_overwrite_module_params_on_conversion, future.get_overwrite_module_params_on_conversion()
        )
        future.set_overwrite_module_params_on_conversion(True)
        self._stack.enter_context(torch.no_grad())
        self._stack.enter_context(patch.object(torch.mps, "synchronize", self._synchronize))
        self._stack.enter_context(patch.object(torch.mps, "empty_cache", lambda: None))
        self._stack.enter_context(patch.object(torch.mps, "driver_allocated_memory", lambda: 1 << 20))
        # What is drawn on the device comes from the CPU beneath. The functions themselves would are in torch's tables
        # twice, which its compiler refuses.
        self._stack.enter_context(patch.object(torch.mps, "get_rng_state", lambda: torch.get_rng_state()))  # noqa: PLW0108
        self._stack.enter_context(patch.object(torch.mps, "set_rng_state", lambda state: torch.set_rng_state(state)))  # noqa: PLW0108
        self._stack.enter_context(_PythonCalls(self))
        return super().__enter__()

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing here is compiled, and skipping the compiler would import it, which takes seconds."""
        return False

    def __exit__(self, *exception: object) -> None:
        super().__exit__(*exception)
        self._stack.close()
        FakeMPS.active = None

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return run_operator(func, args, kwargs or {})

    def _synchronize(self) -> None:
        self.synchronized += 1


class MPSTensor(torch.Tensor):
    """A CPU tensor that says it is on the device."""

    cpu_tensor: torch.Tensor
    device = property(lambda self: MPS)  # type: ignore[assignment]
    is_mps = property(lambda self: True)  # type: ignore[assignment]
    is_cpu = property(lambda self: False)  # type: ignore[assignment]

    @staticmethod
    def __new__(cls, tensor: torch.Tensor, *, scratch: bool = False) -> Self:
        """Wrap a tensor. `scratch`: made inside a C++ operator, which sizes its buffers for the CPU."""
        if tensor.dtype in WIDE and not scratch:
            raise TypeError(NO_FLOAT64)
        strided = tensor.layout is torch.strided
        place = {"strides": tensor.stride(), "storage_offset": tensor.storage_offset()} if strided else {}
        made = torch.Tensor._make_wrapper_subclass(cls, tensor.size(), dtype=tensor.dtype, device=CPU, **place)
        made.cpu_tensor = tensor
        if FakeMPS.active is not None:
            FakeMPS.active.dtypes.add(tensor.dtype)
        return made

    def __repr__(self) -> str:  # type: ignore[override]
        return f"MPSTensor({self.cpu_tensor!r})"

    def tolist(self) -> Any:
        return self.cpu_tensor.tolist()

    def indices(self) -> torch.Tensor:
        return MPSTensor(self.cpu_tensor.indices())

    def numpy(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(NO_NUMPY)

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(NO_NUMPY)

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return run_operator(func, args, kwargs or {})


def bare(value: Any) -> Any:
    """The CPU tensor beneath a tensor of the device; anything else as it is."""
    return value.cpu_tensor if isinstance(value, MPSTensor) else value


def run_operator(func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """One operator, below autograd: checked against the device's rules, then run on the CPU."""
    device = FakeMPS.active
    tensors = [value for value in tree_leaves((args, kwargs)) if isinstance(value, torch.Tensor)]
    on_device = any(isinstance(tensor, MPSTensor) for tensor in tensors)
    if not on_device and not (device and device.making and not tensors):
        return func(*args, **kwargs)
    name = func._schema.name.split("::")[1]
    scratch = not tensors and kwargs.get("dtype") in WIDE
    if kwargs.get("dtype") in WIDE and not scratch:
        raise TypeError(NO_FLOAT64)
    if device is not None:
        device.check(name, name if func._overloadname == "default" else f"{name}.{func._overloadname}", tensors)
    strangers = [tensor for tensor in tensors if not isinstance(tensor, MPSTensor) and tensor.dim() > 0]
    if on_device and strangers and name not in _INDEXING:
        message = (
            f"Expected all tensors to be on the same device, but found at least two devices, mps:0 and cpu! ({name})"
        )
        raise RuntimeError(message)
    result = func(*tree_map(bare, args), **tree_map(bare, kwargs))
    if name.endswith("_") and not name.startswith("__") and isinstance(args[0], MPSTensor):
        return args[0]
    given = {id(bare(value)): value for value in kwargs.values() if isinstance(value, MPSTensor)}  # out=
    return tree_map(lambda value: _wrapped(value, given, scratch=scratch), result)


def _wrapped(value: Any, given: dict[int, MPSTensor], *, scratch: bool) -> Any:
    if not isinstance(value, torch.Tensor):
        return value
    return given.get(id(value)) or MPSTensor(value, scratch=scratch)


class _PythonCalls(TorchFunctionMode):
    """Sees calls from Python, where a device is still named: transfers, and tensors made on the device."""

    def __init__(self, owner: FakeMPS) -> None:
        super().__init__()
        self._owner = owner

    def __torch_function__(self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        name = getattr(func, "__name__", "")
        if func is torch.device or name == "_parse_to":
            return func(*args, **kwargs)
        if name in ("to", "cpu", "mps", "cuda") and args and isinstance(args[0], torch.Tensor):
            return self._move(name, args[0], list(args[1:]), kwargs)
        leaves = tree_leaves((args, kwargs))
        makes = any(map(_is_mps, leaves))
        on_device = any(isinstance(leaf, MPSTensor) for leaf in leaves)
        if makes:
            args, kwargs = tree_map(lambda leaf: CPU if _is_mps(leaf) else leaf, (args, kwargs))
        elif kwargs.get("device") is not None:
            on_device = False
        before = self._owner.making
        self._owner.making = makes or on_device or (before and not kwargs.get("device"))
        try:
            result = func(*args, **kwargs)
        finally:
            self._owner.making = before
        if makes or (name == "new_tensor" and on_device):
            result = tree_map(lambda leaf: self._owner.put(leaf) if isinstance(leaf, torch.Tensor) else leaf, result)
        return result

    def _move(self, name: str, tensor: torch.Tensor, args: list[Any], kwargs: dict[str, Any]) -> torch.Tensor:
        """`Tensor.to` and its kin: to another device, to another dtype, or both."""
        if name == "cuda":
            message = "Torch not compiled with CUDA enabled"
            raise AssertionError(message)
        example = next((value for value in args if isinstance(value, torch.Tensor)), None)
        named = [value for value in (*args, kwargs.get("device")) if _is_mps(value) or _is_cpu(value)]
        dtypes = [value for value in (*args, kwargs.get("dtype")) if isinstance(value, torch.dtype)]
        to = {"cpu": CPU, "mps": MPS}.get(name) or (example.device if example is not None else next(iter(named), None))
        dtype = example.dtype if example is not None else next(iter(dtypes), tensor.dtype)
        was_on_device = isinstance(tensor, MPSTensor)
        on_device = was_on_device if to is None else _is_mps(to)
        if on_device and dtype in WIDE:
            raise TypeError(NO_FLOAT64)
        if was_on_device == on_device and dtype == tensor.dtype and not kwargs.get("copy"):
            return tensor
        self._count(tensor, was_on_device=was_on_device, on_device=on_device)
        moved: torch.Tensor = bare(tensor).to(dtype, copy=True)
        return self._owner.put(moved) if on_device else moved

    def _count(self, tensor: torch.Tensor, *, was_on_device: bool, on_device: bool) -> None:
        if was_on_device and on_device:
            self._owner.seen["_to_copy"] += 1
            self._owner.cast_elements += tensor.numel()
        elif was_on_device or on_device:
            self._owner.seen["mps->cpu" if was_on_device else "cpu->mps"] += 1


def _is_mps(value: Any) -> bool:
    return (isinstance(value, torch.device) and value.type == "mps") or (
        isinstance(value, str) and value.split(":")[0] == "mps"
    )


def _is_cpu(value: Any) -> bool:
    return (isinstance(value, torch.device) and value.type == "cpu") or (isinstance(value, str) and value == "cpu")
