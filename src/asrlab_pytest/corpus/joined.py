"""Finds a second stream in files of formats that do not state where the first one ends, or not as a number."""

from __future__ import annotations

import re
from typing import BinaryIO

from asrlab_pytest.corpus.stated_samples import at

_BEGINNINGS = {
    b"fLaC": re.compile(rb"fLaC[\x00\x80]\x00\x00\x22"),  # With the header of the first block: always 34 bytes.
    b"riff": re.compile(rb"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb"),
    b"NIST": re.compile(rb"NIST_1A\n"),
}
"""How a stream begins, by the first bytes of the file: FLAC, Wave64 and NIST SPHERE."""
_OVERLAP = 15
"""Bytes of a beginning that a block may end with."""
_BLOCK = 1 << 20


def is_searched(file: BinaryIO, start: int = 0) -> bool:
    """Whether a file, from an offset on, is in such a format. The file is left at its start."""
    head = at(file, start, 4)
    file.seek(0)
    return head in _BEGINNINGS


def is_joined(file: BinaryIO, start: int = 0) -> bool:
    """Whether a file holds a stream after the beginning of another. The file is left at its start.

    Args:
        file: It.
        start: Where the first stream begins.
    """
    beginning = _BEGINNINGS.get(at(file, start, 4))
    is_other, overlap = False, b""
    file.seek(start + 4)
    while beginning and not is_other and (block := file.read(_BLOCK)):
        is_other = beginning.search(overlap + block) is not None
        overlap = block[-_OVERLAP:]
    file.seek(0)
    return is_other
