"""Sorts very many numbers in little memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TypeVar

Number = TypeVar("Number", int, float)
_MANY = 10_000
"""Size above which numpy's sort saves enough memory to pay for its import."""


def sort(numbers: array[Number]) -> None:
    """Sort an array of 8-byte numbers in place."""
    if len(numbers) < _MANY:
        for place, number in enumerate(sorted(numbers)):
            numbers[place] = number
    else:
        import numpy as np

        np.asarray(numbers).sort()


def median(numbers: array[float]) -> float:
    """The median of an array, which is sorted in place."""
    sort(numbers)
    half = len(numbers) // 2
    return (numbers[half] + numbers[~half]) / 2


def order(numbers: Sequence[int]) -> array[int]:
    """The positions of the numbers, smallest number first and equal numbers in their order."""
    if len(numbers) < _MANY:
        return array("I", sorted(range(len(numbers)), key=numbers.__getitem__))
    import numpy as np

    positions = array("I")
    positions.frombytes(np.argsort(np.asarray(numbers), kind="stable").astype(np.uint32).data.cast("B"))
    return positions


def equal(numbers: Sequence[int]) -> Iterator[list[int]]:
    """The positions of equal numbers, each group in order."""
    return (list(positions) for _, positions in groupby(order(numbers), key=numbers.__getitem__))
