"""Values gathered by a key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


def in_turn(lists: Iterable[Iterable[Value]]) -> Iterator[Value]:
    """The first value of each list, then the second of each, and so on."""
    missing: Any = object()
    return (value for values in zip_longest(*lists, fillvalue=missing) for value in values if value is not missing)


def grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    """The values of each key, both in the order in which they come."""
    groups: dict[Key, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
