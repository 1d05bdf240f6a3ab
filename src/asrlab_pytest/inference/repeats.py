"""Which clips are transcribed again, and in which order, to see whether the same audio gives the same text."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.records.observation import Pass

SAMPLE = 20
"""How many clips are transcribed in another order, at most."""


class Plan(Protocol):
    """Says which clips are transcribed again."""

    def after_the_first(self, clips: Sequence[Sample]) -> Iterator[tuple[Sample, Pass]]:
        """What to transcribe after the first pass, clip by clip."""


@dataclass(frozen=True, slots=True)
class Passes:
    """How many passes there are.

    The passes are interleaved: all clips once, then all again, so that a drift of the machine or of the model shows as
    a difference between passes. Where there is more than one, a sample is transcribed in another order after the last:
    a model that carries something from clip to clip gives other texts there.
    """

    count: int = 1
    seed: int = 0
    """Of the sample and its order."""

    def after_the_first(self, clips: Sequence[Sample]) -> Iterator[tuple[Sample, Pass]]:
        """What to transcribe after the first pass, clip by clip."""
        for repeat in range(1, self.count):
            for clip in clips:
                yield clip, Pass(repeat)
        if self.count > 1:
            sample = random.Random(self.seed).sample(list(clips), min(SAMPLE, len(clips)))  # noqa: S311
            yield from ((clip, Pass(order="shuffled")) for clip in sample)
