"""The boxes of an MP4 file: whether one is missing or damaged, and whether a second file follows.

FFmpeg reads no further than the last fragment before a damaged box.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from asrlab_pytest.corpus.stated_samples import at, missing

_HEAD = 8
"""Bytes of a box: its size and name. A larger size follows them."""
_FILE, _FRAGMENT = b"ftyp", b"moof"
"""The first box of a file, and that before the samples of a fragment."""
_NEEDED = (b"moov", _FRAGMENT, b"mdat")
"""Boxes that audio cannot do without. Bytes after a file read as a box of another name."""
_UNUSED = (b"free", b"skip")
"""Boxes of space that nobody reads, in which a deleted fragment may be left."""
_BEGINNING = re.compile(_FRAGMENT + rb"\x00\x00\x00\x10mfhd")
"""How a fragment begins, after its size."""
_OVERLAP = 11
"""Bytes of a beginning that a block may end with."""
_BLOCK = 1 << 20


class _Box(NamedTuple):
    name: bytes
    place: int
    end: int
    """As stated; not after its place where it is a part of the file to the end, or damaged."""


def is_joined(file: BinaryIO, start: int) -> bool:
    """Whether an MP4 file holds another after its beginning.

    Args:
        file: Any file.
        start: Where it begins.
    """
    is_mp4 = at(file, start + 4, 4) == _FILE
    return is_mp4 and sum(box.name == _FILE for box in _boxes(file, start, file.seek(0, os.SEEK_END))) > 1


def why_cut(file: BinaryIO, length: int) -> str | None:
    """What an MP4 file lacks, in words; None if it lacks nothing."""
    *_, last = _boxes(file, 0, length)
    return missing(last.end, length) if last.name in _NEEDED else None


def why_damaged(file: BinaryIO, length: int) -> str | None:
    """Where a fragment follows that the boxes do not lead to, in words; None if they lead to all."""
    boxes = list(_boxes(file, 0, length))
    places = {box.place for box in boxes if box.name == _FRAGMENT}
    unused = [range(box.place, box.end) for box in boxes if box.name in _UNUSED]
    beginnings = _fragments(file, min(places)) if places else iter(())
    lost = (place for place in beginnings if place not in places and not any(place in space for space in unused))
    return next((f"the fragment before byte {place:,} is damaged" for place in lost), None)


def _boxes(file: BinaryIO, place: int, length: int) -> Iterator[_Box]:
    """The boxes from a place on that follow one another. The last one may be cut."""
    while place + _HEAD <= length:
        size, name = struct.unpack(">I4s", at(file, place, _HEAD))
        size = int.from_bytes(at(file, place + _HEAD, _HEAD)) if size == 1 else size
        yield _Box(name, place, place + size)
        place += size if size >= _HEAD else length  # 0 stands for "to the end".


def _fragments(file: BinaryIO, place: int) -> Iterator[int]:
    """What looks like the beginning of a fragment, from a place on."""
    overlap = b""
    while block := at(file, place, _BLOCK):
        start = place - len(overlap)
        yield from (start + match.start() - 4 for match in _BEGINNING.finditer(overlap + block))
        overlap = block[-_OVERLAP:]
        place += len(block)
