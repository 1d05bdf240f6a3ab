"""The coding of the samples in Wave64, which libsndfile takes for integers where an extended header states another."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import BinaryIO

from asrlab_pytest.corpus.stated_samples import at

_MAGIC = b"riff\x2e\x91\xcf\x11"
_FIRST_CHUNK = 40
_HEAD = 24
"""Bytes at the head of a chunk: its name, and a size that includes them."""
_EXTENDED = b"\xfe\xff"
_OTHERS = (b"\x03\x00", b"\x06\x00", b"\x07\x00")
"""Floats, A-law and mu-law."""


def coding_to_state(file: BinaryIO) -> tuple[int, bytes] | None:
    """Where the header of a file names its coding, and the bytes for it that libsndfile reads; None if it does.

    The file is left at its start.
    """
    length = file.seek(0, os.SEEK_END)
    coding = next(_codings(file, length), None) if at(file, 0, len(_MAGIC)) == _MAGIC else None
    file.seek(0)
    return coding


def _codings(file: BinaryIO, length: int) -> Iterator[tuple[int, bytes]]:
    place = _FIRST_CHUNK
    while place + 2 * _HEAD < length:
        head = at(file, place, 2 * _HEAD + 2)
        if re.match(rb"fmt \xf3\xac\xd3\x11", head):
            tag, coding = head[_HEAD : _HEAD + 2], head[2 * _HEAD :]
            if tag == _EXTENDED and coding in _OTHERS:
                yield place + _HEAD, coding
            return
        size = max(_HEAD, int.from_bytes(head[16:_HEAD], "little"))
        place += size + -size % 8
