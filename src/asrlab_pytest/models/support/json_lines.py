"""A child process that is asked by lines of JSON, and answers so."""

from __future__ import annotations

import json
import os
import re
import selectors
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import IO, Any

import psutil

from asrlab_pytest.secrets import without_secrets

LAST_LINES = 4
"""What is shown of what a program wrote before it ended."""
LONGEST_LINE = 32 << 20
"""Maximum bytes of a line that may be an answer; the rest of a longer line is dropped."""
CLOSING_SECONDS = 5.0
_RELEASE_SECONDS = 1.0
_BLOCK = 1 << 16
_KEPT = 10_000
_SHOWN = 300
"""Characters of a line."""
_TRIES = 20
"""Maximum number of positions in a line where an answer may begin; a line of braces has millions."""
_ID = re.compile(rb'"id"\s*:\s*(\d+)')
_TOO_DEEP = object()
"""The result in an answer that is nested deeper than JSON is read."""
_OURS = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "UV_PROJECT_ENVIRONMENT", "CONDA_PREFIX")
"""Variables of this environment, which would lead a program in another one astray."""


class Failure(Exception):
    """Why a call has no result.

    Args:
        problem: In a sentence.
        is_fatal: Whether the process is of no more use.
    """

    def __init__(self, problem: str, *, is_fatal: bool = False) -> None:
        super().__init__(problem)
        self.is_fatal = is_fatal


class Child:
    """A running program. What it writes that is not an answer is kept as its last lines.

    Args:
        command: The program and its arguments.

    Raises:
        Failure: it does not start.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._number = 0
        self._answer: Mapping[str, Any] | None = None
        self._is_over = False
        self._changed = threading.Condition()
        self._last: deque[str] = deque(maxlen=LAST_LINES)
        environment = {name: value for name, value in os.environ.items() if name not in _OURS}
        try:
            self._process = subprocess.Popen(
                [os.path.expanduser(command[0]), *command[1:]],  # noqa: PTH111 - Path shortens ./serve.py
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**environment, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
                bufsize=0,
                start_new_session=True,
            )
        except OSError as error:
            raise Failure(f"{command[0]} does not start: {error.strerror}", is_fatal=True) from None
        self._stdin, self._stdout, self._stderr = _pipes(self._process)
        os.set_blocking(self._stdin.fileno(), False)
        self._threads = [
            threading.Thread(target=self._read_answers, args=(self._stdout,), daemon=True),
            threading.Thread(target=self._read_errors, args=(self._stderr,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def call(self, message: Mapping[str, Any], timeout_s: float) -> Mapping[str, Any]:
        """The result of a call.

        Raises:
            Failure: the program says so, ends, or does not answer in time.
        """
        deadline = time.monotonic() + timeout_s
        with self._changed:
            self._number += 1
            self._answer = None
        is_read = self._send({"id": self._number, **message}, deadline)
        with self._changed:
            has_ended = self._changed.wait_for(
                lambda: self._answer is not None or self._is_over, max(0.0, deadline - time.monotonic())
            )
            answer = self._answer
        if answer is not None:
            return _result(answer)
        if has_ended:
            raise self._ended(message["call"])
        does = "answer" if is_read else "read"
        problem = f"the program did not {does} {message['call']} within {timeout_s:g} s, and was killed"
        raise Failure(f"{problem}{self._said()}", is_fatal=True)

    def kill(self) -> None:
        """Kill the program and everything that it started, in whatever session."""
        started = _started_by(self._process.pid)
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        for each in started:
            with suppress(psutil.Error):
                each.kill()
        self._process.wait()
        self._release()

    def close(self) -> None:
        """Let the program end by itself, and end it where it does not."""
        with suppress(Failure):
            self._send({"id": self._number + 1, "call": "close"}, time.monotonic() + CLOSING_SECONDS)
        with suppress(OSError):
            self._stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(CLOSING_SECONDS)
        self.kill()

    def _release(self) -> None:
        with suppress(OSError):
            self._stdin.close()
        for thread, stream in zip(self._threads, (self._stdout, self._stderr), strict=True):
            thread.join(_RELEASE_SECONDS)
            # Processes that the program left in another session may keep a pipe open, and a thread reading, forever.
            if not thread.is_alive():
                with suppress(OSError):
                    stream.close()

    def _send(self, message: Mapping[str, Any], deadline: float) -> bool:
        """Write a message; returns whether the program read it, or its pipe took it, in time."""
        rest = memoryview(json.dumps(message).encode() + b"\n")
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._stdin, selectors.EVENT_WRITE)
                while rest:
                    if not selector.select(max(0.0, deadline - time.monotonic())):
                        return False
                    rest = rest[os.write(self._stdin.fileno(), rest[:_BLOCK]) :]
        except BlockingIOError:
            return False
        except (OSError, ValueError):
            raise self._ended(str(message["call"])) from None
        return True

    def _ended(self, call: str) -> Failure:
        """That the program ended, with how and with its last lines."""
        try:
            code = self._process.wait(CLOSING_SECONDS)
        except subprocess.TimeoutExpired:
            return Failure(f"the program closed its standard output during {call}{self._said()}", is_fatal=True)
        self._threads[1].join(_RELEASE_SECONDS)
        how = f"exited with status {code}" if code >= 0 else f"was ended by {signal_name(-code)}"
        return Failure(f"the program {how} during {call}{self._said()}", is_fatal=True)

    def _said(self) -> str:
        """The last lines, after a colon. Secrets are removed first: no pattern matches a part of a shortened key."""
        said = " | ".join(without_secrets(line)[:_SHOWN] for line in self._last)
        return f": {said}" if said else ""

    def _read_answers(self, stream: IO[bytes]) -> None:
        for line in _lines(stream):
            answer = _answer(line, self._number)
            with self._changed:
                if answer is not None and answer["id"] == self._number and self._answer is None:
                    self._answer = answer
                    self._changed.notify_all()
                    continue
            self._keep(line)
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def _read_errors(self, stream: IO[bytes]) -> None:
        for line in _lines(stream):
            self._keep(line)

    def _keep(self, line: bytes) -> None:
        is_long = len(line) >= LONGEST_LINE
        text = f"(a line of more than {LONGEST_LINE >> 20} MB)" if is_long else _readable(line[:_KEPT])
        if text:
            self._last.append(text)


def _readable(line: bytes) -> str:
    """The readable characters of a line, which may be the bytes of audio."""
    return "".join(each for each in line.decode(errors="ignore") if each.isprintable()).strip()


def _started_by(pid: int) -> list[psutil.Process]:
    try:
        started: list[psutil.Process] = psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []
    return started


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    return process.stdin, process.stdout, process.stderr


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a stream, which may also end with a carriage return; only the start of a line that is too long."""
    line = bytearray()
    with suppress(ValueError, OSError):
        while block := stream.read(_BLOCK):
            first, *others = block.replace(b"\r", b"\n").split(b"\n")
            line += first[: LONGEST_LINE - len(line)]
            for other in others:
                yield bytes(line)
                line[:] = other
    yield bytes(line)


def _answer(line: bytes, number: int) -> dict[str, Any] | None:
    """The answer in a line, also after something that a library wrote without ending its line; None if it has none.

    Args:
        line: What the program wrote.
        number: Of the call that waits: an answer to it that cannot be read is one.
    """
    start = line.find(b"{")
    for _ in range(_TRIES):
        if start < 0:
            break
        try:
            said = json.loads(line[start:].decode(errors="replace"))
        except ValueError:
            said = None
        except RecursionError:
            said = {"id": number, "result": _TOO_DEEP} if str(number).encode() in _ID.findall(line, start) else None
        if isinstance(said, dict) and "id" in said:
            return said
        start = line.find(b"{", start + 1)
    return None


def _result(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    if answer.get("error") is not None:
        raise Failure(f"the program says: {without_secrets(str(answer['error']))}")
    result = answer.get("result")
    if result is _TOO_DEEP:
        raise Failure("the program's answer cannot be read: it is nested too deep")
    if not isinstance(result, dict):
        raise Failure("the program's answer has neither a result nor an error")
    return result


def signal_name(number: int) -> str:
    """What a signal is called."""
    with suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"
