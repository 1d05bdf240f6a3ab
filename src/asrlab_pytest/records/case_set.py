"""A set of very many cases, in 8 bytes per case."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator
from typing import TYPE_CHECKING

from asrlab_pytest.records.sorting import sort

if TYPE_CHECKING:
    from asrlab_pytest.records.observation import Observation

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
        return sum(1 for _ in self._different())

    def repeated(self) -> frozenset[int]:
        """Hashes of the cases that were added more than once."""
        following = iter(self._hashes)
        next(following, None)
        return frozenset(
            digest for digest, next_digest in zip(self._hashes, following, strict=False) if digest == next_digest
        )

    def _different(self) -> Iterator[int]:
        last = None
        for digest in self._hashes:
            if digest != last:
                yield digest
            last = digest
