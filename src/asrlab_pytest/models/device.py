"""Which accelerators this machine has, found without importing an engine's framework."""

from __future__ import annotations

import ctypes
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from asrlab_pytest.models.spec import Device

PREFERENCE: tuple[Device, ...] = ("mps", "cuda", "cpu")
"""What `auto` takes, best first."""
REMOTE = cast("Device", "remote")
"""The device of a model on a server; it cannot be requested."""
AMPERE = 8
"""The generation of CUDA devices that first computes in bfloat16."""
_COMPUTE_CAPABILITY_MAJOR = 75
"""The number of the attribute, in cuda.h."""


@dataclass(frozen=True, slots=True)
class Placement:
    """The device that was asked for and the one that is used."""

    requested: Device
    used: Device
    reason: str = ""
    """Why they differ, where they do."""

    @property
    def is_fallback(self) -> bool:
        return self.used != REMOTE and self.requested not in ("auto", self.used)


def place(requested: Device, supported: Sequence[Device]) -> Placement:
    """Choose the device for a model.

    Args:
        requested: What the user asked for.
        supported: What the engine has a build for.
    """
    here = [device for device in PREFERENCE if device in supported and has_device(device)]
    if requested == "auto":
        return Placement(requested, here[0])
    if requested in here:
        return Placement(requested, requested)
    reason = f"the engine has no {requested} build" if requested not in supported else f"no {requested} device here"
    return Placement(requested, "cpu", reason)


def has_device(device: Device) -> bool:
    """Whether the machine has such a device; the engine's framework may still refuse it."""
    if device == "mps":
        return sys.platform == "darwin" and platform.machine() == "arm64"
    return device == "cpu" or (device == "cuda" and _cuda_device_count() > 0)


def computes_in_bfloat16(device: Device) -> bool:
    """Whether bfloat16 is the device's own format, not one that it imitates; on the processor it is slow.

    Without a CUDA device, what CUDA devices do from Ampere on.
    """
    if device == "cuda":
        generation = cuda_generation()
        return generation is None or generation >= AMPERE
    return device == "mps"


@cache
def cuda_generation() -> int | None:
    """The first number of the compute capability of the first CUDA device; None if there is none."""
    driver = _cuda_driver()
    if driver is None or not _cuda_device_count():
        return None
    device, major = ctypes.c_int(0), ctypes.c_int(0)
    if driver.cuDeviceGet(ctypes.byref(device), 0) != 0:
        return None
    failed = driver.cuDeviceGetAttribute(ctypes.byref(major), _COMPUTE_CAPABILITY_MAJOR, device) != 0
    return None if failed else major.value


@cache
def _cuda_device_count() -> int:
    driver = _cuda_driver()
    count = ctypes.c_int(0)
    if driver is None or driver.cuDeviceGetCount(ctypes.byref(count)) != 0:
        return 0
    return count.value


@cache
def _cuda_driver() -> ctypes.CDLL | None:
    """The driver itself: importing torch to ask it would cost seconds."""
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return None
    return driver if driver.cuInit(0) == 0 else None
