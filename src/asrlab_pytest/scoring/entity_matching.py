"""Pairs the entities of a reference with those of a hypothesis, one to one, along the alignment of the words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from rapidfuzz.distance import Levenshtein

from asrlab_pytest.grouping import grouped
from asrlab_pytest.protocols.entities import Entity, EntityType, ListedEntity, spoken_form
from asrlab_pytest.scoring.entity_pairing import Range, Ranges, maximum_matching, nearest_equals

Outcome = Literal["correct", "moved", "substituted", "missed", "invented"]

SLACK = 2
"""Words that a window is wider than the aligned words, on either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedEntity:
    """An entity of the reference, and its characters there; None if they are not known."""

    entity: ListedEntity
    place: Range | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityMatch:
    """The outcome of one entity."""

    outcome: Outcome
    reference: ListedEntity | None
    """None if it was invented."""
    hypothesis: Entity | None
    """None if it was missed."""

    @property
    def type(self) -> EntityType:
        """The reference's type; the hypothesis's where it was invented."""
        entity = self.reference or self.hypothesis
        assert entity is not None
        return entity.type

    @property
    def is_error(self) -> bool:
        return self.outcome in {"substituted", "missed", "invented"}

    def __str__(self) -> str:
        written = self.hypothesis.text if self.hypothesis else ""
        if self.outcome == "invented":
            return f"invented: {written}"
        word = "lost" if self.is_error else self.outcome
        return f"{word}: {self.reference}" + (f" → {written}" if written else "")

    def as_json(self) -> dict[str, object]:
        """Plain JSON values; the sides as objects, or None."""
        return {
            "outcome": self.outcome,
            "reference": _side(self.reference),
            "hypothesis": _side(self.hypothesis),
        }


def _side(entity: Entity | ListedEntity | None) -> dict[str, object] | None:
    return None if entity is None else {"type": entity.type, "value": entity.value, "text": entity.text}


def match(
    reference: Sequence[PlacedEntity],
    hypothesis: Sequence[Entity],
    alignment: Alignment,
    as_listed: Sequence[Entity] = (),
) -> tuple[EntityMatch, ...]:
    """The fate of every entity: of the reference's in their order, then of the invented ones.

    Each step pairs as many as can be paired, of those that the steps before left alone: the same value where it is
    looked for, the same as it is listed in the very words aligned with it, the same value anywhere, another value of
    the type where it is looked for, another type there.

    Args:
        reference: The entities that were said.
        hypothesis: What the rules find in the hypothesis.
        alignment: Of the words.
        as_listed: What else of the hypothesis may be an entity of the reference. It is none if it is not paired, and
            what lies inside it is none if it is.
    """
    others = [*hypothesis, *as_listed]
    windows = [alignment.window(placed.place) for placed in reference]
    aligned = [alignment.window(placed.place, slack=0) for placed in reference] if as_listed else windows
    words = [alignment.words((entity.start, entity.end)) for entity in others]
    said = [spoken_form(placed.entity) for placed in reference]
    written = [spoken_form(entity) for entity in others]

    by_rule, listed = range(len(hypothesis)), range(len(hypothesis), len(others))
    sides = _Sides(windows, words)
    types, types_written = [form[0] for form in said], [form[0] for form in written]
    steps: list[tuple[Outcome, range, Callable[[list[int], list[int]], dict[int, int]]]] = [
        ("correct", by_rule, partial(sides.near, said, written, windows)),
        ("correct", listed, partial(sides.near, said, written, aligned)),
        ("moved", by_rule, partial(sides.anywhere, said, written)),
        ("substituted", by_rule, partial(sides.near, types, types_written, windows)),
        ("substituted", by_rule, partial(sides.near, [None] * len(said), [None] * len(written), windows)),
    ]
    pairs: dict[int, tuple[Outcome, int]] = {}
    taken: set[int] = set()
    for outcome, among, paired_by in steps:
        left = [index for index in range(len(reference)) if index not in pairs]
        paired = paired_by(left, [other for other in among if other not in taken])
        pairs |= {index: (outcome, other) for index, other in paired.items()}
        taken.update(paired.values())
        if as_listed:
            used = Ranges((place, (others[place].start, others[place].end)) for place in taken)
            taken.update(place for place, entity in enumerate(others) if used.overlapping((entity.start, entity.end)))
    fates = [_fate(placed, pairs.get(index), others) for index, placed in enumerate(reference)]
    invented = (entity for place, entity in enumerate(hypothesis) if place not in taken)
    return (*fates, *(EntityMatch(outcome="invented", reference=None, hypothesis=entity) for entity in invented))


class _Sides:
    """The entities of both sides, by the words where they are or are looked for."""

    def __init__(self, windows: Sequence[Range], words: Sequence[Range]) -> None:
        self._centers = [sum(window) for window in windows]
        """Twice the middle of each."""
        self._words = words
        self._other_centers = [sum(place) for place in words]

    def near(
        self,
        keys: Sequence[Hashable],
        other_keys: Sequence[Hashable],
        ranges: Sequence[Range],
        left: Sequence[int],
        free: Sequence[int],
    ) -> dict[int, int]:
        """Pair those with the same key that are where they are looked for.

        Args:
            keys: Of the reference's entities.
            other_keys: Of the hypothesis's.
            ranges: Words where those of the reference are looked for.
            left: Which of the reference to pair.
            free: Which of the hypothesis.
        """
        places = grouped((other_keys[other], (other, self._words[other])) for other in free)
        by_key = {key: Ranges(places_of_key) for key, places_of_key in places.items()}
        candidates = {
            index: sorted(by_key[keys[index]].overlapping(ranges[index]), key=partial(self._distance, index))
            for index in left
            if keys[index] in by_key
        }
        return maximum_matching(candidates)

    def _distance(self, index: int, other: int) -> tuple[int, int]:
        return abs(self._centers[index] - self._other_centers[other]), other

    def anywhere(
        self, keys: Sequence[Hashable], other_keys: Sequence[Hashable], left: Sequence[int], free: Sequence[int]
    ) -> dict[int, int]:
        """Pair those with the same key, wherever they are."""
        return nearest_equals(
            {index: (keys[index], self._centers[index]) for index in left},
            {other: (other_keys[other], self._other_centers[other]) for other in free},
        )


def _fate(placed: PlacedEntity, pair: tuple[Outcome, int] | None, others: Sequence[Entity]) -> EntityMatch:
    if pair is None:
        return EntityMatch(outcome="missed", reference=placed.entity, hypothesis=None)
    outcome, place = pair
    return EntityMatch(outcome=outcome, reference=placed.entity, hypothesis=others[place])


class Alignment:
    """Reference and hypothesis, aligned by their words: letters and digits, case folded."""

    def __init__(self, reference: str, hypothesis: str) -> None:
        self._reference = _Words(reference)
        self._hypothesis = _Words(hypothesis)
        self._opcodes = Levenshtein.opcodes(self._reference.texts, self._hypothesis.texts)
        self._source_starts = [code.src_start for code in self._opcodes]
        self._source_ends = [code.src_end for code in self._opcodes]

    def window(self, place: Range | None, *, slack: int = SLACK) -> Range:
        """The hypothesis's words that may answer to a place of the reference, given in characters; all for None."""
        if place is None:
            return 0, len(self._hypothesis.texts)
        start, end = self._aligned(*self._reference.range(*place))
        return start - slack, end + slack

    def words(self, place: Range) -> Range:
        """The words of a place of the hypothesis, which is given in characters."""
        return self._hypothesis.range(*place)

    def _aligned(self, start: int, end: int) -> Range:
        """The hypothesis's words that are aligned with words of the reference, and those inserted beside them."""
        first, last = len(self._hypothesis.texts), 0
        for number in range(bisect_left(self._source_ends, start), bisect_right(self._source_starts, end)):
            code = self._opcodes[number]
            is_insertion = code.src_start == code.src_end
            if not is_insertion and (code.src_end == start or code.src_start == end):
                continue
            lead = max(0, start - code.src_start)
            trail = max(0, code.src_end - end)
            is_pairwise = code.tag in {"equal", "replace"}
            first = min(first, code.dest_start + lead if is_pairwise else code.dest_start)
            last = max(last, code.dest_end - trail if is_pairwise else code.dest_end)
        return first, max(first, last)


class _Words:
    """The words of a text, with their places."""

    def __init__(self, text: str) -> None:
        matches = list(re.finditer(r"\w+", text))
        self.texts = [match.group().casefold() for match in matches]
        self._starts = [match.start() for match in matches]
        self._ends = [match.end() for match in matches]

    def range(self, start: int, end: int) -> Range:
        """The words that lie in a range of characters, whole or in part."""
        return bisect_right(self._ends, start), bisect_left(self._starts, end)
