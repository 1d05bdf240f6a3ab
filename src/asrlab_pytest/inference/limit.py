"""The time limit of a call: a watchdog that ends the process, as nothing breaks off a call that hangs in a library."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from types import FrameType

from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.tasks import NOUNS

EXIT_STATUS = 1
"""Of a process that the watchdog ended."""
IN_CI = 600.0
"""Seconds for a clip where nothing else is asked for and a machine waits for the answer."""
LOADING = 10
"""How many times the limit of a clip the loading of a model may take."""
LEAST_LOADING = 600.0
"""Seconds that it may take however small the limit is: weights may be converted or compiled."""
LEAST_WARM_UP = 120.0
"""Seconds that the first calls may take, of which none is timed: they may compile code of their own."""
_DEBUGGERS = ("bdb", "pdb", "_pytest.debugging", "pydevd", "_pydevd_bundle", "debugpy", "IPython.core.debugger")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrun:
    """A call that takes longer than it may."""

    model: str
    noun: str
    """What it is at work on: a clip, a prompt, a dialogue."""
    item: str
    seconds: float

    def __str__(self) -> str:
        return f"model {self.model} gave no answer on {self.noun} {self.item} within {self.seconds:g} s"


def overrun(spec: ModelSpec, item: str, seconds: float | None, noun: str = "") -> Overrun | None:
    """What an item may take; None without a limit, or in a process of its own, which has one for each call.

    Args:
        spec: The model.
        item: What it is at work on.
        seconds: The limit.
        noun: What the item is, in words, unless it is one that models of the task are evaluated on.
    """
    if seconds is None or spec.isolate:
        return None
    return Overrun(model=spec.id, noun=noun or NOUNS[spec.task], item=item, seconds=seconds)


def before_the_first(limit_s: float | None, least_s: float = LEAST_LOADING) -> float | None:
    """Seconds that a step before the first clip may take, by the limit of a clip: never less than `least_s`."""
    return None if limit_s is None else max(LOADING * limit_s, least_s)


ending: list[Callable[[Overrun], None]] = []
"""Called before the process ends, by the thread that watches: what writes the sentence where a person sees it."""


def limited(overrun: Overrun | None) -> AbstractContextManager[None]:
    """Watch a call, unless it is None."""
    return nullcontext() if overrun is None else _watched(overrun)


@contextmanager
def _watched(overrun: Overrun) -> Iterator[None]:
    timer = threading.Timer(overrun.seconds, _end, args=(overrun, threading.get_ident()))
    timer.name = "asrlab-limit"
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def limit_of(timeout: float | None) -> float | None:
    """Seconds that a model may take for a clip; None for any.

    Args:
        timeout: What was asked for, 0 for any time. Where nothing was: none at a desk, where a person sees that nothing
            moves.
    """
    if timeout is None:
        return IN_CI if os.environ.get("CI") else None
    return timeout or None


def _end(overrun: Overrun, thread: int) -> None:
    if is_debugged(sys._current_frames().get(thread)):  # noqa: SLF001 - documented for this use
        return
    for tell in ending:
        tell(overrun)
    faulthandler.dump_traceback(file=2, all_threads=True)
    os._exit(EXIT_STATUS)


def is_debugged(frame: FrameType | None) -> bool:
    """Whether a person looks into the thread of this frame with a debugger, and time does not count."""
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is not None and monitoring.get_tool(monitoring.DEBUGGER_ID) is not None:
        return True
    while frame is not None:
        names = frame.f_globals.get("__name__", ""), getattr(frame.f_trace, "__module__", None) or ""
        if any(name == debugger or name.startswith(f"{debugger}.") for name in names for debugger in _DEBUGGERS):
            return True
        frame = frame.f_back
    return False
