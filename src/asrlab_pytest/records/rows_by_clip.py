"""Rows of one model by clip, in 12 bytes per row."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

from asrlab_pytest.records.observation import Observation
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
        import numpy as np

        self.rows = rows
        names = rows.table.clips
        hashes = np.fromiter((hash(names[place]) for place in rows.places), dtype=np.int64, count=len(rows))
        order = np.argsort(hashes, kind="stable")
        hashes = hashes[order]
        self.has_repeats = bool((hashes[1:] == hashes[:-1]).any())
        """Whether a clip has several rows, so that this index cannot be used."""
        self._hashes, self._order = array("q", hashes.tobytes()), array("I", order.astype(np.uint32).tobytes())
        self._last = 0
        """Position of the last row that was found: most rows are requested in order, some of them twice."""

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
        sought = hash(clip)
        place = bisect_left(self._hashes, sought)
        if place == len(self._hashes) or self._hashes[place] != sought:
            return None
        index = self._order[place]
        return index if self._name(index) == clip else None

    def _name(self, index: int) -> str:
        return self.rows.table.clips[self.rows.places[index]]
