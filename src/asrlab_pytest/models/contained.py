"""Keeps what an engine raises an error of the engine, whatever it is: it may neither skip a test nor end the run."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from types import TracebackType
from typing import Any, TypeVar

from asrlab_pytest.errors import AsrlabError, ModelError
from asrlab_pytest.models.c_exit import no_silent_exit
from asrlab_pytest.models.left_threads import noting_threads
from asrlab_pytest.visible import error_words, visible

CORRECT_ENGINE = "correct the engine, or report it to its authors"
"""A hint where an engine breaks its protocol."""
_Answer = TypeVar("_Answer")


class EngineQuit(Exception):
    """An engine tried to skip or end what it was a part of."""


class EngineFault(Exception):
    """What an engine did wrong, in a sentence. The traceback of this error shows none of its code.

    Args:
        problem: The sentence.
        trace: The frames of its code, if it raised an error in another process.
    """

    def __init__(self, problem: str, trace: str = "") -> None:
        super().__init__(problem, trace)
        self.trace = trace

    def __str__(self) -> str:
        return str(self.args[0])


def fault_words(error: BaseException) -> str:
    """An error of an engine in a line: its kind and its message, or the sentence that we say of it."""
    return visible(str(error)) if type(error) is EngineFault else error_words(error)


class _Contained(AbstractContextManager[None]):
    """See `contained`. A class, because nested calls are common and must add almost nothing to a timed call."""

    __slots__ = ("_before", "_guard", "_process")

    def __enter__(self) -> None:
        self._process = process = os.getpid()
        self._before = _inside.process
        self._guard = None
        if self._before != process:
            _inside.process = process
            self._guard = noting_threads() if process in _runs else _outermost()
            self._guard.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._guard is not None:
                self._guard.__exit__(kind, error, trace)
            if error is not None and not isinstance(error, (Exception, KeyboardInterrupt, GeneratorExit)):
                raise EngineQuit(f"{error_words(error)}") from error
        finally:
            _inside.process = self._before
            # Only this process may return from a call.
            if os.getpid() != self._process:
                os._exit(1)


def contained() -> AbstractContextManager[None]:
    """Call an engine within it.

    `SystemExit`, pytest's ways to skip or end a test and the like become an `EngineQuit`, and so does ``os._exit(0)``,
    with which a run would be over and green. Ctrl-C stays what it is. A process that the engine forked ends here: it
    would go through the rest of the run a second time.

    Raises:
        EngineQuit: the engine tried to.
    """
    return _Contained()


def asked(model: str, engine: str, what: str, call: Callable[[], _Answer]) -> _Answer:
    """What an engine answers about a model.

    Args:
        model: Id of the model.
        engine: Name of the engine.
        what: The requested property, such as "the number format".
        call: Asks the engine.

    Raises:
        ModelError: the engine cannot tell, whatever it raised.
    """
    try:
        with contained():
            return call()
    except AsrlabError:
        raise
    except Exception as error:
        raise ModelError(
            f"model {model}: engine {engine} cannot tell {what}: {error_words(error)}",
            hint="upgrade or remove the package that offers the engine",
        ) from error


@contextmanager
def uninterrupted() -> Iterator[None]:
    """A whole run, which no thread that an engine left behind ends with status 0."""
    with no_silent_exit(), _alive():
        _runs.append(os.getpid())
        try:
            yield
        finally:
            _runs.pop()


_runs: list[int] = []
"""The ids of processes whose runs are uninterrupted; a fork has a different id."""


def keep_status(status: int) -> None:
    """Let no function that an engine has registered with `atexit` make a success of a status that is none."""
    end, process = os._exit, os.getpid()

    def keep(asked: int = 0) -> None:
        end(asked or (status if os.getpid() == process else 0))

    # The last one registered is called first.
    atexit.register(lambda: setattr(os, "_exit", keep))


class _Inside(threading.local):
    """The process in which this thread is within a call already; a fork has another number."""

    process: int | None = None


_inside = _Inside()
_REPLACING = ("execv", "execve")
"""What replaces the process by another program; the other functions of `os` that do call one of these."""


@contextmanager
def _outermost() -> Iterator[None]:
    """Let nothing end the process with status 0."""
    with no_silent_exit(), _alive(), noting_threads():
        yield


@contextmanager
def _alive() -> Iterator[None]:
    """Keep engines from ending or replacing this process, so that its status would be 0.

    Other statuses fail, and children may exit, or run another program, freely.
    """
    end, programs, process = os._exit, {name: getattr(os, name) for name in _REPLACING}, os.getpid()

    def refuse(status: int = 0) -> None:
        if status != 0 or os.getpid() != process:
            end(status)
        raise EngineQuit("os._exit(0)")

    def refuse_program(name: str, *arguments: Any, **named: Any) -> None:
        if os.getpid() != process:
            programs[name](*arguments, **named)
        raise EngineQuit(f"os.{name}")

    os._exit = refuse  # type: ignore[assignment]
    for name in programs:
        setattr(os, name, partial(refuse_program, name))
    try:
        yield
    finally:
        os._exit = end
        vars(os).update(programs)
