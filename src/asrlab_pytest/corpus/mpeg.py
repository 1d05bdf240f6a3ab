"""Frames of an MPEG file (MP3): whether a header states their number, and where the last whole one ends."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple, TypeAlias

from asrlab_pytest.corpus.seen import Seen

Source: TypeAlias = BinaryIO | Seen
Kind: TypeAlias = tuple[int, int, bool]
_SEARCHED = 1 << 16
"""Bytes after the tags in which the first frame begins."""
_HEADER = 200
"""Bytes of the first frame in which such a header begins."""
_VBRI = 36
"""Bytes of a frame before the header of Fraunhofer's encoder, which libmpg123 does not read."""
_HAS_FOOTER = 0x10
_ROW = 4
"""Consecutive frames that identify a file as MPEG, no matter what comes before them."""
_LONGEST_ROW = _ROW * 2881
"""Bytes of as many of the longest frames: MPEG 2.5, layer 2, of 160 kbit/s at 8 kHz."""
_LOST = 4
"""Frames of a row that a decoder may leave out: the one with the header, and those that lack a part in earlier ones."""
_FEW = 8
"""Frames by which what encoders state and what they write differ: with and without the header, or the last ones."""
_TRAILER = 128
"""Bytes of an ID3 tag at the end."""
_CONTAINERS = (b"RIFF", b"RIFX", b"FORM", b"OggS", b"fLaC")
"""First bytes of other formats that may hold such frames."""


class Row(NamedTuple):
    """Frames of one kind that follow each other."""

    kind: Kind
    frames: int


def end_of_tags(file: Source) -> int:
    """Where the ID3 tags at the beginning end, of which there may be several."""
    place = 0
    while True:
        file.seek(place)
        head = file.read(10)
        if head[:3] != b"ID3" or len(head) < 10:  # noqa: PLR2004
            return place
        place += 10 + _synchsafe(head[6:10]) + (10 if head[5] & _HAS_FOOTER else 0)


def states_length(file: Source) -> bool:
    """Whether a header that libmpg123 reads states the number of frames; those of unfinished files state none."""
    content = _beginning(file)
    first = _first_frame(content)
    return first is not None and _stated(content[first : first + _HEADER])[0] > 0


def end_of_header(file: Source) -> int:
    """Where a first frame ends that holds a header and no sound; 0 if there is none."""
    content = _beginning(file)
    first = _first_frame(content)
    frame = b"" if first is None else content[first : first + _HEADER]
    is_header = _tag(frame) >= 0 or frame[_VBRI : _VBRI + 4] == b"VBRI"
    return end_of_tags(file) + first + _frame_size(frame[:4]) if first is not None and is_header else 0


def is_stream(file: Source) -> bool:
    """Whether frames follow each other: as many as no other content has by chance, or in a shorter file all of them.

    libmpg123 also decodes the few frames that headerless PCM seems to have.
    """
    content = _beginning(file)
    if any(_is_row(content, place) for place in _syncs(content)):
        return True
    place = _first_frame(content)
    if place is None:
        # Frames of a free bit rate do not state their size.
        return True
    while size := _frame_size(content[place : place + 4]):
        place += size
    return len(content) < _SEARCHED and place >= len(content) - _TRAILER


def end_of_frames(file: Source) -> int:
    """Where the last whole frame ends: libmpg123 refuses all of a file that ends within one, or with much else."""
    end = length = file.seek(0, os.SEEK_END)
    for place, _, size in _frames(file, length):
        if place + size > length:
            return min(end, place)
        end = place + size
    return end


def rows(file: Source) -> list[Row]:
    """The frames of a file that follow each other and are of one kind, where they are too many to be there by chance.

    Frames that are not, between two rows, are what a damaged frame or the tags of a joined file look like.
    """
    all_rows, length, end = [Row((0, 0, False), 0)], file.seek(0, os.SEEK_END), 0
    for place, head, size in _frames(file, length):
        kind, row = _kind(head), all_rows[-1]
        is_next = kind == row.kind and place == end
        all_rows[-1 if is_next else len(all_rows) :] = [Row(kind, (row.frames if is_next else 0) + 1)]
        end = place + size
    return [row for row in all_rows if row.frames >= _ROW]


def is_mixed(rows: Sequence[Row]) -> bool:
    """Whether later frames have another sample rate or number of channels: libmpg123 reads none of those."""
    return len({row.kind for row in rows}) > 1


def least_samples(rows: Sequence[Row]) -> int:
    """How many samples of each channel a decoder that reads all rows finds at least."""
    return sum(max(0, row.frames - _LOST) * _samples(row.kind) for row in rows)


def _frames(file: Source, length: int) -> Iterator[tuple[int, bytes, int]]:
    """The place, head and size of each frame. The last one may be cut."""
    place = end_of_tags(file)
    while place + 4 <= length:
        file.seek(place)
        head = file.read(4)
        size = _frame_size(head)
        if size:
            yield place, head, size
        place = place + size if size else _next_sync(file, place + 1)


def _kind(head: bytes) -> Kind:
    """What all frames of a stream have in common: version and layer, sample rate, and whether there is one channel."""
    return head[1] & 0x1E, head[2] & 0x0C, head[3] & 0xC0 == 0xC0  # noqa: PLR2004


def _samples(kind: Kind) -> int:
    """Of a frame."""
    version, layer = kind[0] >> 3, 4 - (kind[0] >> 1 & 3)
    if layer == 1:
        return 384
    return 1152 if layer == 2 or version == 3 else 576  # noqa: PLR2004


def is_joined(file: Source) -> bool:
    """Whether frames follow after the end of those that a header states."""
    content = _beginning(file)
    # Most files are of another format, and have as many bytes to search as a frame may begin with.
    place = _first_frame(content) if b"Xing" in content or b"Info" in content else None
    frames, size = (0, 0) if place is None else _stated(content[place : place + _HEADER])
    if place is not None and size:
        return _has_row(file, end_of_tags(file) + place + size)
    return frames > 0 and sum(row.frames for row in rows(file)) > frames + _ROW


def why_cut(file: Source, rows: Sequence[Row]) -> str | None:
    """What a file lacks by the header in its first frame, in words; None if it lacks little or none states it.

    Args:
        file: Any file with frames.
        rows: Its frames.
    """
    content = _beginning(file)
    first = _first_frame(content) or 0
    frame, length = content[first : first + _HEADER], file.seek(0, os.SEEK_END) - end_of_tags(file) - first
    frames, size = _stated(frame) if _tag(frame) >= 0 else _stated_by_vbri(frame)
    count = sum(row.frames for row in rows)
    if not count:
        # Those of a free bit rate are not found.
        return None
    # Some encoders state one of the two wrongly, or count tags as bytes of the stream.
    stated = [frames] * (frames > 0) + [size * count // length] * (size > 0)
    lacking = min(stated, default=0) - count
    return f"about {lacking} of its MPEG frames are missing" if lacking > _FEW else None


def _stated_by_vbri(frame: bytes) -> tuple[int, int]:
    """As `_stated`, of Fraunhofer's header."""
    if frame[_VBRI : _VBRI + 4] != b"VBRI":
        return 0, 0
    return _number(frame[_VBRI + 14 : _VBRI + 18]), _number(frame[_VBRI + 10 : _VBRI + 14])


def _stated(frame: bytes) -> tuple[int, int]:
    """How many frames and bytes the stream has, as the header in its first frame states; 0 where it does not."""
    place = _tag(frame)
    if place < 0 or len(frame) < place + 16:
        return 0, 0
    flags, first, second = frame[place + 7] & 3, frame[place + 8 : place + 12], frame[place + 12 : place + 16]
    return {
        0: (0, 0),
        1: (_number(first), 0),
        2: (0, _number(first)),
        3: (_number(first), _number(second)),
    }[flags]


def _number(field: bytes) -> int:
    """As stated; 0 where its writer did not know it."""
    return 0 if field == b"\xff" * 4 else int.from_bytes(field)


def _tag(frame: bytes) -> int:
    """Where the header with these statements begins; below 0 where a frame has none."""
    return max(frame.find(b"Xing"), frame.find(b"Info"))


def start_behind_junk(file: Source) -> int | None:
    """Where the frames begin in a file that begins with something else; None if no frames follow each other."""
    file.seek(0)
    if file.read(4) in _CONTAINERS:
        return None
    start = end_of_tags(file)
    content = _beginning(file)
    return next((start + place for place in _syncs(content) if _is_row(content, place)), None)


def _syncs(content: bytes) -> Iterator[int]:
    """Where the bytes are that a frame may begin with."""
    return (match.start() for match in re.finditer(b"\xff", content))


def _has_row(file: Source, place: int) -> bool:
    """Whether a row of frames begins anywhere from a place on: tags of any size may come before it."""
    file.seek(place)
    content = file.read(_SEARCHED)
    while content:
        if any(_is_row(content, at) for at in _syncs(content)):
            return True
        block = file.read(_SEARCHED)
        content = content[-_LONGEST_ROW:] + block if block else b""
    return False


def _is_row(content: bytes, place: int) -> bool:
    """Whether as many frames follow each other there as no other content has by chance."""
    for _ in range(_ROW):
        size = _frame_size(content[place : place + 4])
        if not size:
            return False
        place += size
    return True


def _next_sync(file: Source, place: int) -> int:
    """Where the next byte is that a frame may begin with, or the end."""
    file.seek(place)
    while content := file.read(_SEARCHED):
        start = content.find(b"\xff")
        if start >= 0:
            return place + start
        place += len(content)
    return place


def _frame_size(head: bytes) -> int:
    """Bytes of the frame that begins so; 0 where none does."""
    if len(head) < 4 or not _is_frame(head):  # noqa: PLR2004
        return 0
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    is_first = version == 3  # noqa: PLR2004 - MPEG 1; 2 is MPEG 2, and 0 is MPEG 2.5
    rate = (44_100, 48_000, 32_000)[head[2] >> 2 & 3] >> {3: 0, 2: 1, 0: 2}[version]
    bits = 1000 * _KILOBITS[is_first, layer if is_first or layer == 1 else 2][(head[2] >> 4) - 1]
    padding = head[2] >> 1 & 1
    if layer == 1:
        return 4 * (12 * bits // rate + padding)
    return (144 if is_first or layer == 2 else 72) * bits // rate + padding  # noqa: PLR2004


_KILOBITS = {
    (True, 1): range(32, 449, 32),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""By whether it is MPEG 1, and layer; the later versions have one row for the layers 2 and 3."""


def _beginning(file: Source) -> bytes:
    """What follows the tags."""
    file.seek(end_of_tags(file))
    return file.read(_SEARCHED)


def _first_frame(content: bytes) -> int | None:
    return next((place for place in _syncs(content[:-3]) if _is_frame(content[place : place + 4])), None)


def _is_frame(head: bytes) -> bool:
    """Whether a frame begins so: eleven bits that are set, and a version, layer, bit rate and rate that exist."""
    has_kind = head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x18 != 0x08 and head[1] & 0x06 != 0  # noqa: PLR2004
    return has_kind and head[2] & 0x0C != 0x0C and head[2] & 0xF0 not in (0, 0xF0)  # noqa: PLR2004


def _synchsafe(size: bytes) -> int:
    value = 0
    for byte in size:
        value = value << 7 | byte & 0x7F
    return value
