"""Keeps signals out of the parts of a run that must be done as a whole."""

from __future__ import annotations

# The functions of `signal` take four times as long: they look for each handler among constants.
import _signal  # type: ignore[import-not-found]
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def undisturbed() -> Iterator[None]:
    """Defer Ctrl-C and SIGTERM, so that a run is ended before or after what it keeps is changed, and not within."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[tuple[int, FrameType | None]] = []
    handlers = {number: handler for number in _ENDING if callable(handler := _signal.getsignal(number))}
    for number in handlers:
        _signal.signal(number, lambda number, frame: received.append((number, frame)))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            _signal.signal(number, handler)
        for number, frame in received:
            handlers[number](number, frame)


_ENDING = (int(signal.SIGINT), int(signal.SIGTERM))
