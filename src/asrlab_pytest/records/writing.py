"""Writes records: whole lines, each with the system before the next is made, and none lost to a disk that is full."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from asrlab_pytest.content import replacing
from asrlab_pytest.records.private import may_name_home, without_home

SYNC_SECONDS = 0.3
"""How long a line waits for the disk while others follow it."""
LATEST_SECONDS = 0.8
"""How long it waits where none does."""


class RecordWriter:
    """Appends lines to one file. Only one process writes to it.

    A line is handed to the system at once, so that a process that is killed loses none. The disk is synced a few times
    a second and at the end, so that a power cut loses less than a second. A line that the disk does not take is kept
    and tried again with the next one, and at the end.

    Args:
        path: The file; one of this name is replaced when the first line is written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem: OSError | None = None
        """Why lines are waiting; None if none is."""
        self.waiting: list[bytes] = []
        self._unsynced: list[bytes] = []
        """Lines that the system has, and the disk perhaps not."""
        self._good_bytes = 0
        self._synced_bytes = 0
        self._synced_at = 0.0
        self._file: int | None = None
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def start(self, environment: Mapping[str, Any]) -> None:
        """Make the folder and the file, with the environment as its first line.

        Raises:
            OSError: they cannot be made; an older file is then as it was.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not self.path.exists()
        with self._lock:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                self._replace(_line(environment))
            except OSError:
                self._release()
                if is_new:
                    self.path.unlink()
                raise

    def _replace(self, line: bytes) -> None:
        """Put the first line in the place of all that the file has: in place, as another process may hold the file."""
        assert self._file is not None
        size, older = os.fstat(self._file).st_size, os.read(self._file, len(line))
        try:
            _put(self._file, line, 0)
            os.fsync(self._file)
        except OSError:
            _put(self._file, older, 0)
            os.ftruncate(self._file, size)
            raise
        os.ftruncate(self._file, len(line))
        self._good_bytes = self._synced_bytes = len(line)
        self._synced_at = time.monotonic()

    def go_on(self, size: int) -> None:
        """Continue the file of an earlier process.

        Args:
            size: Bytes of its complete lines; the rest is overwritten.

        Raises:
            OSError: it cannot be written.
        """
        os.truncate(self.path, size)
        self._good_bytes = self._synced_bytes = size

    def write(self, row: Mapping[str, Any]) -> None:
        """Write a line, after those that wait. Never raises OSError: see `problem`."""
        line = _line(row)
        with self._lock:
            self.waiting.append(line)
            self._flush()

    def close(self) -> None:
        """Write what waits as far as the disk takes it, and see that it is there."""
        with self._lock:
            self._flush(is_last=True)
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            self._release()

    @property
    def is_whole(self) -> bool:
        """Whether the file was not deleted, emptied or replaced since it was written."""
        try:
            with self.path.open("rb") as file:
                # Lines that are appended to an emptied file come after a hole.
                return self.path.stat().st_size == self._good_bytes and file.read(1) == b"{"
        except OSError:
            return False

    def __del__(self) -> None:
        self._release()

    def _flush(self, *, is_last: bool = False) -> None:
        try:
            while self.waiting:
                self._append(self.waiting[0])
                del self.waiting[0]
            if self._unsynced and (is_last or time.monotonic() - self._synced_at > SYNC_SECONDS):
                self._sync()
        except OSError as error:
            self.problem = error
        else:
            self.problem = None
        if self._unsynced and self._timer is None and not is_last:
            self._timer = threading.Timer(LATEST_SECONDS, self._sync_late)
            self._timer.daemon = True
            self._timer.start()

    def _sync_late(self) -> None:
        """Sync what no later line has synced: the next one may take minutes to make."""
        with self._lock:
            self._timer = None
            if self._unsynced:
                self._flush(is_last=True)

    def _append(self, line: bytes) -> None:
        """Append a line; after a failure the file ends with the line before."""
        if self._file is None:
            self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            # An incomplete line of an earlier try is overwritten.
            _put(self._file, line, self._good_bytes)
        except OSError:
            os.ftruncate(self._file, self._good_bytes)
            raise
        self._good_bytes += len(line)
        self._unsynced.append(line)

    def _sync(self) -> None:
        """See that the disk has what was written; what it does not take waits again."""
        assert self._file is not None
        try:
            os.fsync(self._file)
        except OSError:
            os.ftruncate(self._file, self._synced_bytes)
            self.waiting[:0], self._unsynced = self._unsynced, []
            self._good_bytes = self._synced_bytes
            raise
        self._unsynced.clear()
        self._synced_bytes, self._synced_at = self._good_bytes, time.monotonic()

    def _release(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file)


def _put(file: int, content: bytes, place: int) -> None:
    os.lseek(file, place, os.SEEK_SET)
    written = 0
    while written < len(content):
        written += os.write(file, content[written:])


def write_record(path: Path, rows: Iterable[Mapping[str, Any] | bytes]) -> None:
    """Write all lines of a record in one piece.

    Args:
        path: The file.
        rows: Plain JSON, or a line as it is in another record.

    Raises:
        OSError: it cannot be written; an older file is then as it was.
    """
    with replacing(path) as file:
        for row in rows:
            if isinstance(row, bytes):
                file.write(_copied(row))
            elif row.get("plan"):
                file.writelines(_with_plan(row))
            else:
                file.write(_line(row))


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_TOGETHER = 10_000
"""Names of a plan that are encoded at once."""


def _line(row: Mapping[str, Any]) -> bytes:
    return _encoded(row) + b"\n"


def _encoded(value: Any) -> bytes:
    text = _ENCODER.encode(value)
    if may_name_home(text):
        value = without_home(value)
        text = _ENCODER.encode(value)
    try:
        return text.encode()
    except UnicodeEncodeError:
        # Half a surrogate pair, as an engine may write it, has no UTF-8, but an escape.
        return json.dumps(value, allow_nan=False).encode("ascii")


def _copied(line: bytes) -> bytes:
    """A line of another record; it is encoded again only where it may name the user's home folder."""
    text = line.decode()
    return _line(json.loads(text)) if may_name_home(text) else line + b"\n"


def _with_plan(environment: Mapping[str, Any]) -> Iterator[bytes]:
    """An environment whose plan may have very many names, piece by piece."""
    yield _encoded({key: value for key, value in environment.items() if key != "plan"})[:-1] + b', "plan": {'
    for number, (model, names) in enumerate(environment["plan"].items()):
        yield b", " * (number > 0) + _encoded(model) + b": ["
        for start in range(0, len(names), _TOGETHER):
            yield b", " * (start > 0) + _encoded(list(names[start : start + _TOGETHER]))[1:-1]
        yield b"]"
    yield b"}}\n"


def write_whole(path: Path, text: str) -> None:
    """Write a file in one piece: a reader sees the older one or the new one, and never a half.

    Half a surrogate pair, which has no UTF-8, is written as an escape.

    Raises:
        OSError: it cannot be written.
    """
    with replacing(path) as file:
        file.write(text.encode(errors="backslashreplace"))
