"""What the containers of audio state of their own size, so that a truncated file is detected.

libsndfile and FFmpeg read a file that was cut as if it were a shorter one.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable, Mapping
from typing import BinaryIO

from asrlab_pytest.corpus import flac, old_containers
from asrlab_pytest.corpus.binary import at, missing
from asrlab_pytest.corpus.stated_samples import CONTAINERS, UNKNOWN_64, stated_samples

_LATER = ((0x7F00_0000, 0x7F00_0100), (0x7FFF_0000, 0x8000_0100), (0xFFFF_0000, 0xFFFF_FFFF))
"""Placeholders of streaming writers (sox, FFmpeg and others) for a size that they never filled in."""
_LAST_PAGES = 1 << 17
"""Bytes at the end of an Ogg file in which its last page begins: a page has 65,307 at most."""
_PAGE = 27
"""Bytes at the head of a page of Ogg, before the sizes of its segments."""
_IS_FIRST, _IS_LAST = 2, 4
"""Whether a page is the first or the last of its stream."""


def why_cut(file: BinaryIO) -> str | None:
    """What a file lacks by what its container states, in words; None if it lacks nothing or states nothing.

    The file is left at its beginning.
    """
    length = file.seek(0, os.SEEK_END)
    head = at(file, 0, 64)
    ends = next((check for name, check in _CONTAINERS.items() if re.match(name, head, re.DOTALL)), None)
    try:
        end = ends(file, length) if ends else None
    except (struct.error, ValueError, LookupError, ArithmeticError):
        end = None
    file.seek(0)
    return end


def is_chained(file: BinaryIO) -> bool:
    """Whether an Ogg file holds a stream behind the end of another. The file is left at its beginning."""
    length = file.seek(0, os.SEEK_END)
    place, is_over, is_first = 0, False, False
    while place + _PAGE <= length and not is_first:
        page = at(file, place, _PAGE)
        if page[:4] != b"OggS":
            break
        is_first = is_over and bool(page[5] & _IS_FIRST)
        is_over = is_over or bool(page[5] & _IS_LAST)
        place += _PAGE + page[26] + sum(at(file, place + _PAGE, page[26]))
    file.seek(0)
    return is_first


def _of_samples(file: BinaryIO, length: int) -> str | None:
    samples = stated_samples(file, length)
    if samples is None or not samples.size or any(low <= samples.size <= high for low, high in _LATER):
        return None
    return missing(samples.end, length)


def _w64(file: BinaryIO, length: int) -> str | None:
    place = 40
    while place + 24 <= length:
        name, size = struct.unpack("<4s12xQ", at(file, place, 24))
        if name == b"data":
            return None if size <= 24 or size >= UNKNOWN_64 else missing(place + size, length)  # noqa: PLR2004
        place += max(24, size + -size % 8)
    return None


def _sphere(file: BinaryIO, length: int) -> str | None:
    start = int(at(file, 8, 8))
    fields = dict(re.findall(rb"^(\w+) -\w+ (.*?)\s*$", at(file, 0, start), re.MULTILINE))
    if b"," in fields.get(b"sample_coding", b"pcm"):
        return None  # Compressed, so that its size does not follow from the count of its samples.
    counts = (fields[name] for name in (b"sample_count", b"sample_n_bytes") if name in fields)
    size = int(fields.get(b"channel_count", b"1"))
    for count in counts:
        size *= int(count)
    return missing(start + size, length) if b"sample_count" in fields else None


def _ogg(file: BinaryIO, length: int) -> str | None:
    tail = at(file, max(0, length - _LAST_PAGES), _LAST_PAGES)
    last = tail.rfind(b"OggS\0")
    is_end = last >= 0 and len(tail) > last + 5 and tail[last + 5] & _IS_LAST
    if not is_end:
        return "its last page is missing"
    count = tail[last + 26] if len(tail) > last + 26 else 0
    end = last + 27 + count + sum(tail[last + 27 : last + 27 + count])
    return missing(end, len(tail))


def _matroska(file: BinaryIO, length: int) -> str | None:
    place = 0
    while place + 2 < length:
        head = at(file, place, 12)
        id_size = 9 - head[0].bit_length()
        size_size = 9 - head[id_size].bit_length()
        bits = 7 * size_size
        size = int.from_bytes(head[id_size : id_size + size_size]) & (1 << bits) - 1
        end = place + id_size + size_size + size
        if size == (1 << bits) - 1:
            return None  # Written as a stream.
        if end > length:
            return missing(end, length)
        place = end
    return None


def _mp4(file: BinaryIO, length: int) -> str | None:
    place = 0
    while place + 8 <= length:
        size = struct.unpack(">I", at(file, place, 4))[0]
        if size == 1:
            size = struct.unpack(">Q", at(file, place + 8, 8))[0]
        if size < 8:  # noqa: PLR2004 - 0 stands for "to the end"
            return None
        place += size
    return missing(place, length)


def _asf(file: BinaryIO, length: int) -> str | None:
    header = struct.unpack("<Q", at(file, 16, 8))[0]
    size = struct.unpack("<Q", at(file, header + 16, 8))[0]
    return None if not size or size >= UNKNOWN_64 else missing(header + size, length)


_CONTAINERS: Mapping[bytes, Callable[[BinaryIO, int], str | None]] = {
    **dict.fromkeys(CONTAINERS, _of_samples),
    rb"riff\x2e\x91\xcf\x11": _w64,
    rb"NIST_1A\n": _sphere,
    rb"OggS": _ogg,
    rb"\x1a\x45\xdf\xa3": _matroska,
    rb"....ftyp": _mp4,
    rb"\x30\x26\xb2\x75": _asf,
    rb"fLaC": flac.why_cut,
    **old_containers.CHECKS,
}
"""Containers by the first bytes of a file."""
