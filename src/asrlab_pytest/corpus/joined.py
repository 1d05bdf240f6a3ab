"""Finds a second stream in files of formats that do not state where the first one ends, or not as a number."""

from __future__ import annotations

import re
from typing import BinaryIO

from asrlab_pytest.corpus import flac, mp4
from asrlab_pytest.corpus.scanning import at, places_of

_FLAC = b"fLaC"
_BEGINNINGS = {
    _FLAC: re.compile(rb"fLaC[\x00\x80]\x00\x00\x22"),  # With the header of the first block: always 34 bytes.
    b"riff": re.compile(rb"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb"),
    b"NIST": re.compile(rb"NIST_1A\n"),
    # An element of any size, whose first one has one of the names that only such an element has.
    b"\x1a\x45\xdf\xa3": re.compile(rb"\x1a\x45\xdf\xa3([\x80-\xff]|\x01.{7})\x42[\x82\x86\xf7]", re.DOTALL),
    b"\x30\x26\xb2\x75": re.compile(rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"),
}
"""How a stream begins, by the first bytes of the file: FLAC, Wave64, NIST SPHERE, Matroska and ASF."""
_LONGEST = 16
"""Bytes of such a beginning."""


def is_joined(file: BinaryIO, start: int = 0) -> bool:
    """Whether a file holds a stream after the beginning of another.

    Args:
        file: It.
        start: Where the first stream begins.
    """
    magic = at(file, start, 4)
    is_flac = magic == _FLAC
    place = flac.first_place(file, start) + 1 if is_flac else start + 4
    others = places_of(file, place, _LONGEST, _BEGINNINGS[magic]) if magic in _BEGINNINGS else ()
    # FFmpeg joins the frames of FLAC alone.
    return mp4.is_joined(file, start) or any(True for _ in others) or (is_flac and flac.restarts(file, place))
