"""The elements of a Matroska or WebM file: whether one is missing at the end, or is damaged in the middle.

Where the content of a file is no element, FFmpeg goes on with the next cluster, or with the end of the file.
"""

from __future__ import annotations

import re
from typing import BinaryIO, NamedTuple

from asrlab_pytest.corpus.scanning import at, places_of
from asrlab_pytest.corpus.stated_samples import missing

_SEGMENT = 0x1853_8067
"""The element that holds all but the header. What follows it is not audio."""
_CLUSTER = 0x1F43_B675
"""An element in it, of elements with audio."""
_KNOWN = {
    _CLUSTER,
    *(0x114D_9B74, 0x1549_A966, 0x1654_AE6B, 0x1C53_BB6B, 0x1941_A469, 0x1043_A770, 0x1254_C367, 0x1B53_8667),
    *(0xE7, 0xA7, 0xAB, 0xA3, 0xA0, 0xAF, 0x5854),
    *(0xEC, 0xBF),
}
"""The elements in a segment, in a cluster, and in any element."""
_LONGEST_HEAD = 12
_AUDIO = re.compile(rb"[\xa3\xa0]|\x1f\x43\xb6\x75")
"""How a block, a group of blocks and a cluster begin."""
_LONGEST = 4
"""Bytes of such a beginning."""
_ROW = 6
"""Consecutive elements that identify what follows as content of a segment."""


class _Element(NamedTuple):
    name: int
    start: int
    """Offset of its content."""
    size: int | None
    """None if its writer did not know it."""

    @property
    def end(self) -> int:
        """Where the next element begins: that after a cluster is the first one in it."""
        return self.start if self.name == _CLUSTER else self.start + (self.size or 0)


def why_cut(file: BinaryIO, length: int) -> str | None:
    """What a Matroska file lacks, in words; None if it lacks nothing, or was written as a stream."""
    place = 0
    while (element := _element(file, place)) and element.size is not None:
        if element.name == _SEGMENT or element.end > length:
            return missing(element.end, length)
        place = element.end
    return None


def why_damaged(file: BinaryIO, length: int) -> str | None:
    """Where the content of a Matroska file is no element, in words; None if it is one up to the end.

    What follows the last element of a stream was appended to it, or is a part of an element that its writer did not
    finish.
    """
    segment = _segment(file)
    if segment is None:
        return None
    place = segment.start
    end = length if segment.size is None else min(length, segment.start + segment.size)
    while place < end and (element := _element(file, place)) and _is_valid(file, element, end, length):
        place = element.end
    is_damaged = place < end and (segment.size is not None or _is_followed(file, place, length))
    return f"its content is not valid at byte {place:,}" if is_damaged else None


def _segment(file: BinaryIO) -> _Element | None:
    place = 0
    while (element := _element(file, place)) and element.name != _SEGMENT and element.size is not None:
        place = element.end
    return element if element and element.name == _SEGMENT else None


def _element(file: BinaryIO, place: int) -> _Element | None:
    """The element that begins there; None if none does."""
    head = at(file, place, _LONGEST_HEAD)
    name_size = 9 - head[0].bit_length() if head else _LONGEST_HEAD
    size_size = 9 - head[name_size].bit_length() if len(head) > name_size else _LONGEST_HEAD
    end = name_size + size_size
    if name_size > 4 or size_size > 8 or len(head) < end:  # noqa: PLR2004 - as the format has it
        return None
    most = (1 << 7 * size_size) - 1
    size = int.from_bytes(head[name_size:end]) & most
    return _Element(int.from_bytes(head[:name_size]), place + end, None if size == most else size)


def _is_valid(file: BinaryIO, element: _Element, end: int, length: int) -> bool:
    """Whether an element is whole, and has a name that the format has or is followed by one that does.

    Args:
        file: Its file.
        element: It.
        end: Of the segment.
        length: Of the file.
    """
    if element.end > length:
        return False
    if element.name in _KNOWN:
        return element.size is not None or element.name == _CLUSTER
    after = _element(file, element.end)
    return element.end == end or (after is not None and after.name in _KNOWN)


def _is_followed(file: BinaryIO, place: int, length: int) -> bool:
    """Whether elements with audio follow after a place."""
    return any(_is_row(file, start, length) for start in places_of(file, place, _LONGEST, _AUDIO))


def _is_row(file: BinaryIO, place: int, length: int) -> bool:
    """Whether as many elements follow each other there as no other content has by chance."""
    for _ in range(_ROW):
        element = _element(file, place)
        if element is None or element.name not in _KNOWN or element.end > length:
            return False
        place = element.end
    return True
