"""Observations and their scores, in a few bytes each."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import overload

from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.stored_rows import StoredRows
from asrlab_pytest.scoring.score import Score


class ScoredRows(Sequence[tuple[Observation, Score]]):
    """Observations with their scores: equal scores are held once, and rows of a file stay there.

    Args:
        rows: The observations.
        scores: The score of each, in their order.
    """

    def __init__(self, rows: Sequence[Observation], scores: Iterable[Score]) -> None:
        self._rows = rows
        self._numbers = array("I")
        self._scores: list[Score] = []
        numbers: dict[Score, int] = {}
        for score in scores:
            number = numbers.setdefault(score, len(numbers))
            if number == len(self._scores):
                self._scores.append(score)
            self._numbers.append(number)

    @property
    def rows(self) -> Sequence[Observation]:
        """The observations alone."""
        return self._rows

    @property
    def scores(self) -> Iterator[Score]:
        """The scores alone."""
        return map(self._scores.__getitem__, self._numbers)

    def where(self, test: Callable[[Observation], bool]) -> ScoredRows:
        """Those whose observation passes a test."""
        places = array("I", (place for place, row in enumerate(self._rows) if test(row)))
        return ScoredRows(_at(self._rows, places), (self._scores[self._numbers[place]] for place in places))

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> tuple[Observation, Score]: ...
    @overload
    def __getitem__(self, index: slice) -> ScoredRows: ...
    def __getitem__(self, index: int | slice) -> tuple[Observation, Score] | ScoredRows:
        if isinstance(index, slice):
            return ScoredRows(self._rows[index], map(self._scores.__getitem__, self._numbers[index]))
        return self._rows[index], self._scores[self._numbers[index]]

    def __iter__(self) -> Iterator[tuple[Observation, Score]]:
        return zip(self._rows, self.scores, strict=True)


def _at(rows: Sequence[Observation], places: Sequence[int]) -> Sequence[Observation]:
    """The rows at these places, which stay in their file if they are there."""
    if isinstance(rows, StoredRows):
        of_table = rows.places
        return StoredRows(rows.table, array("I", (of_table[place] for place in places)))
    return [rows[place] for place in places]
