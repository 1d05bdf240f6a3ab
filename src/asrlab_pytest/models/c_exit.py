"""The C library's ``exit(0)``, with which code of an engine would end a run that is then taken for a green one."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

EXIT_STATUS = 1
"""Of a process that code of an engine ended."""
exiting: list[Callable[[], None]] = []
"""Called before the process ends: what writes a sentence where a person sees it."""


@contextmanager
def no_silent_exit() -> Iterator[None]:
    """Make the status of a process that ends within it anything but 0, where the C library lets it be known.

    It holds for all threads, those included that an engine leaves behind.

    The function that the C library calls at the end is taken back afterwards, and where Python ends before that, as
    when another plugin fails at the end of a run: called when Python is gone, it would crash.
    """
    library = _library()
    if library is None:
        yield
        return
    import ctypes

    process, is_over = os.getpid(), False

    def at_exit(_: object) -> None:
        if is_over or os.getpid() != process:
            return
        for tell in exiting:
            with suppress(Exception):
                tell()
        os._exit(EXIT_STATUS)

    function = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(at_exit)
    # The C library knows by its address what it is to take back.
    owner = ctypes.c_char()
    library.__cxa_atexit(function, None, ctypes.byref(owner))  # noqa: SLF001 - so it is called in C

    def take_back() -> None:
        nonlocal is_over
        is_over = True
        library.__cxa_finalize(ctypes.byref(owner))  # noqa: SLF001

    atexit.register(take_back)
    try:
        yield
    finally:
        atexit.unregister(take_back)
        take_back()


@cache
def _library() -> Any | None:
    """The C library; None if it has no functions of an owner's, or does not take them back, as musl does not."""
    import ctypes
    import platform

    if sys.platform != "darwin" and platform.libc_ver()[0] != "glibc":
        return None
    with suppress(OSError):
        library = ctypes.CDLL(None)
        return library if all(hasattr(library, name) for name in ("__cxa_atexit", "__cxa_finalize")) else None
    return None
