"""Keeps what C libraries write to standard error out of the output of a command that reads audio."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

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
