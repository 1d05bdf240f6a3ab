"""The boxes that an MP4 file, and most of its boxes, consist of."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from asrlab_pytest.corpus.scanning import at

_HEAD = 8
"""Bytes of a box: its size and name. A larger size follows them."""


class Box(NamedTuple):
    """A part of a file."""

    name: bytes
    place: int
    end: int
    """As stated; its place where its size is too small to be one."""


def boxes(file: BinaryIO, place: int, length: int) -> Iterator[Box]:
    """The boxes from a place on that follow one another. The last one may be cut."""
    while place + _HEAD <= length:
        size, name = struct.unpack(">I4s", at(file, place, _HEAD))
        size = int.from_bytes(at(file, place + _HEAD, _HEAD)) if size == 1 else size
        size = length - place if size == 0 else size
        yield Box(name, place, place + size if size >= _HEAD else place)
        place += size if size >= _HEAD else length


def content_of(file: BinaryIO, box: Box) -> bytes:
    """What a box of a file holds."""
    return at(file, box.place + _HEAD, box.end - box.place - _HEAD)


def contents(content: bytes, name: bytes, *inner: bytes) -> list[bytes]:
    """What the boxes of a name hold, or those in them that lead to the last of several names.

    Args:
        content: Of the box that they are in.
        name: Theirs.
        inner: Names of boxes in them.
    """
    file = io.BytesIO(content)
    named = [content_of(file, box) for box in boxes(file, 0, len(content)) if box.name == name]
    return [each for box in named for each in contents(box, *inner)] if inner else named
