"""What the engines that compute with torch share: its threads, its random numbers, and its devices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from asrlab_pytest.models.spec import Device


class OnTorch:
    """The part of a loaded model that asks torch about its device."""

    device: Device

    def synchronize(self) -> None:
        import torch

        if self.device == "cuda":
            torch.cuda.synchronize()
        elif self.device == "mps":
            torch.mps.synchronize()

    def device_memory_bytes(self) -> int | None:
        import torch

        if self.device == "cuda":
            return int(torch.cuda.max_memory_allocated())
        return int(torch.mps.driver_allocated_memory()) if self.device == "mps" else None


def reset_peak_memory(device: Device) -> None:
    """Let the peak be this model's, not an earlier one's."""
    if device == "cuda":
        import torch

        torch.cuda.reset_peak_memory_stats()


def empty_cache(device: Device) -> None:
    """Free the memory of a released model."""
    import torch

    if device == "cuda":
        torch.cuda.empty_cache()
    elif device == "mps":
        torch.mps.empty_cache()


@contextmanager
def threads(count: int) -> Iterator[None]:
    """The thread count of torch belongs to the process: set while a model computes, then given back."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def numba_threads(count: int) -> Iterator[None]:
    """The thread count of numba, for code that it compiles. Enter it before `threads`.

    When numba first starts its threads, it sets the count of torch to its own: entering this starts them.
    """
    import numba

    before = numba.get_num_threads()
    numba.set_num_threads(min(count, numba.config.NUMBA_NUM_THREADS))
    try:
        yield
    finally:
        numba.set_num_threads(before)


class Randomness:
    """Random numbers of our own, from a seed. Torch's belong to the process: ours are in force inside `drawn` only."""

    def __init__(self, seed: int, device: Device) -> None:
        import torch

        self._device = device
        before = self._read()
        torch.manual_seed(seed)
        self._own = self._read()
        self._write(before)

    @contextmanager
    def drawn(self) -> Iterator[None]:
        before = self._read()
        self._write(self._own)
        try:
            yield
        finally:
            self._own = self._read()
            self._write(before)

    def _read(self) -> tuple[Any, Any]:
        import torch

        accelerator = {"cuda": torch.cuda, "mps": torch.mps}.get(self._device)
        return torch.get_rng_state(), accelerator.get_rng_state() if accelerator else None

    def _write(self, state: tuple[Any, Any]) -> None:
        import torch

        torch.set_rng_state(state[0])
        accelerator = {"cuda": torch.cuda, "mps": torch.mps}.get(self._device)
        if accelerator:
            accelerator.set_rng_state(state[1])
