"""Observations and their scores, which a scorer stores in a few bytes each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.stored_rows import chosen
from asrlab_pytest.scoring.score import Score
from asrlab_pytest.scoring.scorer import Scorer


class ScoredRows(Sequence[tuple[Observation, Score]]):
    """Observations with their scores. Rows of a file stay there.

    Args:
        rows: The observations.
        scorer: Scores them, and holds the scores.
    """

    def __init__(self, rows: Sequence[Observation], scorer: Scorer) -> None:
        self.rows = rows
        """The observations alone."""
        self._scorer = scorer

    @property
    def scores(self) -> Iterator[Score]:
        """The scores alone."""
        return map(self._scorer.score, self.rows)

    def where(self, test: Callable[[Observation], bool]) -> ScoredRows:
        """Those whose observation passes a test."""
        return ScoredRows(chosen(self.rows, test), self._scorer)

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> tuple[Observation, Score]: ...
    @overload
    def __getitem__(self, index: slice) -> ScoredRows: ...
    def __getitem__(self, index: int | slice) -> tuple[Observation, Score] | ScoredRows:
        if isinstance(index, slice):
            return ScoredRows(self.rows[index], self._scorer)
        return self.rows[index], self._scorer.score(self.rows[index])

    def __iter__(self) -> Iterator[tuple[Observation, Score]]:
        return ((row, self._scorer.score(row)) for row in self.rows)
