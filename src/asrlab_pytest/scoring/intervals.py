"""Intervals of a corpus's figures, and percentiles of its latencies."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from asrlab_pytest.scoring.change import Interval, pooled_ratio

CONFIDENCE = 0.95
CLIPS_FOR_P95 = 64
"""Fewer latencies say little of their 95th percentile (MLPerf's early stopping asks for 64 at the 90th)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Errors of one clip over what its reference holds: words, characters or entities."""

    clip: str
    group: str | None
    """Speaker or session; None where the clip stands for itself."""
    errors: int
    words: int


def block_of(clip: str, group: str | None) -> tuple[str, str]:
    """The block that a clip is drawn with: its group, else itself. A group never meets a clip of the same name."""
    return ("clip", clip) if group is None else ("group", group)


def rate_interval(tallies: Iterable[Tally], confidence: float = CONFIDENCE) -> Interval | None:
    """The two-sided interval of a pooled error rate, over speakers or sessions and not over clips.

    Bisani & Ney (2004) draw utterances anew; Liu & Peng (2020) show that those of one speaker must be drawn together.
    The bounds are those of `PooledRatio.t_bounds`, the lower one never below 0.
    A sample without one of the rare clips that run away knows nothing of them, and neither do its bounds.

    Args:
        tallies: One a clip. Those without a word have no rate and count for nothing.
        confidence: Above 0 and below 1.

    Returns:
        None where the sample cannot say how far off it is: fewer than two blocks, no word, the same rate in every block
        (no error at all, for one), or one block that holds more than four fifths of the words.
    """
    spoken = [tally for tally in tallies if tally.words]
    ratio = pooled_ratio((block_of(one.clip, one.group), one.errors, one.words) for one in spoken)
    bounds = ratio.t_bounds((1 - confidence) / 2)
    return None if bounds is None else Interval(low=max(bounds.low, 0.0), high=bounds.high)


def median_interval(values: Iterable[float], tail: float = (1 - CONFIDENCE) / 2) -> Interval | None:
    """Bounds of the median by the sign test: order statistics, whatever the distribution.

    The k-th smallest of n values exceeds the median with P(Bin(n, 1/2) < k) (David & Nagaraja 2003, §7.1); the bounds
    are those of the largest k for which this is no more than the tail.

    Args:
        values: Independent of each other.
        tail: Probability that the median lies beyond a bound; 0.05 for each end of 90 %.

    Returns:
        None for too few values: fewer than 6 at a tail of 0.025, fewer than 5 at 0.05.
    """
    ordered = sorted(values)
    count = len(ordered)
    below, rank = 0.0, 0
    while rank < count:
        ways = math.lgamma(count + 1) - math.lgamma(rank + 1) - math.lgamma(count - rank + 1)
        below += math.exp(ways - count * math.log(2))
        if below > tail:
            break
        rank += 1
    return Interval(low=ordered[rank - 1], high=ordered[count - rank]) if rank else None


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that this share of the values does not exceed (nearest rank); the median at 0.5.

    Args:
        values: In any order, in any unit.
        share: Above 0, and 1 at most.

    Returns:
        None without a value.
    """
    if not values:
        return None
    if share == 0.5:  # noqa: PLR2004 - between the two in the middle, as the scorecard has it
        return statistics.median(values)
    return sorted(values)[math.ceil(share * len(values)) - 1]
