"""What the C library does with memory that is free again."""

from __future__ import annotations

import ctypes
import sys

_M_MMAP_THRESHOLD = -3
_THRESHOLD = 128 * 1024


def return_large_blocks() -> None:
    """Have glibc give each large block back to the system when it is free.

    By default it soon keeps blocks of up to 32 MB, and arrays that grow leave holes among them.
    """
    if sys.platform == "linux":
        # Other C libraries of Linux have no such function.
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_MMAP_THRESHOLD, _THRESHOLD)
