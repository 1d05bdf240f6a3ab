"""Pairs members of two sides, as many as can be: those that are near each other, or those that are equal."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import accumulate

from asrlab_pytest.grouping import grouped

Range = tuple[int, int]
"""From the first to after the last."""


def maximum_matching(candidates: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """As many pairs as there can be, no member twice, by augmenting paths; earlier candidates are tried first."""
    pairs: dict[int, int] = {}
    taken: dict[int, int] = {}
    exhausted: set[int] = set()
    for candidate in candidates:
        reached_from: dict[int, int] = {}
        free = _find_free(candidate, candidates, taken, reached_from, exhausted)
        if free is None:
            # From all that was reached no path leads to a free one, and later pairs open none.
            exhausted.update(reached_from)
        while free is not None:
            current = reached_from[free]
            given_up = pairs.get(current)
            pairs[current], taken[free] = free, current
            free = given_up
    return pairs


def _find_free(
    start: int,
    candidates: Mapping[int, Sequence[int]],
    taken: Mapping[int, int],
    reached_from: dict[int, int],
    exhausted: set[int],
) -> int | None:
    """The nearest candidate without a partner, over those whose partners could take another."""
    queue = [start]
    for node in queue:
        for other in candidates[node]:
            if other in reached_from or other in exhausted:
                continue
            reached_from[other] = node
            if other not in taken:
                return other
            queue.append(taken[other])
    return None


def nearest_equals(
    places: Mapping[int, tuple[Hashable, int]], others: Mapping[int, tuple[Hashable, int]]
) -> dict[int, int]:
    """The matching of those that are equal, where each takes the nearest that is left.

    It is what `maximum_matching` finds: of equal members, each is a candidate of each.

    Args:
        places: What the members of one side are, and where.
        others: Those of the other side.
    """
    free = {value: _Free(sites) for value, sites in grouped(_by_value(others)).items()}
    pairs = {}
    for index, (value, place) in places.items():
        nearest = free[value].take(place) if value in free else None
        if nearest is not None:
            pairs[index] = nearest
    return pairs


def _by_value(others: Mapping[int, tuple[Hashable, int]]) -> Iterable[tuple[Hashable, tuple[int, int]]]:
    return ((value, (place, other)) for other, (value, place) in others.items())


class _Free:
    """Members that are taken one by one, the nearest to a place first, and of two as near the first in number."""

    def __init__(self, sites: Iterable[tuple[int, int]]) -> None:
        members = grouped(sorted(sites, reverse=True))
        self._places = sorted(members)
        self._members = [members[place] for place in self._places]
        """Numbers of the members at each place, the lowest last."""
        self._next = [*range(len(members) + 1)]
        """Where to look for the first place from here on with a free member; the last has none."""
        self._previous = [*range(len(members) + 1)]
        """The same in the other direction, one place further on; the first has none."""

    def take(self, place: int) -> int | None:
        """The number of the nearest member, which is no longer free; None if none is."""
        start = bisect_left(self._places, place)
        after, before = _root(self._next, start), _root(self._previous, start) - 1
        sides = [at for at in (before, after) if 0 <= at < len(self._places)]
        if not sides:
            return None
        at = min(sides, key=lambda at: (abs(self._places[at] - place), self._members[at][-1]))
        member = self._members[at].pop()
        if not self._members[at]:
            self._next[at], self._previous[at + 1] = at + 1, at
        return member


def _root(links: list[int], start: int) -> int:
    """Where a chain of links ends, each of which is shortened."""
    end = start
    while links[end] != end:
        end = links[end]
    while links[start] != end:
        links[start], start = end, links[start]
    return end


class Ranges:
    """Ranges, found by what they overlap with."""

    def __init__(self, ranges: Iterable[tuple[int, Range]]) -> None:
        """Take in ranges, each with its number."""
        self._sorted = sorted(ranges, key=lambda numbered: numbered[1])
        self._starts = [start for _, (start, _) in self._sorted]
        self._furthest = [*accumulate((end for _, (_, end) in self._sorted), max)]
        """The furthest end of the ranges up to each."""

    def overlapping(self, place: Range) -> list[int]:
        """The numbers of the ranges that overlap with one."""
        # None before the first whose end, or that of a range before it, is beyond the start.
        first, last = bisect_right(self._furthest, place[0]), bisect_left(self._starts, place[1])
        return [number for number, (_, end) in self._sorted[first:last] if end > place[0]]
