"""What the containers of audio state of their own size, so that a truncated file is detected.

libsndfile and FFmpeg read a file that was cut as if it were a shorter one. PAF, PVF and IRCAM state nothing, and are
read to their end.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, NamedTuple

from asrlab_pytest.corpus import flac
from asrlab_pytest.corpus.stated_samples import CONTAINERS, UNKNOWN_64, at, stated_samples
from asrlab_pytest.wording import many

_LATER = ((0x7F00_0000, 0x7F00_0100), (0x7FFF_0000, 0x8000_0100), (0xFFFF_0000, 0xFFFF_FFFF))
"""Placeholders of streaming writers (sox, FFmpeg and others) for a size that they never filled in."""
_LAST_PAGES = 1 << 17
"""Bytes at the end of an Ogg file in which its last page begins: a page has 65,307 at most."""
_PAGE = 27
"""Bytes at the head of a page of Ogg, before the sizes of its segments."""
_SEGMENT = b"\x18\x53\x80\x67"
"""Of Matroska: the element that holds all but the header. What follows it is not audio."""
_BOXES = (b"moov", b"moof", b"mdat")
"""Of MP4: what audio cannot do without. Bytes after a file read as a box of another name."""
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


class _Page(NamedTuple):
    """Of Ogg."""

    flags: int
    position: int
    """Of its last sample; 0 of the pages with headers."""
    stream: int
    number: int
    """In its stream."""
    end: int
    """Offset in the file."""


def _pages(file: BinaryIO, length: int) -> Iterator[_Page]:
    """The pages from the start of a file on that follow one another."""
    place = 0
    while place + _PAGE <= length:
        head = at(file, place, _PAGE)
        if head[:4] != b"OggS":
            return
        place += _PAGE + head[26] + sum(at(file, place + _PAGE, head[26]))
        flags, position, stream, number = struct.unpack("<5xBQII", head[:22])
        yield _Page(flags, position, stream, number, place)


def _of_samples(file: BinaryIO, length: int) -> str | None:
    samples = stated_samples(file, length)
    if samples is None or not samples.size or any(low <= samples.size <= high for low, high in _LATER):
        return None
    return _missing(samples.end, length)


def _w64(file: BinaryIO, length: int) -> str | None:
    place = 40
    while place + 24 <= length:
        name, size = struct.unpack("<4s12xQ", at(file, place, 24))
        if name == b"data":
            return None if size <= 24 or size >= UNKNOWN_64 else _missing(place + size, length)  # noqa: PLR2004
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
    return _missing(start + size, length) if b"sample_count" in fields else None


def _ogg(file: BinaryIO, length: int) -> str | None:
    tail = at(file, max(0, length - _LAST_PAGES), _LAST_PAGES)
    last = tail.rfind(b"OggS\0")
    is_end = last >= 0 and len(tail) > last + 5 and tail[last + 5] & _IS_LAST
    if not is_end:
        return "its last page is missing"
    count = tail[last + 26] if len(tail) > last + 26 else 0
    end = last + 27 + count + sum(tail[last + 27 : last + 27 + count])
    return _missing(end, len(tail)) or _hole(file, length, last=length - len(tail) + last)


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
        if end > length or head.startswith(_SEGMENT):
            return _missing(end, length)
        place = end
    return None


def _mp4(file: BinaryIO, length: int) -> str | None:
    place, name = 0, b""
    while place + 8 <= length:
        size, name = struct.unpack(">I4s", at(file, place, 8))
        if size == 1:
            size = struct.unpack(">Q", at(file, place + 8, 8))[0]
        if size < 8:  # noqa: PLR2004 - 0 stands for "to the end"
            return None
        place += size
    return _missing(place, length) if name in _BOXES else None


def _asf(file: BinaryIO, length: int) -> str | None:
    header = struct.unpack("<Q", at(file, 16, 8))[0]
    size = struct.unpack("<Q", at(file, header + 16, 8))[0]
    return None if not size or size >= UNKNOWN_64 else _missing(header + size, length)


# ---------------------------------------------------------------------------------------------------------------------
# Old programs


def _avr(file: BinaryIO, length: int) -> str | None:
    is_stereo, bits, frames = struct.unpack(">HH10xI", at(file, 12, 18))
    return _missing(128 + frames * (bits // 8) * (2 if is_stereo else 1), length)


def _mpc(file: BinaryIO, length: int) -> str | None:
    is_stereo, frames = struct.unpack("<B8xI", at(file, 21, 13))
    return _missing(42 + frames * 2 * (2 if is_stereo else 1), length)


def _voc(file: BinaryIO, length: int) -> str | None:
    place = struct.unpack("<H", at(file, 20, 2))[0]
    while place + 4 <= length and (head := at(file, place, 4))[0]:
        place += 4 + int.from_bytes(head[1:], "little")
    return _missing(place, length)


def _psion(file: BinaryIO, length: int) -> str | None:
    return _missing(32 + int.from_bytes(at(file, 18, 4)), length)


def _htk(file: BinaryIO, length: int) -> str | None:
    return _missing(12 + 2 * int.from_bytes(at(file, 0, 4)), length)


def _midi(file: BinaryIO, length: int) -> str | None:
    """Packets of 127 bytes, of which 120 are samples: 7 bits of them in each."""
    head = at(file, 0, 13)
    samples = head[10] | head[11] << 7 | head[12] << 14
    in_packet = 120 // -(-head[6] // 7)
    return _missing(21 + 127 * -(-samples // in_packet), length)


def _instrument(file: BinaryIO, length: int) -> str | None:
    """Of FastTracker: the heads of its samples, and then all of them."""
    count = struct.unpack("<H", at(file, 296, 2))[0]
    sizes = (struct.unpack("<I", at(file, 298 + 40 * sample, 4))[0] for sample in range(count))
    return _missing(298 + 40 * count + sum(sizes), length)


def _matlab_4(file: BinaryIO, length: int) -> str | None:
    place = 0
    while place + 20 <= length:
        order = ">" if at(file, place, 2) == b"\0\0" and at(file, place, 4) != bytes(4) else "<"
        kind, rows, columns, is_complex, name = struct.unpack(f"{order}5I", at(file, place, 20))
        values = rows * columns * (2 if is_complex else 1)
        place += 20 + name + values * (8, 4, 4, 2, 2, 1)[kind // 10 % 10]
    return _missing(place, length)


def _matlab_5(file: BinaryIO, length: int) -> str | None:
    """A file of matrices, each of flags, shape, name and values; libsndfile states 8 bytes too many for the whole."""
    order = "<" if at(file, 126, 2) == b"IM" else ">"
    place = end = 128
    while place + 8 <= length:
        size = struct.unpack(f"{order}4xI", at(file, place, 8))[0]
        end = place + 8
        for _ in range(4):
            end += _matlab_5_element(at(file, end, 8), order)
        place += 8 + size
    return _missing(end, length)


def _matlab_5_element(head: bytes, order: str) -> int:
    """Bytes of an element, padded to a multiple of 8; a short one has its size next to its type."""
    kind, size = struct.unpack(f"{order}2I", head)
    return 8 if kind >> 16 else 8 + size + -size % 8


def _missing(end: int, length: int) -> str | None:
    """What a file of a length lacks whose samples should end there, in words; None if it lacks nothing."""
    count = end - length
    return f"{many(count, 'byte')} of its samples {'is' if count == 1 else 'are'} missing" if count > 0 else None


_CONTAINERS: Mapping[bytes, Callable[[BinaryIO, int], str | None]] = {
    **dict.fromkeys(CONTAINERS, _of_samples),
    rb"riff\x2e\x91\xcf\x11": _w64,
    rb"NIST_1A\n": _sphere,
    rb"OggS": _ogg,
    rb"\x1a\x45\xdf\xa3": _matroska,
    rb"....ftyp": _mp4,
    rb"\x30\x26\xb2\x75": _asf,
    rb"fLaC": flac.why_cut,
    rb"2BIT": _avr,
    rb"\x01\x04.{40}": _mpc,
    rb"Creative Voice File\x1a": _voc,
    rb"ALawSoundFile\*\*\0": _psion,
    rb"\xf0\x7e.\x01": _midi,
    rb"Extended Instrument: ": _instrument,
    rb"(\0\0\0\0|\0\0\x03\xe8).{4}(\0\0\0\x01|\x01\0\0\0).{8}samplerate\0": _matlab_4,
    rb"MATLAB 5\.0 MAT-file": _matlab_5,
    rb".{4}(?!\0{4}).{4}\0\x02\0\0": _htk,
}
"""Containers by the first bytes of a file."""
