"""Reads an open file here and there, looks in it for beginnings, and asks the check for its container."""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, TypeAlias, TypeVar

T = TypeVar("T")
Checks: TypeAlias = Mapping[bytes, Callable[[BinaryIO, int], T | None]]
"""By how the first bytes of a container look: given a file and its length, what it says; None if nothing.

They raise what `struct`, numbers and sequences raise where a header is damaged.
"""
_LONGEST_HEAD = 64
"""Bytes by which a container is recognized."""
_BLOCK = 1 << 20


def length_of(file: BinaryIO) -> int:
    """The length of a file in bytes."""
    return file.seek(0, os.SEEK_END)


def at(file: BinaryIO, place: int, size: int) -> bytes:
    """So many bytes from a place on; fewer where the file ends before, as at a place that no file could have."""
    if size > _BLOCK:
        # A damaged header states sizes that do not fit in memory.
        size = min(size, length_of(file) - place)
    try:
        file.seek(place)
    except (OSError, OverflowError, ValueError):
        return b""
    return file.read(max(size, 0))


def places_of(file: BinaryIO, place: int, longest: int, *patterns: re.Pattern[bytes]) -> Iterator[int]:
    """Where a pattern matches from a place on, block by block.

    Args:
        file: Any file.
        place: Where to begin.
        longest: Bytes that a match takes at most.
        patterns: What is looked for.
    """
    overlap = b""
    while block := at(file, place, _BLOCK):
        content, start = overlap + block, place - len(overlap)
        yield from (start + match.start() for pattern in patterns for match in pattern.finditer(content))
        overlap = block[1 - longest :]
        place += len(block)


def of_container(file: BinaryIO, checks: Checks[T]) -> T | None:
    """What the check for a file's container says; None if there is none, or the header is damaged: a decoder says so.

    Args:
        file: Any file.
        checks: The checks.
    """
    head = at(file, 0, _LONGEST_HEAD)
    check = next((check for beginning, check in checks.items() if re.match(beginning, head, re.DOTALL)), None)
    try:
        return check(file, length_of(file)) if check else None
    except (struct.error, ValueError, LookupError, ArithmeticError):
        return None
