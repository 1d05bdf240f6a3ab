"""Errors of clips on both sides: as objects, and as compact arrays for very many clips."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from asrlab_pytest.records.packed_names import with_number


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedClip:
    """Errors of one clip on both sides, over the same reference: words for WER, entities for their error rate.

    Raises:
        ValueError: a count is negative, or the two references are not of one length.
    """

    clip: str
    group: str | None = None
    """Speaker or session; None if the clip is independent of the others."""
    baseline_errors: int
    baseline_words: int
    errors: int
    words: int

    def __post_init__(self) -> None:
        if min(self.baseline_errors, self.baseline_words, self.errors, self.words) < 0:
            raise ValueError(f"a count of the clip {self.clip!r} is negative")
        if self.words != self.baseline_words:
            raise ValueError(
                f"the clip {self.clip!r} has {self.words} words in its reference, and {self.baseline_words} in the "
                "baseline's: score both against one reference"
            )


class PairedClips:
    """The errors of many clips on both sides, in 7 bytes per clip, without their ids."""

    def __init__(self, clips: Iterable[PairedClip] = ()) -> None:
        self.before, self.now, self.words = array("B"), array("B"), array("B")
        """Errors of the baseline, errors now, and number of words (or entities) in the reference. In more bytes if a
        clip has more of them."""
        self.empty = 0
        """Number of other clips, with nothing to count on either side."""
        self.groups = array("i")
        """Index of each clip's group; negative for a clip without a group."""
        self.names: dict[str, int] = {}
        """Index of each group, by name."""
        for clip in clips:
            self.append(clip)

    def append(self, clip: PairedClip) -> None:
        """Add a clip."""
        if not (clip.words or clip.errors or clip.baseline_errors):
            self.empty += 1
            return
        group = clip.group
        number = -1 if group is None else self.names.setdefault(group, len(self.names))
        self.add_counts(number, clip.baseline_errors, clip.errors, clip.words)

    def __len__(self) -> int:
        return len(self.groups) + self.empty

    @property
    def differences(self) -> Iterator[int]:
        """New errors minus old errors of each clip."""
        return (now - before for before, now in zip(self.before, self.now, strict=True))

    @property
    def has_words(self) -> bool:
        """Whether any reference has something to count."""
        return any(self.words)

    @property
    def swapped(self) -> PairedClips:
        """The same clips with the sides swapped."""
        swapped = PairedClips()
        swapped.words, swapped.groups, swapped.names = self.words, self.groups, self.names
        swapped.before, swapped.now, swapped.empty = self.now, self.before, self.empty
        return swapped

    def counted(self, *, counts_additions: bool) -> PairedClips:
        """The clips that count in a rate: with words or, where additions count, with errors.

        Args:
            counts_additions: Whether errors on a clip whose reference has nothing to count are errors of the rate.
        """
        if not self.empty and all(self.words):
            return self
        counted = PairedClips()
        counted.names = self.names
        for group, before, now, words in zip(self.groups, self.before, self.now, self.words, strict=True):
            if words or (counts_additions and before + now):
                counted.add_counts(group, before, now, words)
        return counted

    def add_counts(self, group: int, before: int, now: int, words: int) -> None:
        """Add a clip by the number of its group, which is negative for a clip without a group."""
        self.groups.append(group)
        self.before = with_number(self.before, before)
        self.now = with_number(self.now, now)
        self.words = with_number(self.words, words)

    def by_group(self) -> dict[str, PairedClips]:
        """The clips of each group, in order."""
        groups = [PairedClips() for _ in self.names]
        for group, *counts in zip(self.groups, self.before, self.now, self.words, strict=True):
            if group >= 0:
                groups[group].add_counts(group, *counts)
        return {name: clips for name, clips in zip(self.names, groups, strict=True) if clips}
