"""The samples of a FLAC file: how many its header states, and with which its last frame ends.

libFLAC plays no more than a header states, and calls a file that was cut a damaged one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, NamedTuple

from asrlab_pytest.corpus.scanning import at, length_of, places_of

_PLACE = 21
"""Of the number of samples in a file: 36 bits, of which 4 share their byte with the sample size."""
_FRAMES = 1 << 17
"""Bytes at the end of a file in which two whole frames are looked for, where the header does not state their size."""
_LONGEST = 1 << 20
"""Bytes of a frame."""
_LONGEST_HEAD = 16
"""Bytes of the head of a frame."""
_SYNC = re.compile(rb"\xff[\xf8\xf9]")
"""How it begins."""
_FIRST = re.compile(rb"\xff[\xf8\xf9][\x10-\xff][\x00-\xaf]\x00", re.DOTALL)
"""How the first of a stream begins."""


class _Frame(NamedTuple):
    place: int
    """Offset in the bytes that are searched."""
    start: int
    """Sample of the stream."""
    end: int


def why_cut(file: BinaryIO, length: int) -> str | None:
    """What a FLAC file lacks by what its header states, in words; None if it lacks nothing or states nothing."""
    stated, end = _stated(file), _end(file, length)
    return f"{stated - end} of its {stated} samples are missing" if end is not None and end < stated else None


def number_to_drop(file: BinaryIO) -> tuple[int, bytes] | None:
    """The number of samples where a file holds others: its place, and bytes that leave it open. None if it is right.

    A file that was cut out of another, as by FFmpeg, has the number of that.
    """
    if at(file, 0, 4) != b"fLaC":
        return None
    stated, end = _stated(file), _end(file, length_of(file))
    is_of_another = stated and end is not None and (end > stated or begins_later(file))
    return (_PLACE, bytes([at(file, _PLACE, 1)[0] & 0xF0]) + bytes(4)) if is_of_another else None


def begins_later(file: BinaryIO) -> bool:
    """Whether a file is FLAC whose first frame is not the first of its stream, so that nothing can be sought in it."""
    if at(file, 0, 4) != b"fLaC":
        return False
    try:
        frame = _frame(at(file, first_place(file, 0), _LONGEST_HEAD), 0, 1)
    except IndexError:
        return False
    return frame is not None and frame.start > 0


def restarts(file: BinaryIO, place: int) -> bool:
    """Whether the first frame of a stream, which any encoder wrote, is somewhere from a place on."""
    return any(_is_first(file, head) for head in places_of(file, place, _LONGEST_HEAD, _FIRST))


def _is_first(file: BinaryIO, place: int) -> bool:
    """Whether a whole frame is there by its two checksums, before the second of its stream, a first one or the end."""
    frame = next(_frames(at(file, place, _LONGEST_HEAD), 1), None)
    if frame is None or frame.place:
        return False
    content = at(file, place, _LONGEST)
    ends = [other.place for other in _frames(content, frame.end) if other.place and other.start in {0, frame.end}]
    ends += [len(content)] * (len(content) < _LONGEST)
    return any(not _crc(content[:end], 0x8005, 16) for end in ends)


def first_place(file: BinaryIO, start: int) -> int:
    """Where the first frame is, after the blocks with what is said about the file."""
    place, is_last = start + 4, False
    while not is_last and len(head := at(file, place, 4)) == 4:  # noqa: PLR2004
        is_last = bool(head[0] & 0x80)
        place += 4 + int.from_bytes(head[1:])
    return place


def _stated(file: BinaryIO) -> int:
    """How many samples the header states; 0 means unknown."""
    return int.from_bytes(at(file, _PLACE, 5)) & (1 << 36) - 1


def _end(file: BinaryIO, length: int) -> int | None:
    """The sample after the last frame; None if no two frames are found that follow each other."""
    block, size = int.from_bytes(at(file, 8, 2)), int.from_bytes(at(file, 15, 3))
    tail = at(file, max(0, length - (2 * size + 4096 if size else _FRAMES)), length)
    end, ends = None, {0}
    for frame in _frames(tail, block):
        end = frame.end if frame.start in ends else end
        ends.add(frame.end)
    return end


def _frames(content: bytes, block: int) -> Iterator[_Frame]:
    """What looks like the head of a frame; some are found by chance."""
    for sync in _SYNC.finditer(content):
        with suppress(IndexError):
            frame = _frame(content, sync.start(), block)
            if frame is not None:
                yield frame


def _frame(content: bytes, begin: int, block: int) -> _Frame | None:
    """The frame that begins there; None if none does. Raises IndexError where the bytes end within its head."""
    head = content[begin : begin + _LONGEST_HEAD]
    size_code, rate_code = head[2] >> 4, head[2] & 15
    place = 4 + max(1, 8 - (head[4] ^ 0xFF).bit_length())
    more, rate_size = {6: 1, 7: 2}.get(size_code, 0), {12: 1, 13: 2, 14: 2}.get(rate_code, 0)
    end = place + more + rate_size
    if not size_code or rate_code == 15 or head[3] & 1 or _crc(head[:end], 0x07, 8) != head[end]:  # noqa: PLR2004
        return None
    number = _number(head[4:place])
    samples = int.from_bytes(head[place : place + more]) + 1 if more else _block_size(size_code)
    start = number if head[1] & 1 else number * block
    return _Frame(begin, start, start + samples)


def _block_size(code: int) -> int:
    if code == 1:
        return 192
    return 576 << code - 2 if code < 6 else 256 << code - 8  # noqa: PLR2004


def _number(content: bytes) -> int:
    """Written as UTF-8 writes a character, in up to 7 bytes."""
    value = content[0] & (0xFF >> len(content) + (len(content) > 1))
    for byte in content[1:]:
        value = value << 6 | byte & 0x3F
    return value


def _crc(content: bytes, polynomial: int, bits: int) -> int:
    value, most = 0, (1 << bits) - 1
    for byte in content:
        value ^= byte << bits - 8
        for _ in range(8):
            value = (value << 1 ^ (polynomial if value >> bits - 1 else 0)) & most
    return value
