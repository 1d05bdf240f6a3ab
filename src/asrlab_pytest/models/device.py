"""Which accelerators this machine has, found without importing an engine's framework."""

from __future__ import annotations

import ctypes
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from asrlab_pytest.models.spec import Device

PREFERENCE: tuple[Device, ...] = ("mps", "cuda", "cpu")
"""What `auto` takes, best first."""


@dataclass(frozen=True, slots=True)
class Placement:
    """The device that was asked for and the one that is used."""

    requested: Device
    used: Device
    reason: str = ""
    """Why they differ, where they do."""

    @property
    def is_fallback(self) -> bool:
        return self.requested not in ("auto", self.used)


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


@cache
def _cuda_device_count() -> int:
    """Asks the driver itself: importing torch for it would cost seconds."""
    library = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
    try:
        driver = ctypes.CDLL(library)
    except OSError:
        return 0
    count = ctypes.c_int(0)
    if driver.cuInit(0) != 0 or driver.cuDeviceGetCount(ctypes.byref(count)) != 0:
        return 0
    return count.value
