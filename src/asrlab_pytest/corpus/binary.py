"""Bytes at a place of a file, and how many of those that it states are not there."""

from __future__ import annotations

from typing import BinaryIO

from asrlab_pytest.wording import many


def at(file: BinaryIO, place: int, size: int) -> bytes:
    """So many bytes from a place on; fewer where the file ends before."""
    file.seek(place)
    return file.read(size)


def missing(end: int, length: int) -> str | None:
    """What a file of a length lacks whose samples should end there, in words; None if it lacks nothing."""
    count = end - length
    return f"{many(count, 'byte')} of its samples {'is' if count == 1 else 'are'} missing" if count > 0 else None
