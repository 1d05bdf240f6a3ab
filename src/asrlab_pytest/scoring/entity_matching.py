"""Pairs the entities of a reference with those of a hypothesis, one to one, along the alignment of the words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from rapidfuzz.distance import Levenshtein

from asrlab_pytest.protocols.entities import Entity, EntityType, ListedEntity, spoken_form

Outcome = Literal["correct", "moved", "substituted", "missed", "invented"]

SLACK = 2
"""Words that a window is wider than the aligned words, on either side."""

Range = tuple[int, int]
"""From the first to after the last."""


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

    def is_near(index: int, other: int, ranges: Sequence[Range] = windows) -> bool:
        return ranges[index][0] < words[other][1] and words[other][0] < ranges[index][1]

    def is_same(index: int, other: int) -> bool:
        return said[index] == written[other]

    def is_alike(index: int, other: int) -> bool:
        return said[index][0] == written[other][0]

    def distance(index: int, other: int) -> int:
        return abs(sum(windows[index]) - sum(words[other]))

    by_rule, listed = range(len(hypothesis)), range(len(hypothesis), len(others))
    steps: list[tuple[Outcome, range, Callable[[int, int], bool]]] = [
        ("correct", by_rule, lambda index, other: is_same(index, other) and is_near(index, other)),
        ("correct", listed, lambda index, other: is_same(index, other) and is_near(index, other, aligned)),
        ("moved", by_rule, is_same),
        ("substituted", by_rule, lambda index, other: is_alike(index, other) and is_near(index, other)),
        ("substituted", by_rule, is_near),
    ]
    pairs: dict[int, tuple[Outcome, int]] = {}
    taken: set[int] = set()
    for outcome, among, may_pair in steps:
        candidates = {
            index: [other for other in among if other not in taken and may_pair(index, other)]
            for index in range(len(reference))
            if index not in pairs
        }
        for index, places in candidates.items():
            places.sort(key=partial(distance, index))
        paired = maximum_matching(candidates)
        pairs |= {index: (outcome, other) for index, other in paired.items()}
        taken.update(paired.values())
        if as_listed:
            used = [others[place] for place in taken]
            taken.update(place for place, entity in enumerate(others) if any(_overlap(entity, pair) for pair in used))
    fates = [_fate(placed, pairs.get(index), others) for index, placed in enumerate(reference)]
    invented = (entity for place, entity in enumerate(hypothesis) if place not in taken)
    return (*fates, *(EntityMatch(outcome="invented", reference=None, hypothesis=entity) for entity in invented))


def _overlap(entity: Entity, other: Entity) -> bool:
    return entity.start < other.end and other.start < entity.end


def _fate(placed: PlacedEntity, pair: tuple[Outcome, int] | None, others: Sequence[Entity]) -> EntityMatch:
    if pair is None:
        return EntityMatch(outcome="missed", reference=placed.entity, hypothesis=None)
    outcome, place = pair
    return EntityMatch(outcome=outcome, reference=placed.entity, hypothesis=others[place])


def maximum_matching(candidates: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """As many pairs as there can be, no member twice, by augmenting paths; earlier candidates are tried first."""
    pairs: dict[int, int] = {}
    taken: dict[int, int] = {}
    for candidate in candidates:
        reached_from: dict[int, int] = {}
        free = _find_free(candidate, candidates, taken, reached_from)
        while free is not None:
            current = reached_from[free]
            given_up = pairs.get(current)
            pairs[current], taken[free] = free, current
            free = given_up
    return pairs


def _find_free(
    start: int, candidates: Mapping[int, Sequence[int]], taken: Mapping[int, int], reached_from: dict[int, int]
) -> int | None:
    """The nearest candidate without a partner, over those whose partners could take another."""
    queue = [start]
    for node in queue:
        for other in candidates[node]:
            if other in reached_from:
                continue
            reached_from[other] = node
            if other not in taken:
                return other
            queue.append(taken[other])
    return None


class Alignment:
    """Reference and hypothesis, aligned by their words: letters and digits, case folded."""

    def __init__(self, reference: str, hypothesis: str) -> None:
        self._reference = _Words(reference)
        self._hypothesis = _Words(hypothesis)
        self._opcodes = Levenshtein.opcodes(self._reference.texts, self._hypothesis.texts)

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
        for code in self._opcodes:
            if code.src_end < start or code.src_start > end:
                continue
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
