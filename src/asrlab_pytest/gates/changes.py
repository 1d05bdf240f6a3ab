"""The clips on which a model makes more or fewer errors than the baseline."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import overload

from asrlab_pytest.gates.paired_clips import PairedClip
from asrlab_pytest.gates.pairing import Pair, PairedRows
from asrlab_pytest.gates.result import ClipChange


@dataclass(eq=False, repr=False)
class Changes(Sequence[ClipChange]):
    """Changes of rows in files, read and aligned on demand: of many clips, only a few are shown."""

    pairs: Sequence[Pair]
    places: Sequence[int]
    """Which of them changed, in their order here."""

    @property
    def clips(self) -> Iterator[str]:
        """Their ids, without aligning anything."""
        return (self.pairs[place].clip for place in self.places)

    @property
    def silent(self) -> int:
        """How many have no words in the reference."""
        return sum(_is_silent(self.pairs[place]) for place in self.places)

    @overload
    def __getitem__(self, index: int) -> ClipChange: ...
    @overload
    def __getitem__(self, index: slice) -> Changes: ...
    def __getitem__(self, index: int | slice) -> ClipChange | Changes:
        if isinstance(index, slice):
            return Changes(self.pairs, self.places[index])
        return _change(self.pairs[self.places[index]])

    def __len__(self) -> int:
        return len(self.places)


def clips_of(changes: Sequence[ClipChange]) -> Iterator[str]:
    """The ids of clips that changed."""
    return changes.clips if isinstance(changes, Changes) else (change.clip for change in changes)


def silent_of(changes: Sequence[ClipChange]) -> int:
    """How many clips have no words in the reference: what is invented there is in no WER."""
    if isinstance(changes, Changes):
        return changes.silent
    return sum(change.unit == "word" and not change.words for change in changes)


def _is_silent(pair: Pair) -> bool:
    return pair.facts is None and not pair.now.words.reference_length


def changes_of(pairs: Sequence[Pair]) -> tuple[Sequence[ClipChange], Sequence[ClipChange]]:
    """The clips that became worse and those that became better, each with the largest change first."""
    places: dict[int, array[int]] = {}
    for place, pair in enumerate(pairs):
        if gain := _gain(pair):
            places.setdefault(gain, array("I")).append(place)
    worse = Changes(pairs, array("I", chain.from_iterable(places[gain] for gain in sorted(places) if gain < 0)))
    gains = (gain for gain in sorted(places, reverse=True) if gain > 0)
    better = Changes(pairs, array("I", chain.from_iterable(reversed(places[gain]) for gain in gains)))
    return (worse, better) if isinstance(pairs, PairedRows) else (tuple(worse), tuple(better))


def _gain(pair: Pair) -> int:
    """Errors before minus errors now; negative is worse."""
    counted = _counted(pair)
    return counted.baseline_errors - counted.errors


def _counted(pair: Pair) -> PairedClip:
    """Its errors, in facts or in words."""
    return next(iter(pair.sides.values()))


def _change(pair: Pair) -> ClipChange:
    texts, counted, is_of_facts = pair.texts, _counted(pair), pair.facts is not None
    alignment = () if is_of_facts else pair.now.alignment or (texts.alignment if texts else ())
    return ClipChange(
        clip=pair.clip,
        unit="fact" if is_of_facts else "word",
        before_errors=counted.baseline_errors,
        errors=counted.errors,
        words=counted.words,
        before_text=texts.before if texts else "",
        text=texts.now if texts and is_of_facts else "",
        alignment=tuple((word.edit, word.reference, word.hypothesis) for word in alignment),
    )
