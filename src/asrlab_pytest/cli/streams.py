"""The streams of a command: output that continues when its reader is gone, and no noise of C libraries."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from asrlab_pytest.visible import HarmlessStream


class LastingStream(HarmlessStream):
    """Discards what is written once the reader is gone, as behind `head`, or the disk is full."""

    is_incomplete = False
    """Whether a reader that was still there missed some of it."""

    def write(self, text: str) -> int:
        """Write a part of a line, or lines."""
        try:
            return super().write(text)
        except OSError as error:
            self._end(error)
            return len(text)

    def flush(self) -> None:
        """Write what is buffered."""
        try:
            self.stream.flush()
        except OSError as error:
            self._end(error)

    def _end(self, error: OSError) -> None:
        discard_output(self.stream)
        if not isinstance(error, BrokenPipeError):
            self.is_incomplete = True
            print(f"asrlab: standard output cannot be written: {error.strerror}", file=sys.stderr)


def discard_output(stream: TextIO) -> None:
    """Redirect a stream to nowhere, because Python would complain again when it closes a broken pipe."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


_STDERR = 2


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Drop what reaches standard error without `sys.stderr`.

    libmpg123 writes dozens of lines on a damaged MP3, without the name of the file, which our own message has.
    """
    try:
        terminal = os.dup(_STDERR)
    except OSError:  # It is closed.
        yield
        return
    stream = sys.stderr
    stream.flush()
    if _is_standard(stream):
        sys.stderr = io.TextIOWrapper(
            io.FileIO(terminal, "w", closefd=False), stream.encoding, stream.errors, write_through=True
        )
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, _STDERR)
    os.close(silence)
    try:
        yield
    finally:
        sys.stderr.flush()
        sys.stderr = stream
        os.dup2(terminal, _STDERR)
        os.close(terminal)


def _is_standard(stream: TextIO) -> bool:
    try:
        return stream.fileno() == _STDERR
    except (OSError, ValueError):
        return False
