"""An engine that does what no engine should, in the clip whose hidden text is its option `on`, or while it loads.

What it does is its option `does`, a key of DEEDS; elsewhere it is an honest parrot.
"""

import atexit
import ctypes
import os
import signal
import sys
import threading
import time
import warnings

import numpy as np
import pytest
from parrot_engine import Parrot, ParrotRecognizer, found, note

from asrlab_pytest.models.engine import Segment, Transcript


def _hang():
    while True:
        time.sleep(1)


_alarms = [0.1]


def _hang_at_an_alarm():
    """Hang, with one alarm that somebody else handles; a second call hangs without any."""
    if _alarms:
        signal.setitimer(signal.ITIMER_REAL, _alarms.pop())
    _hang()


def _crash():
    ctypes.string_at(0)


def _exit():
    raise SystemExit(3)


def _raise(text):
    raise RuntimeError(text)


def _terminate():
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.5)


def _terminate_parent():
    """End the process that this one is a worker of, and go on."""
    os.kill(os.getppid(), signal.SIGTERM)
    _hang()


def _lock_up():
    """Wait for ever in a library, past signals, while the process is asked to end."""
    mutex = ctypes.create_string_buffer(64)
    library = ctypes.CDLL(None)
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
    library.pthread_mutex_lock(mutex)
    library.pthread_mutex_lock(mutex)


def _exit_later():
    threading.Timer(0.1, lambda: os._exit(0)).start()
    time.sleep(0.05)
    return Transcript(text="good night")


def _exit_later_in_c():
    threading.Timer(0.1, lambda: ctypes.CDLL(None).exit(0)).start()
    time.sleep(0.05)
    return Transcript(text="good night")


def _exit_at_the_end():
    atexit.register(lambda: os._exit(0))
    return Transcript(text="garbage")


def _warn():
    warnings.warn("\n::error title=w::PWN \x1b[31m https://me:sk-SECRET3@example.org/v1?token=sk-SECRET4", stacklevel=1)
    thread = threading.Thread(target=lambda: _raise("\n::error title=t::PWN \x1b[31m https://me:sk-SECRET5@h/"))
    thread.start()
    thread.join()
    return Transcript(text="good night")


def _fork():
    if os.fork() == 0:
        sys.exit(0)
    os.wait()
    return Transcript(text="good night")


class Unprintable(Exception):
    def __str__(self):
        raise ValueError("no words")


class UnprintableExit(SystemExit):
    def __str__(self):
        raise pytest.exit.Exception("no words")


def _raise_unprintable(kind):
    raise kind


def _detailed(value):
    segment = Segment(text="good night", start=0.0, end=1.0, details={"p": value})
    return Transcript(text="good night", segments=(segment,))


def _cycle():
    cycle = {}
    cycle["itself"] = cycle
    return cycle


class Sneaky(str):
    """A text that runs code where it is unpickled."""

    __slots__ = ()

    def __reduce__(self):
        return note, ("unpickled", str(self))


def _replace():
    os.execl(sys.executable, sys.executable, "-c", "")


def _linger():
    """Leave a thread that never ends."""
    threading.Thread(target=_hang, name="poller").start()
    return Transcript(text="good night")


DEEDS = {
    "unprintable": lambda: _raise_unprintable(Unprintable()),
    "unprintable exit": lambda: _raise_unprintable(UnprintableExit()),
    "cyclic": lambda: _detailed(_cycle()),
    "object": lambda: _detailed(object()),
    "lambda": lambda: _detailed(lambda: 0),
    "linger": _linger,
    "sneak": lambda: Transcript(text=Sneaky("good night")),
    "replace": _replace,
    "str": lambda: "hello",
    "none": lambda: None,
    "endless": lambda: Transcript(text="the " * 300_000),
    "endless segments": lambda: Transcript(
        text="the", segments=(Segment(text="the " * 200_000, start=0.0, end=1.0),) * 2
    ),
    "no text": lambda: Transcript(text=None),
    "number": lambda: Transcript(text=7),
    "bytes": lambda: Transcript(text=b"hello"),
    "segments": lambda: Transcript(text="hello", segments=("hello",)),
    "exit": _exit,
    "skip": lambda: pytest.skip("not today"),
    "quit": lambda: pytest.exit("enough"),
    "hang": _hang,
    "hang at an alarm": _hang_at_an_alarm,
    "terminate": _terminate,
    "terminate parent": _terminate_parent,
    "lock up": _lock_up,
    "c exit": lambda: ctypes.CDLL(None).exit(0),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "kill parent": lambda: os.kill(os.getppid(), signal.SIGKILL),
    "fork": _fork,
    "exit later": _exit_later,
    "exit later in c": _exit_later_in_c,
    "exit at the end": _exit_at_the_end,
    "warn": _warn,
    "crash": _crash,
    "shout": lambda: _raise("boom \x1b[31m\r\n::error title=a::PWN\n::add-mask::x ##[error]y"),
    "write": lambda: Transcript(text="hello\x1b[31m \n::error title=b::PWN"),
    "long": lambda: Transcript(text="word " * 50_000),
    "tell": lambda: _raise("401 for sk-SECRET1 at https://me:sk-SECRET2@example.org/v1?token=x"),
}


LOADS = {"none": lambda: None, "exit": _exit, "crash": _crash, "dict": dict, "raise": lambda: _raise("no memory")}


class Wicked(Parrot):
    name = "wicked"
    tasks = ("asr",)
    devices = ("cpu",)

    def load(self, spec, device):
        if spec.options.get("loads") is not None:
            return LOADS[spec.options["loads"]]()
        return WickedRecognizer(spec, device)


class WickedRecognizer(ParrotRecognizer):
    def __init__(self, spec, device):
        super().__init__(spec, device)
        note("key", spec.options.get("api_key"))
        note("pid", os.getpid())
        if spec.options.get("settings") == "cyclic":
            self.settings = _cycle()

    def transcribe(self, samples, language):
        text = found(samples)
        deed = self.options.get("does")
        if self.options.get("scribbles"):
            samples[:] = 0.5 * np.ones_like(samples)
        if deed and text == self.options.get("on"):
            return DEEDS[deed]()
        return Transcript(text=text)
