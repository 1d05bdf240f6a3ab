"""The pages of an Ogg file: whether one is missing or damaged, and whether a second stream follows the first.

Decoders skip a page that does not match its checksum, and read on after it.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from asrlab_pytest.corpus.stated_samples import at, missing

_LAST_PAGES = 1 << 17
"""Bytes at the end of a file in which its last page begins: a page has 65,307 at most."""
_PAGE = 27
"""Bytes at the head of a page, before the sizes of its segments."""
_IS_FIRST, _IS_LAST = 2, 4
"""Whether a page is the first or the last of its stream."""
_CHECKSUM = slice(22, 26)
"""Bytes of a page, which count as zeros in it."""
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
"""The bits of each byte from the last to the first."""


class _Page(NamedTuple):
    flags: int
    position: int
    """Of its last sample; 0 of the pages with headers."""
    stream: int
    number: int
    """In its stream."""
    start: int
    """Offset in the file."""
    end: int


def is_chained(file: BinaryIO) -> bool:
    """Whether an Ogg file holds a stream after the end of another. The file is left at its beginning."""
    length = file.seek(0, os.SEEK_END)
    is_over, is_first = False, False
    for page in _pages(file, length):
        is_first = is_over and bool(page.flags & _IS_FIRST)
        is_over = is_over or bool(page.flags & _IS_LAST)
        if is_first:
            break
    file.seek(0)
    return is_first


def why_cut(file: BinaryIO, length: int) -> str | None:
    """What an Ogg file lacks, in words; None if it lacks nothing."""
    tail = at(file, max(0, length - _LAST_PAGES), _LAST_PAGES)
    last = tail.rfind(b"OggS\0")
    is_end = last >= 0 and len(tail) > last + 5 and tail[last + 5] & _IS_LAST
    if not is_end:
        return "its last page is missing"
    count = tail[last + 26] if len(tail) > last + 26 else 0
    end = last + 27 + count + sum(tail[last + 27 : last + 27 + count])
    return missing(end, len(tail)) or _hole(file, length, last=length - len(tail) + last)


def why_damaged(file: BinaryIO, length: int) -> str | None:
    """Which page with audio does not match its checksum, in words; None if all do."""
    for page in _pages(file, length):
        content = at(file, page.start, page.end - page.start)
        if page.position and content[_CHECKSUM] != _checksum(content):
            return f"page {page.number}, at byte {page.start:,}, does not match its checksum"
    return None


def _hole(file: BinaryIO, length: int, last: int) -> str | None:
    """What is missing between the pages of an Ogg file. A recorded broadcast begins in the middle of its stream.

    Args:
        file: It.
        length: Of the file in bytes.
        last: Offset of its last page.
    """
    before: dict[int, _Page] = {}
    end = 0
    for page in _pages(file, length):
        other = before.get(page.stream)
        if other and other.position and page.number != other.number + 1:
            return f"page {page.number} follows page {other.number} at byte {end:,}"
        before[page.stream] = page
        end = page.end
    return f"a part is missing before byte {end:,}" if end <= last else None


def _pages(file: BinaryIO, length: int) -> Iterator[_Page]:
    """The pages from the start of a file on that follow one another."""
    start = 0
    while start + _PAGE <= length:
        head = at(file, start, _PAGE)
        if head[:4] != b"OggS":
            return
        end = start + _PAGE + head[26] + sum(at(file, start + _PAGE, head[26]))
        flags, position, stream, number = struct.unpack("<5xBQII", head[:22])
        yield _Page(flags, position, stream, number, start, end)
        start = end


def _checksum(page: bytes) -> bytes:
    """The CRC-32 of zip, but not inverted, and with the bits of each byte from the last to the first."""
    bare = page[: _CHECKSUM.start] + bytes(4) + page[_CHECKSUM.stop :]
    remainder = zlib.crc32(bare.translate(_REVERSED), 0xFFFF_FFFF) ^ 0xFFFF_FFFF
    return remainder.to_bytes(4).translate(_REVERSED)
