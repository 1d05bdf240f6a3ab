"""Which CUDA device a process uses, where a machine has several: chosen before any framework looks for one.

Engines ask for "cuda", and see one device of that kind.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Sequence
from functools import cache

from asrlab_pytest.errors import ConfigError

VISIBLE = "CUDA_VISIBLE_DEVICES"
"""The variable by which the driver, and so every framework, is told which devices there are."""


def choose_gpu(gpu: int | None, worker: int | None) -> None:
    """Let this process see one CUDA device. Where there is no choice, nothing is changed.

    Args:
        gpu: The number of the device that was asked for, of those that are visible; None if any will do.
        worker: The number of this worker of xdist; None in a process that has no workers beside it.

    Raises:
        ConfigError: there are CUDA devices, and none has this number.
    """
    chosen = chosen_gpu(visible_gpus(), gpu, worker)
    if chosen is not None:
        os.environ[VISIBLE] = chosen


def chosen_gpu(gpus: Sequence[str], gpu: int | None, worker: int | None) -> str | None:
    """The device of a process: the one asked for, or device k mod n for worker k; None to leave it to the engines."""
    if not gpus or (gpu is None and worker is None):
        return None
    if gpu is None:
        return gpus[(worker or 0) % len(gpus)]
    if gpu >= len(gpus):
        names = "cuda:0 alone" if len(gpus) == 1 else f"cuda:0 to cuda:{len(gpus) - 1}"
        raise ConfigError(f"no device cuda:{gpu} here; there is {names}", hint="choose another one with --asr-device")
    return gpus[gpu]


@cache
def visible_gpus() -> tuple[str, ...]:
    """The CUDA devices that this process might use, as the variable names them; as they were before one was chosen."""
    stated = os.environ.get(VISIBLE)
    if stated is None:
        return tuple(map(str, range(_gpu_count())))
    names = (name.strip() for name in stated.split(","))
    return tuple(name for name in names if name and not name.startswith("-") and name != "NoDevFiles")


def _gpu_count() -> int:
    """How many there are, by the driver's library for management: to ask the driver itself would settle the choice."""
    try:
        library = ctypes.CDLL("nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1")
    except OSError:
        return 0
    count = ctypes.c_uint(0)
    if library.nvmlInit_v2() != 0 or library.nvmlDeviceGetCount_v2(ctypes.byref(count)) != 0:
        return 0
    return count.value
