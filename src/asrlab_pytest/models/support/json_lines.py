"""A child process that is asked by lines of JSON, and answers so."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from asrlab_pytest.secrets import without_secrets

LAST_LINES = 4
"""What is shown of what a program wrote before it ended."""
CLOSING_SECONDS = 5.0
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
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._last: deque[str] = deque(maxlen=LAST_LINES)
        environment = {name: value for name, value in os.environ.items() if name not in _OURS}
        try:
            self._process = subprocess.Popen(
                [str(Path(command[0]).expanduser()), *command[1:]],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**environment, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
        except OSError as error:
            raise Failure(f"{command[0]} does not start: {error.strerror}", is_fatal=True) from None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._threads = [
            threading.Thread(target=self._read_answers, args=(self._process.stdout,), daemon=True),
            threading.Thread(target=self._read_errors, args=(self._process.stderr,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def call(self, message: Mapping[str, Any], timeout_s: float) -> Mapping[str, Any]:
        """The result of a call.

        Raises:
            Failure: the program says so, ends, or does not answer in time.
        """
        self._number += 1
        self._send({"id": self._number, **message})
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                answer = self._answers.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                problem = f"the program did not answer {message['call']} within {timeout_s:g} s, and was ended"
                raise Failure(problem, is_fatal=True) from None
            if answer is None:
                raise self._ended(message["call"])
            if answer["id"] == self._number:
                return _result(answer)

    def kill(self) -> None:
        """End the program, and what it started."""
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait()
        self._release()

    def close(self) -> None:
        """Let the program end by itself, and end it where it does not."""
        with suppress(Failure, OSError):
            self._send({"id": self._number + 1, "call": "close"})
        with suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(CLOSING_SECONDS)
        self.kill()

    def _release(self) -> None:
        for thread in self._threads:
            thread.join(CLOSING_SECONDS)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            with suppress(OSError):
                assert stream is not None
                stream.close()

    def _send(self, message: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        except (OSError, ValueError):
            raise self._ended(str(message["call"])) from None

    def _ended(self, call: str) -> Failure:
        """That the program ended, with how and with its last lines."""
        try:
            code = self._process.wait(CLOSING_SECONDS)
        except subprocess.TimeoutExpired:
            return Failure(f"the program closed its standard output during {call}", is_fatal=True)
        self._threads[1].join(CLOSING_SECONDS)
        how = f"exited with status {code}" if code >= 0 else f"was ended by {_signal(-code)}"
        said = without_secrets(" | ".join(self._last))
        return Failure(f"the program {how} during {call}{f': {said}' if said else ''}", is_fatal=True)

    def _read_answers(self, stream: IO[str]) -> None:
        with suppress(ValueError, OSError):
            for line in stream:
                answer = _answer(line)
                if answer is None:
                    self._keep(line)
                else:
                    self._answers.put(answer)
        self._answers.put(None)

    def _read_errors(self, stream: IO[str]) -> None:
        with suppress(ValueError, OSError):
            for line in stream:
                self._keep(line)

    def _keep(self, line: str) -> None:
        if line.strip():
            self._last.append(line.strip()[:300])


def _answer(line: str) -> dict[str, Any] | None:
    """The answer in a line, also behind something that a library wrote without ending its line; None if it has none."""
    start = line.find("{")
    while start >= 0:
        with suppress(ValueError):
            said = json.loads(line[start:])
            if isinstance(said, dict) and "id" in said:
                return said
        start = line.find("{", start + 1)
    return None


def _result(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    if "error" in answer:
        raise Failure(f"the program says: {without_secrets(str(answer['error']))}")
    result = answer.get("result")
    if not isinstance(result, dict):
        raise Failure("the program's answer has neither a result nor an error")
    return result


def _signal(number: int) -> str:
    with suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"
