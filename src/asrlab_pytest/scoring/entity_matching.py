"""Pairs the entities of a reference with those of a hypothesis, one to one, along the alignment of the words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from rapidfuzz.distance import Levenshtein

from asrlab_pytest.protocols.entities import Entity, EntityType, ListedEntity

Outcome = Literal["correct", "moved", "substituted", "missed", "invented"]

_FIGURES: tuple[EntityType, ...] = ("number", "digits", "phone")
"""Whether 4719 is a number, a code or a part of a phone number is a matter of grouping, and cannot be heard."""
_OPEN_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})\?")
SLACK = 2
"""Words that a window is wider than the aligned words, on either side."""

Range = tuple[int, int]
"""From the first to behind the last."""


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
    reference: Sequence[PlacedEntity], hypothesis: Sequence[Entity], alignment: Alignment
) -> tuple[EntityMatch, ...]:
    """The fate of every entity: of the reference's in their order, then of the invented ones.

    Each step pairs as many as can be paired, of those that the steps before left alone: the same value where it is
    looked for, the same value anywhere, another value of the type where it is looked for, another type there.
    """
    windows = [alignment.window(placed.place) for placed in reference]
    words = [alignment.words((entity.start, entity.end)) for entity in hypothesis]
    said = [spoken_form(placed.entity) for placed in reference]
    written = [spoken_form(entity) for entity in hypothesis]

    def is_near(index: int, other: int) -> bool:
        return windows[index][0] < words[other][1] and words[other][0] < windows[index][1]

    def is_same(index: int, other: int) -> bool:
        return said[index] == written[other]

    def is_alike(index: int, other: int) -> bool:
        return said[index][0] == written[other][0]

    def distance(index: int, other: int) -> int:
        return abs(sum(windows[index]) - sum(words[other]))

    steps: list[tuple[Outcome, Callable[[int, int], bool]]] = [
        ("correct", lambda index, other: is_same(index, other) and is_near(index, other)),
        ("moved", is_same),
        ("substituted", lambda index, other: is_alike(index, other) and is_near(index, other)),
        ("substituted", is_near),
    ]
    pairs: dict[int, tuple[Outcome, int]] = {}
    for outcome, may_pair in steps:
        taken = {other for _, other in pairs.values()}
        candidates = {
            index: [other for other in range(len(hypothesis)) if other not in taken and may_pair(index, other)]
            for index in range(len(reference))
            if index not in pairs
        }
        for index, others in candidates.items():
            others.sort(key=partial(distance, index))
        pairs |= {index: (outcome, other) for index, other in maximum_matching(candidates).items()}
    return _fates(reference, hypothesis, pairs)


def spoken_form(entity: Entity | ListedEntity) -> tuple[str, str]:
    """What of type and value can be heard: a "six thirty" is 630 or 6:30, unless half of the day is said."""
    time = _OPEN_TIME.fullmatch(entity.value) if entity.type == "time" else None
    if time is not None:
        return "figures", time[1] + time[2]
    return "figures" if entity.type in _FIGURES else entity.type, entity.value


def _fates(
    reference: Sequence[PlacedEntity], hypothesis: Sequence[Entity], pairs: Mapping[int, tuple[Outcome, int]]
) -> tuple[EntityMatch, ...]:
    fates = []
    for index, placed in enumerate(reference):
        outcome, other = pairs.get(index, ("missed", -1))
        written = hypothesis[other] if index in pairs else None
        fates.append(EntityMatch(outcome=outcome, reference=placed.entity, hypothesis=written))
    taken = {other for _, other in pairs.values()}
    fates += [
        EntityMatch(outcome="invented", reference=None, hypothesis=entity)
        for other, entity in enumerate(hypothesis)
        if other not in taken
    ]
    return tuple(fates)


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

    def window(self, place: Range | None) -> Range:
        """The hypothesis's words that may answer to a place of the reference, given in characters; all for None."""
        if place is None:
            return 0, len(self._hypothesis.texts)
        start, end = self._aligned(*self._reference.range(*place))
        return start - SLACK, end + SLACK

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
