"""Edit counts and the rates made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Hits, substitutions, deletions and insertions of an alignment, in words or characters."""

    hits: int = 0
    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0

    @property
    def errors(self) -> int:
        return self.substitutions + self.deletions + self.insertions

    @property
    def reference_length(self) -> int:
        return self.hits + self.substitutions + self.deletions

    @property
    def in_short(self) -> str:
        """The rate and the errors of each kind, in words."""
        rate = "none" if self.rate is None else f"{self.rate:.1%}"
        return f"{rate}, {self.substitutions} S, {self.deletions} D, {self.insertions} I"

    @property
    def rate(self) -> float | None:
        """(S + D + I) / (S + D + H); None if the reference is empty, because nothing can be divided by it."""
        return self.errors / self.reference_length if self.reference_length else None

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            hits=self.hits + other.hits,
            substitutions=self.substitutions + other.substitutions,
            deletions=self.deletions + other.deletions,
            insertions=self.insertions + other.insertions,
        )


def pooled(counts: Iterable[Counts]) -> Counts:
    """The counts of many clips as those of one text."""
    return sum(counts, start=Counts())
