"""Writes records: whole lines, each on the disk before the next is made, and none lost to a disk that is full."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from asrlab_pytest.store.private import without_home


class RecordWriter:
    """Appends lines to one file. Only one process writes to it.

    A line that the disk does not take is kept and tried again with the next one, and at the end.

    Args:
        path: The file; one of this name is replaced when the first line is written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem: OSError | None = None
        """Why lines are waiting; None where none is."""
        self.waiting: list[bytes] = []
        self._good_bytes = 0

    def start(self, environment: Mapping[str, Any]) -> None:
        """Make the folder and the file, with the environment as its first line.

        Raises:
            OSError: they cannot be made.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(b"")
        self._append(_line(environment))

    def write(self, row: Mapping[str, Any]) -> None:
        """Write a line, after those that wait. Never raises: see `problem`."""
        self.waiting.append(_line(row))
        self.flush()

    def flush(self) -> None:
        """Write what waits, as far as the disk takes it."""
        try:
            while self.waiting:
                self._append(self.waiting[0])
                del self.waiting[0]
        except OSError as error:
            self.problem = error
        else:
            self.problem = None

    def _append(self, line: bytes) -> None:
        """Append a line in one write and sync it; after a failure the file ends with the line before."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            # Where an earlier try left half a line, it is written over.
            os.lseek(descriptor, self._good_bytes, os.SEEK_SET)
            written = 0
            while written < len(line):
                written += os.write(descriptor, line[written:])
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, self._good_bytes)
            raise
        finally:
            os.close(descriptor)
        self._good_bytes += len(line)


def write_record(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write all lines of a record in one piece.

    Raises:
        OSError: it cannot be written; an older file is then as it was.
    """
    write_whole(path, b"".join(map(_line, rows)).decode("utf-8"))


def _line(row: Mapping[str, Any]) -> bytes:
    kept = without_home(row)
    try:
        return (json.dumps(kept, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")
    except UnicodeEncodeError:
        # Half a surrogate pair, as an engine may write it, has no UTF-8, but an escape.
        return (json.dumps(kept, allow_nan=False) + "\n").encode("ascii")


def write_whole(path: Path, text: str) -> None:
    """Write a file in one piece: a reader sees the older one or the new one, and never a half.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
