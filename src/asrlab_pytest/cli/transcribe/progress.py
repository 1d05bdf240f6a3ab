"""Progress and remaining time of a transcription: one line on a terminal, or a log line now and then."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self, TextIO

from asrlab_pytest import progress
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.suite.transcribing import Line, Transcription
from asrlab_pytest.visible import visible

ON_A_TERMINAL = 0.2
"""Seconds between updates of the terminal line."""
IN_A_LOG = 60.0
"""Seconds between log lines."""
SIXTY = 60


class ProgressLine:
    """Shows the progress of a transcription.

    Args:
        transcription: The running transcription.
        stream: Where to write.
    """

    def __init__(self, transcription: Transcription, stream: TextIO) -> None:
        self._transcription = transcription
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._every = ON_A_TERMINAL if self._is_terminal else IN_A_LOG
        self._begun = self._shown = time.monotonic()
        self._made = 0
        self._failed = 0
        self._audio_s = 0.0

    def __enter__(self) -> Self:
        if self._is_terminal:
            progress.listeners[:] = [self._write]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_terminal:
            progress.listeners.clear()
            self._write("")

    def advance(self, line: Line) -> None:
        """Count a clip."""
        self._made += 1
        if isinstance(line, Failure):
            self._failed += 1
        else:
            self._audio_s += line.audio_s or 0.0
        now = time.monotonic()
        if now - self._shown >= self._every:
            self._shown = now
            self._write(f"{line.model}: {self._state(now - self._begun)}")

    def _state(self, seconds: float) -> str:
        """The progress after this many seconds."""
        runs = self._transcription.runs.values()
        done, total = sum(run.observed + len(run.errors) for run in runs), self._transcription.total
        left = seconds / self._made * max(0, total - done)
        failed = f", {self._failed:,} failed" if self._failed else ""
        speed = f"{self._audio_s / seconds:,.0f}x real time"
        return f"{done:,} of {total:,} cases{failed}, {speed}, {duration(left)} left"

    def _write(self, text: str) -> None:
        shown = visible(text)
        self._stream.write(f"\r\x1b[K{shown}" if self._is_terminal else f"asrlab: {shown}\n")
        self._stream.flush()


def duration(seconds: float) -> str:
    """Seconds in readable form: "35 s", "12 min", "3 h 05 min"."""
    if seconds < SIXTY:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / SIXTY), SIXTY)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
