"""Many names in little memory."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

_WIDER = {"B": (2**8, "H"), "H": (2**16, "I"), "I": (2**32, "Q")}
"""The first number that does not fit in an array of each type, and the type of the next wider one."""


def wide_enough(numbers: array[int], number: int) -> array[int]:
    """The numbers, of 0 or more, in as many bytes each as this one needs."""
    while number >= _WIDER.get(numbers.typecode, (math.inf,))[0]:
        numbers = array(_WIDER[numbers.typecode][1], numbers)
    return numbers


def with_number(numbers: array[int], number: int) -> array[int]:
    """The numbers and one more, in as many bytes each as it needs."""
    numbers = wide_enough(numbers, number)
    numbers.append(number)
    return numbers


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
        self._ends = with_number(self._ends, len(self._bytes))

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


class RepeatedNames(Sequence[str]):
    """Names that come again in the same order, as the clips of each model do: each is stored once.

    In another order they are stored again.
    """

    def __init__(self) -> None:
        self.different = PackedNames()
        """The names, each once."""
        self._places = array("I")

    def append(self, name: str) -> None:
        """Add a name at the end."""
        place = self._known(name)
        if place is None:
            place = len(self.different)
            self.different.append(name)
        self._places.append(place)

    def _known(self, name: str) -> int | None:
        """Where the name is, if it is the last one again or the one that followed it before."""
        if not self._places:
            return None
        last = self._places[-1]
        following = (last + 1) % len(self.different)
        return next((place for place in (following, last) if self.different[place] == name), None)

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: int) -> str:  # type: ignore[override]
        return self.different[self._places[index]]
