"""A file of lines that is read from beginning to end, and again in part."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from asrlab_pytest.content import refuse_device

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Editors of Windows put it before a file."""


class FileLine(NamedTuple):
    """A line that is not blank."""

    number: int
    """From 1."""
    start: int
    """Its first byte."""
    content: bytes
    is_tail: bool
    """Whether it is the last one and unfinished."""


class RecordFile:
    """Stays open as long as it is used, so that lines can be read again, whatever takes the file's place meanwhile.

    Args:
        path: The file; a pipe is read into the memory.

    Raises:
        OSError: it cannot be read, or is a device.
    """

    def __init__(self, path: Path) -> None:
        refuse_device(path)
        self._file: IO[bytes] = path.open("rb")
        self._lock = threading.Lock()
        if not self._file.seekable():
            with self._file as pipe:
                self._file = io.BytesIO(pipe.read())

    def __del__(self) -> None:
        if "_file" in self.__dict__:
            self._file.close()

    def lines(self) -> Iterator[FileLine]:
        """The lines that are not blank."""
        self._file.seek(0)
        start = 0
        for number, content in enumerate(iter(self._file.readline, b""), start=1):
            if number == 1 and content.startswith(_BYTE_ORDER_MARK):
                start += len(_BYTE_ORDER_MARK)
                content = content.removeprefix(_BYTE_ORDER_MARK)  # noqa: PLW2901
            line = content.removesuffix(b"\n")
            if line.strip():
                yield FileLine(number, start, line, is_tail=line == content)
            start += len(content)

    def read(self, start: int, size: int) -> bytes:
        """Some bytes from the middle."""
        with self._lock:
            self._file.seek(start)
            return self._file.read(size)

    def document(self) -> dict[str, Any] | None:
        """The file as one JSON document, as pytest-benchmark writes it; None if it is lines."""
        self._file.seek(0)
        if not _may_be_document(self._file.readline()):
            return None
        self._file.seek(0)
        try:
            document = json.loads(self._file.read())
        except (ValueError, RecursionError):
            return None
        return document if isinstance(document, dict) and isinstance(document.get("benchmarks"), list) else None


def _may_be_document(first: bytes) -> bool:
    """Whether the first line of a file may be the beginning of a whole document, so that reading all of it pays."""
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
