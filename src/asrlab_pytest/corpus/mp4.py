"""The boxes of an MP4 file: whether one is missing or damaged, and whether a second file follows.

FFmpeg reads no further than the last fragment before a damaged box.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from asrlab_pytest.corpus.boxes import boxes, content_of
from asrlab_pytest.corpus.fragments import why_missing
from asrlab_pytest.corpus.scanning import at, length_of, places_of
from asrlab_pytest.corpus.stated_samples import missing

BEGINNING = rb"....(ftyp|mdat)|\0...(styp|moov|wide|free|skip)"
"""How files begin: those of old cameras lack the box that says what they are, and segments of a stream have another."""
_HEAD = 8
"""Bytes of the size and name of a box."""
_FRAGMENT = b"moof"
"""The box before the samples of a fragment."""
_MOVIE = b"moov"
"""The box that describes the tracks."""
_ONCE = (b"ftyp", _MOVIE)
"""Boxes of which a file has one."""
_NEEDED = (_MOVIE, _FRAGMENT, b"mdat")
"""Boxes that audio cannot do without. Bytes after a file read as a box of another name."""
_UNUSED = (b"free", b"skip")
"""Boxes of space that nobody reads, in which a deleted fragment may be left."""
_BEGINNING = re.compile(_FRAGMENT + rb"\x00\x00\x00\x10mfhd")
"""How a fragment begins, after its size."""
_LONGEST = 12
"""Bytes of such a beginning."""


def is_joined(file: BinaryIO, start: int) -> bool:
    """Whether an MP4 file holds another after its beginning.

    Args:
        file: Any file.
        start: Where it begins.
    """
    if not re.match(BEGINNING, at(file, start, _HEAD), re.DOTALL):
        return False
    names = [box.name for box in boxes(file, start, length_of(file))]
    return any(names.count(name) > 1 for name in _ONCE)


def why_cut(file: BinaryIO, length: int) -> str | None:
    """What an MP4 file lacks, in words; None if it lacks nothing."""
    *_, last = boxes(file, 0, length)
    return missing(last.end, length) if last.name in _NEEDED else None


def why_damaged(file: BinaryIO, length: int) -> str | None:
    """Where a fragment is missing, or follows that the boxes do not lead to, in words; None if neither is so.

    Raises:
        struct.error, LookupError: a box is damaged, or states nothing that would say it.
    """
    all_boxes = list(boxes(file, 0, length))
    fragments = [box for box in all_boxes if box.name == _FRAGMENT]
    if not fragments:
        return None
    places = {box.place for box in fragments if box.end > box.place}
    unused = [range(box.place, box.end) for box in all_boxes if box.name in _UNUSED]
    lost = (
        place
        for after_size in places_of(file, fragments[0].place, _LONGEST, _BEGINNING)
        if (place := after_size - 4) not in places and not any(place in space for space in unused)
    )
    for place in lost:
        return f"the fragment before byte {place:,} is damaged"
    movies = [content_of(file, box) for box in all_boxes if box.name == _MOVIE]
    return why_missing(movies[0], [(box.place, content_of(file, box)) for box in fragments])
