"""Shows a decoder a file as it is to see it: without its beginning, with other bytes at a place, or longer."""

from __future__ import annotations

import io
import os
from typing import BinaryIO

_TAG = 128
"""Bytes at the end of an MPEG file in which a tag is looked for."""


class Held(io.BytesIO):
    """A file in memory, which a decoder may read as it is."""

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence == os.SEEK_CUR:
            offset += self.tell()
        elif whence == os.SEEK_END:
            offset += len(self.getbuffer())
        # As of `Seen`, for a damaged header.
        return super().seek(offset) if offset >= 0 else self.tell()


class Seen(io.RawIOBase):
    """A file as a decoder is to see it.

    Args:
        file: What is read.
        start: Offset at which it begins; what comes before is not visible.
        patch: Offset, and the bytes that replace those of the file.
        end: Where what is read ends; where the file does, where it is None.
        length: How long the file is to seem; as long as it is where it is None.
    """

    def __init__(
        self,
        file: BinaryIO | Seen,
        *,
        start: int = 0,
        patch: tuple[int, bytes] = (0, b""),
        end: int | None = None,
        length: int | None = None,
    ) -> None:
        self._file = file
        self._start = start
        self._patch = patch
        available = file.seek(0, os.SEEK_END) - start
        # A header may state an end that is far behind the file's.
        self._end = available if end is None else min(end, available)
        self._length = self._end if length is None else length
        self._place = 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        place = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._length}[whence]
        # A damaged header makes libsndfile seek to before the start: soundfile would print a traceback and continue.
        self._place = place if place >= 0 else self._place
        return self._place

    def tell(self) -> int:
        return self._place

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        size = self._length if size < 0 else size
        content = bytearray()
        if self._place < self._end:
            self._file.seek(self._start + self._place)
            content += self._file.read(min(size, self._end - self._place))
        if not content and self._place >= self._length - _TAG:
            content = bytearray(max(0, min(size, self._length - self._place)))
        start, new = self._patch
        for place, byte in enumerate(new, start=start - self._place):
            if 0 <= place < len(content):
                content[place] = byte
        self._place += len(content)
        return bytes(content)

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        content = self.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)
