"""SIGTERM ends a run as Ctrl-C does: with the scorecard of what was measured, and with the record as far as it is."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import pytest

from asrlab_pytest.session.hanging import last_words

if TYPE_CHECKING:
    from asrlab_pytest.session.session import Session

GRACE_SECONDS = 2.0
"""How long a call into a library may keep the main thread from ending the run."""
WORKER_SECONDS = 0.5
"""How long a worker of xdist may take to end itself."""
EXIT_STATUS = 128 + signal.SIGTERM
"""Of a process that could not end its run, as a shell shows it."""


def guard(session: Session) -> None:
    """Let no code of an engine end the process with status 0 until the run is over, in whatever thread."""
    if session.collected_tasks:
        from asrlab_pytest.models.contained import uninterrupted

        session.guards.enter_context(uninterrupted())


def end_without_threads(session: Session) -> None:
    """Keep engine threads from blocking the exit of pytest's process, which has the status of the run.

    A program that calls pytest, such as pytester, continues and has its own status.
    """
    session.guards.close()
    tests = session.config.pluginmanager.getplugin("session")
    # If no engine was called, no threads were noted.
    left = sys.modules.get("asrlab_pytest.models.left_threads")
    if left is not None and tests is not None and _is_pytest_the_program():
        left.end_without_threads(lambda: int(tests.exitstatus))


def _is_pytest_the_program() -> bool:
    """Whether the process runs this one pytest, as a command or by ``python -m pytest``, and nothing else."""
    runs, frame = 0, sys._getframe()  # noqa: SLF001
    while frame is not None:
        runs += frame.f_code.co_name == "wrap_session" and frame.f_globals.get("__name__") == "_pytest.main"
        frame = frame.f_back  # type: ignore[assignment]
    main = sys.modules.get("__main__")
    if getattr(getattr(main, "__spec__", None), "name", "") == "pytest.__main__":
        return runs == 1
    script = Path(getattr(main, "__file__", None) or "")
    # The command of Windows is an archive with a __main__.py in it.
    return runs == 1 and not {script.stem, script.parent.stem}.isdisjoint({"pytest", "py.test"})


@contextmanager
def terminable(session: Session) -> Iterator[None]:
    """Treat SIGTERM like Ctrl-C.

    Workers of xdist are left to their controller, and a run that evaluates nothing is left alone.
    """
    is_ours = session.is_controller or (session.collected_tasks and not session.is_worker)
    with ended_by_sigterm(lambda: last_words(session.config, _WORDS)) if is_ours else nullcontext():
        try:
            yield
        except KeyboardInterrupt:
            if session.is_controller:
                _end_workers(session.config)
            raise


@contextmanager
def interrupted_in_words(when: str) -> Iterator[None]:
    """Let Ctrl-C end in a line what pytest calls at the end of a run, where it would be a traceback.

    Args:
        when: When that is, in words.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise pytest.exit.Exception(f"interrupted {when}", returncode=pytest.ExitCode.INTERRUPTED) from None


def _end_workers(config: pytest.Config) -> None:
    """End the workers of xdist, and read the reports that they have sent.

    xdist gives them ten seconds, in which they go on, and reads no more of their reports.
    """
    controller: Any = config.pluginmanager.getplugin("dsession")
    controller.nodemanager.group.terminate(timeout=WORKER_SECONDS)
    with suppress(queue.Empty):
        while True:
            event, arguments = controller.queue.get_nowait()
            if event == "testreport":
                controller.worker_testreport(**arguments)


def end_with_worker(session: Session, worker: str, error: object) -> None:
    """End a run of which a worker ended before any had its tests, as where a witness hangs: the next would end, too.

    Args:
        session: The controller's.
        worker: Id of the worker.
        error: Why its process ended.
    """
    if session.expected or session.error or session.refusal or not session.suite.settings.witness:
        return
    session.planned.has_crashed = True
    pytest.exit(f"worker {worker} ended before its first test: {error}", pytest.ExitCode.TESTS_FAILED)


@contextmanager
def ended_by_sigterm(tell: Callable[[], None]) -> Iterator[None]:
    """Treat SIGTERM like Ctrl-C, unless it is handled elsewhere; a second one ends the process at once.

    Args:
        tell: Called before the process ends, if a library keeps the main thread from ending the run.
    """
    if not _is_free():
        yield
        return
    is_ending = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        is_ending.set()
        raise KeyboardInterrupt("SIGTERM")

    signal.signal(signal.SIGTERM, end)
    try:
        with _watched(is_ending, tell):
            yield
    finally:
        if signal.getsignal(signal.SIGTERM) is end:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


_WORDS = "SIGTERM: the run ends here\n  hint: what was transcribed is kept: --asr-resume"


def _is_free() -> bool:
    is_main = threading.current_thread() is threading.main_thread()
    return is_main and sys.platform != "win32" and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@contextmanager
def _watched(is_ending: threading.Event, tell: Callable[[], None]) -> Iterator[None]:
    """End the process where a library keeps the main thread from handling the signal, as it would without a handler.

    Python writes the signal's number to a pipe at once, and calls its handler when the library returns.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    others = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(reader, is_ending, tell), name="asrlab-sigterm", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(others)
        os.close(writer)


def _watch(reader: int, is_ending: threading.Event, tell: Callable[[], None]) -> None:
    while number := os.read(reader, 1):
        if number[0] == signal.SIGTERM and not is_ending.wait(GRACE_SECONDS):
            with suppress(Exception):
                tell()
            os._exit(EXIT_STATUS)
    os.close(reader)
