"""Chooses the CUDA device of a process on a machine with several, before any framework looks for one.

Engines request "cuda" and see only that device.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Sequence
from functools import cache

from asrlab_pytest.errors import ConfigError

VISIBLE = "CUDA_VISIBLE_DEVICES"
"""The variable that tells the driver, and so every framework, which devices exist."""


def choose_gpu(gpu: int | None, worker: int | None) -> None:
    """Restrict this process to one CUDA device; without a choice, nothing changes.

    Args:
        gpu: The number of the requested device, among those that are visible; None for any.
        worker: The number of this xdist worker; None outside xdist.

    Raises:
        ConfigError: there are CUDA devices, but none with this number.
    """
    chosen = chosen_gpu(visible_gpus(), gpu, worker)
    if chosen is not None:
        os.environ[VISIBLE] = chosen


def chosen_gpu(gpus: Sequence[str], gpu: int | None, worker: int | None) -> str | None:
    """The device of a process: the requested one, or device k mod n for worker k; None to leave it to the engines."""
    if not gpus or (gpu is None and worker is None):
        return None
    if gpu is None:
        return gpus[(worker or 0) % len(gpus)]
    if gpu >= len(gpus):
        names = "only cuda:0" if len(gpus) == 1 else f"cuda:0 to cuda:{len(gpus) - 1}"
        raise ConfigError(f"no device cuda:{gpu}: this machine has {names}", hint="choose another device")
    return gpus[gpu]


@cache
def visible_gpus() -> tuple[str, ...]:
    """The CUDA devices available to this process before one was chosen, as the variable names them."""
    stated = os.environ.get(VISIBLE)
    if stated is None:
        return tuple(map(str, range(_gpu_count())))
    names = (name.strip() for name in stated.split(","))
    return tuple(name for name in names if name and not name.startswith("-") and name != "NoDevFiles")


def _gpu_count() -> int:
    """The number of devices, from the driver's management library: asking the driver itself would fix the choice."""
    try:
        library = ctypes.CDLL("nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1")
    except OSError:
        return 0
    count = ctypes.c_uint(0)
    if library.nvmlInit_v2() != 0 or library.nvmlDeviceGetCount_v2(ctypes.byref(count)) != 0:
        return 0
    return count.value
