"""A file of lines that is read from start to end, and then again in parts."""

from __future__ import annotations

import io
import json
import os
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO

from asrlab_pytest.content import refuse_device
from asrlab_pytest.errors import AsrlabError

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Windows editors put it at the start of a file."""


@dataclass(slots=True)
class FileLine:
    """A line that is not blank."""

    number: int
    """From 1."""
    start: int
    """Its first byte."""
    size: int
    """In bytes, without the end of the line."""
    is_tail: bool
    """Whether it is the last one and unfinished."""
    _content: bytes = b""

    def take(self) -> bytes:
        """Its bytes, once: the first line of a large run names each clip, and is not to be kept while it is read."""
        content, self._content = self._content, b""
        return content


_LARGE = 1 << 26
"""Bytes."""
_MOST_OPEN = 64
"""Files that are open at once: a store may have thousands of records, and systems allow 256 to 1024 open files."""
_lock = threading.RLock()
_open: OrderedDict[int, IO[bytes]] = OrderedDict()
"""The most recently used files, by the id of their `RecordFile`, which is not kept alive."""


def _close(key: int) -> None:
    """Close the file of a `RecordFile` that is gone, without the lock: this may run while the thread holds it."""
    file = _open.pop(key, None)
    if file is not None:
        file.close()


class RecordFile:
    """Stays open while few files are in use, so that its lines can be read again even if the file is replaced.

    Args:
        path: The file; a pipe is read into memory.

    Raises:
        OSError: it cannot be read, or is a device.
    """

    def __init__(self, path: Path) -> None:
        refuse_device(path)
        self._path = path
        file = path.open("rb")
        self._pipe: IO[bytes] | None = None
        weakref.finalize(self, _close, id(self))
        if file.seekable():
            self._identity = _identity(file)
            self._keep_open(file)
        else:
            with file:
                self._pipe = io.BytesIO(file.read())

    @property
    def is_large(self) -> bool:
        """Whether it is so large that reading it takes much memory."""
        return self._pipe is None and self._path.stat().st_size > _LARGE

    def lines(self, start: int = 0, before: int = 0) -> Iterator[FileLine]:
        """The lines that are not blank.

        Args:
            start: The byte that the first of them starts at.
            before: How many lines are before it.
        """
        for number in count(before + 1):
            with _lock:
                file = self._file()
                file.seek(start)
                content = file.readline()
            if not content:
                return
            if number == 1 and content.startswith(BYTE_ORDER_MARK):
                start += len(BYTE_ORDER_MARK)
                content = content.removeprefix(BYTE_ORDER_MARK)
            size, is_tail = len(content), not content.endswith(b"\n")
            content = content.removesuffix(b"\n")
            line = FileLine(number, start, len(content), is_tail, content)
            is_blank = not content or content.isspace()
            content = b""
            if not is_blank:
                yield line
            start += size

    def read(self, start: int, size: int) -> bytes:
        """A range of bytes.

        Raises:
            AsrlabError: the file was closed because many others were in use, and has been replaced.
        """
        with _lock:
            file = self._file()
            file.seek(start)
            return file.read(size)

    def _file(self) -> IO[bytes]:
        if self._pipe is not None:
            return self._pipe
        if id(self) in _open:
            _open.move_to_end(id(self))
            return _open[id(self)]
        try:
            file = self._path.open("rb")
        except OSError:
            raise self._changed() from None
        if _identity(file) != self._identity:
            file.close()
            raise self._changed()
        self._keep_open(file)
        return file

    def _changed(self) -> AsrlabError:
        return AsrlabError(
            f"{self._path} was replaced or deleted while it was being read", hint="run the command again"
        )

    def _keep_open(self, file: IO[bytes]) -> None:
        with _lock:
            _open[id(self)] = file
            while len(_open) > _MOST_OPEN:
                _open.popitem(last=False)[1].close()

    def document(self) -> dict[str, object] | None:
        """The file as one JSON document, as pytest-benchmark writes it; None if it is lines."""
        with _lock:
            file = self._file()
            file.seek(0)
            if not _may_be_document(file.readline()):
                return None
            file.seek(0)
            content = file.read()
        try:
            document = json.loads(content)
        except (ValueError, RecursionError):
            return None
        return document if isinstance(document, dict) and isinstance(document.get("benchmarks"), list) else None


def _may_be_document(first: bytes) -> bool:
    """Whether the first line of a file may start a JSON document, so that reading the whole file is worthwhile."""
    if first.startswith(b'{"kind": '):
        return False
    if json.detect_encoding(first) not in ("utf-8", "utf-8-sig"):
        return True
    try:
        row = json.loads(first)
    except json.JSONDecodeError as error:
        return error.pos >= len(error.doc.rstrip())
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and "benchmarks" in row


def _identity(file: IO[bytes]) -> tuple[int, int]:
    """The identity of the file, regardless of its name."""
    status = os.fstat(file.fileno())
    return status.st_dev, status.st_ino
