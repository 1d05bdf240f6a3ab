"""Many names in little memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

_LARGEST = 2**32 - 1
"""The largest offset that fits in 4 bytes."""


def with_offset(offsets: array[int], offset: int) -> array[int]:
    """The offsets and one more: 4 bytes each, or 8 from the first that needs more."""
    if offset > _LARGEST and offsets.typecode == "I":
        offsets = array("Q", offsets)
    offsets.append(offset)
    return offsets


class PackedNames(Sequence[str]):
    """Names in one block of bytes: a million ids take 26 MB, and 80 MB as separate strings."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._bytes = bytearray()
        self._ends: array[int] = array("I", [0])
        for name in names:
            self.append(name)

    def append(self, name: str) -> None:
        """Add a name at the end."""
        # JSON may hold half a surrogate pair.
        self._bytes += name.encode("utf-8", "surrogatepass")
        self._ends = with_offset(self._ends, len(self._bytes))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self._name(place) for place in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        return self._name(index % len(self))

    def __iter__(self) -> Iterator[str]:
        return map(self._name, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PackedNames):
            return self._bytes == other._bytes and self._ends == other._ends
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(list(self))

    def _name(self, place: int) -> str:
        return self._bytes[self._ends[place] : self._ends[place + 1]].decode("utf-8", "surrogatepass")
