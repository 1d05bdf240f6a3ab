"""Threads that engines leave behind: the process ends without them.

Python waits for every non-daemon thread before it exits, so an engine's thread could keep a finished run from
exiting.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from weakref import WeakSet

from asrlab_pytest.visible import harmless, visible

GRACE_SECONDS = 1.0
"""How long a thread has to finish once the program is done."""
_STEP_SECONDS = 0.1
_STANDARD_ERROR = 2
_begun_by_engines: WeakSet[threading.Thread] = WeakSet()


class noting_threads:  # noqa: N801 - read as a function; a class, as it is entered for each call into an engine
    """Remember the threads that start within this call into an engine."""

    __slots__ = ("_before",)

    def __enter__(self) -> None:
        self._before = threading.enumerate()

    def __exit__(self, *_: object) -> None:
        now = threading.enumerate()
        if now != self._before:
            _begun_by_engines.update(thread for thread in now if thread not in self._before)


def left_threads() -> list[threading.Thread]:
    """Threads of engines that Python would wait for."""
    return [thread for thread in _begun_by_engines if thread.is_alive() and not thread.daemon]


def end_without_threads(status: Callable[[], int]) -> None:
    """Make the process exit once the program is done, even if engine threads are still running.

    Streams are flushed, `atexit` handlers are called, and a line names the threads.

    Args:
        status: Returns the exit status of the process, at its end.
    """
    if left_threads():
        threading.Thread(target=_wait_for_the_end, args=(status,), name="asrlab-end", daemon=True).start()


def _wait_for_the_end(status: Callable[[], int]) -> None:
    waited_s = 0.0
    while waited_s < GRACE_SECONDS:
        time.sleep(_STEP_SECONDS)
        if not left_threads():
            return
        waited_s = waited_s + _STEP_SECONDS if _is_shutting_down() else 0.0
    with suppress(Exception):
        _tell(left_threads())
    with suppress(BaseException):
        atexit._run_exitfuncs()  # noqa: SLF001 - Python would do so itself if it were not waiting
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(status())


def _is_shutting_down() -> bool:
    """Whether the main thread has run the whole program, and waits for other threads."""
    ident = threading.main_thread().ident
    frame = sys._current_frames().get(ident) if ident is not None else None  # noqa: SLF001
    outermost = _outermost(frame)
    return outermost is None or outermost.f_code is threading._shutdown.__code__  # type: ignore[attr-defined] # noqa: SLF001


def _outermost(frame: FrameType | None) -> FrameType | None:
    while frame is not None and frame.f_back is not None:
        frame = frame.f_back
    return frame


def _tell(threads: list[threading.Thread]) -> None:
    names = ", ".join(f"{thread.name!r}{_place(thread)}" for thread in threads)
    some, verb = ("a thread", "is") if len(threads) == 1 else (f"{len(threads)} threads", "are")
    line = f"asrlab: {some} of an engine {verb} still running and will not be waited for: {visible(names)}"
    os.write(_STANDARD_ERROR, f"{harmless(line)}\n".encode("utf-8", "backslashreplace"))


def _place(thread: threading.Thread) -> str:
    """The module whose code a thread runs, in words; empty if it runs no Python code."""
    frame = sys._current_frames().get(thread.ident) if thread.ident is not None else None  # noqa: SLF001
    names = []
    while frame is not None:
        names.append(str(frame.f_globals.get("__name__", "")))
        frame = frame.f_back
    return next((f" of {name}" for name in reversed(names) if name and name != "threading"), "")
