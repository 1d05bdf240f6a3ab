"""Bytes at a place of a file, and how many of those that it states are not there."""

from __future__ import annotations

from typing import BinaryIO


def at(file: BinaryIO, place: int, size: int) -> bytes:
    """So many bytes from a place on; fewer where the file ends before."""
    file.seek(place)
    return file.read(size)


def missing(end: int, length: int) -> str | None:
    """What a file of a length lacks whose samples should end there, in words; None if it lacks nothing."""
    return f"{end - length} bytes of its samples are missing" if end > length else None
