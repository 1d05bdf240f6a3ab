"""Sets of very many cases, in 8 bytes per case, and the cases that a run has twice.

A duplicate is harmless if both texts are the same; otherwise it is unknown which one is correct.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import groupby, pairwise, zip_longest

from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.sorting import sort
from asrlab_pytest.visible import visible
from asrlab_pytest.wording import shortened

CasePass = tuple[str, str, str, int, str]
"""Task, model, sample and pass, which identify an observation of a run."""


def case_pass(row: Observation) -> CasePass:
    """The case of an observation."""
    return (row.task, row.model, row.clip, row.repeat, row.order)


class CaseSet:
    """A set of cases that keeps only 8-byte hashes.

    A case that is missing is reported as present with a probability of 5 in 10^14 for a million cases.
    """

    def __init__(self, cases: Iterable[Hashable]) -> None:
        self._hashes = array("q", map(hash, cases))
        sort(self._hashes)

    def __contains__(self, case: Hashable) -> bool:
        sought = hash(case)
        place = bisect_left(self._hashes, sought)
        return place < len(self._hashes) and self._hashes[place] == sought

    def __len__(self) -> int:
        """The number of different cases."""
        return sum(1 for _ in groupby(self._hashes))

    def repeated(self) -> frozenset[int]:
        """Hashes of the cases that were added more than once."""
        return frozenset(digest for digest, following in pairwise(self._hashes) if digest == following)


def repeats(rows: Sequence[Observation]) -> Iterator[tuple[int, int]]:
    """The number of each row whose case is also that of an earlier one, and the number of the first such row."""
    several = CaseSet(map(case_pass, rows)).repeated()
    first: dict[CasePass, int] = {}
    for number, row in enumerate(rows if several else ()):
        case = case_pass(row)
        if hash(case) in several and first.setdefault(case, number) != number:
            yield number, first[case]


def repeated(rows: Sequence[Observation], places: Sequence[int], unit: str) -> Iterator[tuple[int, str]]:
    """The number of each row whose case is also that of an earlier one, and which it is, in words.

    Args:
        rows: Of every pass.
        places: Where each is.
        unit: What the places count.
    """
    for number, first in repeats(rows):
        row = rows[number]
        case = f"{row.model} on {row.clip}, pass {row.repeat} {row.order}"
        yield number, f"{case}, is already in {unit} {places[first]}"


def contradictions(rows: Sequence[Observation], places: Sequence[int], unit: str) -> Iterator[str]:
    """Cases whose text differs from an earlier one in the same file, in words.

    Args:
        rows: Of every pass.
        places: Where each is.
        unit: What the places count.
    """
    for number, first in repeats(rows):
        earlier, row = rows[first], rows[number]
        if texts_of(earlier) != texts_of(row):
            before, now = other_texts(earlier, row)
            yield (
                f"{row.model} on {row.clip} is {before} in {unit} {places[first]}, and {now} in {unit} {places[number]}"
            )


def texts_of(row: Observation) -> list[str]:
    """The transcript of a case, and what the model wrote in each turn of a dialogue."""
    return [row.hypothesis, *(turn.answer for turn in row.turns)]


def other_texts(row: Observation, later: Observation) -> tuple[str, str]:
    """The first texts that differ between two observations, quoted and shortened."""
    pairs = zip_longest(texts_of(row), texts_of(later), fillvalue="")
    first, second = next((value, other) for value, other in pairs if value != other)
    return repr(visible(shortened(first))), repr(visible(shortened(second)))
