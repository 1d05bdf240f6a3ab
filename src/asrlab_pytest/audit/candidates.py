"""Which references a hypothesis may belong to: an inverted index of words and letters, for corpora of any size."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping

NEAREST = 12
"""References that each hypothesis is compared with."""
COMMON = 200
"""Postings of a feature above which it tells nothing, and is skipped."""


class ReferenceIndex:
    """Finds the references that share rare words, or pieces of them, with a text.

    Args:
        references: Normalized texts by clip id.
    """

    def __init__(self, references: Mapping[str, str]) -> None:
        self._postings: dict[str, list[str]] = {}
        for clip_id, text in references.items():
            for feature in set(_features(text)):
                self._postings.setdefault(feature, []).append(clip_id)
        self._count = max(len(references), 1)

    def nearest(self, text: str) -> list[str]:
        """Ids of the clips whose references share most with the text, the best first."""
        weights: Counter[str] = Counter()
        found = {feature: self._postings.get(feature, []) for feature in set(_features(text))}
        limit = max(COMMON, min(map(len, filter(None, found.values())), default=0))
        for postings in found.values():
            if len(postings) <= limit:
                weight = math.log(1 + self._count / len(postings)) if postings else 0.0
                for clip_id in postings:
                    weights[clip_id] += weight  # type: ignore[assignment]
        return [clip_id for clip_id, _ in weights.most_common(NEAREST)]


def _features(text: str) -> Iterator[str]:
    """The words of a text, and every four characters in a row, which survive a misheard word."""
    yield from (f"={word}" for word in text.split())
    joined = text.replace(" ", "")
    yield from (joined[place : place + 4] for place in range(max(len(joined) - 3, 1)))
