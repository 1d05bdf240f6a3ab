"""Rows of one model by clip, in 4 bytes per row, and none for rows that are requested in order."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise

from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.sorting import order, sort
from asrlab_pytest.records.stored_rows import StoredRows


def rows_by_clip(rows: Iterable[Observation]) -> Mapping[str, Observation]:
    """The rows by clip id, in order. If a clip has several, the last one counts."""
    if isinstance(rows, StoredRows):
        index = RowsByClip(rows)
        if not index.has_repeats:
            return index
    return {row.clip: row for row in rows}


class RowsByClip(Mapping[str, Observation]):
    """An index of rows that stay in their file.

    Args:
        rows: Of each clip one.
    """

    def __init__(self, rows: StoredRows) -> None:
        self.rows = rows
        hashes = self._hashes()
        sort(hashes)
        self.has_repeats = any(before == after for before, after in pairwise(hashes))
        """Whether a clip has several rows, so that this index cannot be used."""
        self._last = 0
        """Position of the last row that was found: most rows are requested in order, some of them twice."""

    def _hashes(self) -> array[int]:
        return array("q", map(hash, self))

    @cached_property
    def _order(self) -> array[int]:
        """Positions of the rows, in the order of the hashes of their clips; not made for rows requested in order."""
        return order(self._hashes())

    def __getitem__(self, clip: str) -> Observation:
        index = self._index(clip)
        if index is None:
            raise KeyError(clip)
        return self.rows[index]

    def __contains__(self, clip: object) -> bool:
        return isinstance(clip, str) and self._index(clip) is not None

    def __iter__(self) -> Iterator[str]:
        names = self.rows.table.clips
        return (names[place] for place in self.rows.places)

    def __len__(self) -> int:
        return len(self.rows)

    def _index(self, clip: str) -> int | None:
        for index in (self._last, self._last + 1):
            if index < len(self) and self._name(index) == clip:
                self._last = index
                return index
        place = self._sought(clip)
        self._last = self._last if place is None else place
        return place

    def _sought(self, clip: str) -> int | None:
        place = bisect_left(self._order, hash(clip), key=lambda index: hash(self._name(index)))
        index = self._order[place] if place < len(self) else None
        return index if index is not None and self._name(index) == clip else None

    def _name(self, index: int) -> str:
        return self.rows.table.clips[self.rows.places[index]]
