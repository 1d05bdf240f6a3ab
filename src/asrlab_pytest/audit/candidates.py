"""Which references a hypothesis may belong to: an inverted index of words and letters, for corpora of any size."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Mapping

NEAREST = 12
"""References that each hypothesis is compared with."""
BUDGET = 5000
"""Postings that are considered for one hypothesis, rarest features first."""


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
        weights: dict[str, float] = {}
        clips_by_feature = sorted(
            filter(None, (self._postings.get(feature) for feature in set(_features(text)))), key=len
        )
        looked_at = 0
        for postings in clips_by_feature:
            looked_at += len(postings)
            if looked_at > BUDGET and postings is not clips_by_feature[0]:
                break
            weight = math.log(1 + self._count / len(postings))
            for clip_id in postings:
                weights[clip_id] = weights.get(clip_id, 0.0) + weight
        return heapq.nlargest(NEAREST, weights, key=lambda clip_id: weights[clip_id])


def _features(text: str) -> Iterator[str]:
    """The words of a text, and every four characters in a row, which survive a misheard word."""
    yield from (f"={word}" for word in text.split())
    joined = text.replace(" ", "")
    yield from (joined[place : place + 4] for place in range(max(len(joined) - 3, 1)))
