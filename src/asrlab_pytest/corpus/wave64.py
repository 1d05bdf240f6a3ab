"""The chunks of Wave64, and the coding of its samples.

libsndfile takes them for integers where an extended header states another coding.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from asrlab_pytest.corpus.scanning import at, length_of
from asrlab_pytest.corpus.stated_samples import Chunk

_MAGIC = b"riff\x2e\x91\xcf\x11"
_FIRST_CHUNK = 40
_HEAD = 24
"""Bytes at the head of a chunk: its name, and a size that includes them."""
_EXTENDED = b"\xfe\xff"
_OTHERS = (b"\x03\x00", b"\x06\x00", b"\x07\x00")
"""Floats, A-law and mu-law."""


def coding_to_state(file: BinaryIO) -> tuple[int, bytes] | None:
    """Where the header of a file names its coding, and the bytes for it that libsndfile reads; None if it does."""
    return next(_codings(file, length_of(file)), None)


def wave64_samples(file: BinaryIO, length: int) -> Chunk | None:
    """The chunk with the samples of a file of this length; None of one in another container."""
    return next((chunk for chunk in _chunks(file, length) if chunk.name[:4] == b"data"), None)


def _chunks(file: BinaryIO, length: int) -> Iterator[Chunk]:
    """The chunks of a file of this length; none of one in another container."""
    place = _FIRST_CHUNK if at(file, 0, len(_MAGIC)) == _MAGIC else length
    while place + _HEAD <= length:
        head = at(file, place, _HEAD)
        size = max(_HEAD, int.from_bytes(head[16:], "little"))
        yield Chunk(head[:16], place + _HEAD, size - _HEAD)
        place += size + -size % 8


def _codings(file: BinaryIO, length: int) -> Iterator[tuple[int, bytes]]:
    for chunk in _chunks(file, length):
        if chunk.name.startswith(b"fmt \xf3\xac\xd3\x11"):
            tag, coding = at(file, chunk.start, 2), at(file, chunk.start + _HEAD, 2)
            if tag == _EXTENDED and coding in _OTHERS:
                yield chunk.start, coding
            return
