"""Intervals of a corpus's figures, and percentiles of its latencies."""

from __future__ import annotations

import math
import statistics
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.packed_names import with_number
from asrlab_pytest.scoring.change import Interval, PooledRatio, blocks_of, pooled_ratio
from asrlab_pytest.scoring.counts import Counts
from asrlab_pytest.scoring.student import student_quantile

CONFIDENCE = 0.95
LEAST_EFFECTIVE = 5
"""Of blocks that weigh as much as fewer equal ones, nothing is said of others: t is too wide, and itself unsure."""
STRATUM_CLIPS = 8
"""A group of fewer clips has no rate that is sure enough to hold its clips against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Errors of one clip over what its reference holds: words, characters or entities."""

    clip: str
    group: str | None
    """Speaker or session; None if the clip is independent of the others."""
    errors: int
    words: int

    @classmethod
    def of(cls, row: Observation, words: Counts) -> Tally:
        """The words of an observation."""
        return cls(clip=row.clip, group=row.group, errors=words.errors, words=words.reference_length)


class Tallies:
    """Tallies of many clips as numbers: 14 bytes a clip, or more if clips are long.

    Clips without a word have no rate and are left out.
    """

    def __init__(self, tallies: Iterable[Tally] = ()) -> None:
        self.clips = array("q")
        """Hashes of their ids."""
        self.errors, self.words = array("B"), array("B")
        self.groups = array("i")
        """Index of each clip's group; negative for a clip without a group."""
        self.names: dict[str, int] = {}
        """Numbers of the groups, by name."""
        self.longest: Tally | None = None
        """The clip with the most words."""
        for tally in tallies:
            self.add(tally)

    def add(self, tally: Tally) -> None:
        """Add a clip."""
        if tally.words:
            self.clips.append(hash(tally.clip))
            self.errors = with_number(self.errors, tally.errors)
            self.words = with_number(self.words, tally.words)
            if self.longest is None or tally.words > self.longest.words:
                self.longest = tally
            group = tally.group
            self.groups.append(-1 if group is None else self.names.setdefault(group, len(self.names)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RateUncertainty:
    """How far off a pooled error rate may be, at 95 %.

    No interval foresees what the sample lacks: a model that loops on one clip of a thousand has, on a hundred clips
    without a loop, an interval that knows nothing of it.
    """

    these_speakers: Interval | None
    """For more clips of the speakers at hand; None if the clips cannot say."""
    other_speakers: Interval | None
    """For other speakers; None without groups, and where they weigh as much as fewer than five."""
    groups: int
    """Groups and ungrouped clips; those that are drawn as one."""
    effective_groups: float
    """The number of groups of one size that would weigh as much: W²/ΣW_k²."""
    dominant: str | None
    """The group with most of the words, where the groups weigh as much as fewer than half of them."""
    dominant_share: float
    """Its share of the words."""
    is_grouped: bool
    """Whether any clip states a group."""
    most_wrong: float | None
    """Where there is no error at all: the largest share of clips with any error that is still likely."""
    longest: str | None = None
    """The clip with so many of the words that the clips do not allow an interval."""
    longest_share: float = 0.0
    """Its share of the words."""

    @property
    def why_none(self) -> str:
        """Why there is no interval for these speakers, in words; empty if there is one."""
        if self.these_speakers is not None:
            return ""
        if self.most_wrong is not None:
            return "no error in any clip"
        if self.longest is not None:
            return f"the clip {self.longest} has {self.longest_share:.0%} of the words"
        return "too few clips for an interval"


def rate_interval(tallies: Iterable[Tally] | Tallies, confidence: float = CONFIDENCE) -> Interval | None:
    """The two-sided interval of a pooled error rate for these speakers: see `rate_uncertainty`."""
    return rate_uncertainty(tallies, confidence).these_speakers


def rate_uncertainty(tallies: Iterable[Tally] | Tallies, confidence: float = CONFIDENCE) -> RateUncertainty:
    """How far off a pooled error rate θ = E/W may be, for these speakers and for others.

    Both intervals are θ · exp(± t · SE/θ): on the log scale they never reach 0, and cover where errors are skewed.

    These speakers: their clips are drawn again, and they stay (a stratified sample; Cochran 1977, §5). The deviation of
    a clip is r_i = e_i - θ_g·w_i from the rate of its group, or from θ where its group has fewer than eight clips; and
    SE² = Σ (r_i/(1 - w_i/W_g))² / W², the jackknife's, in which a clip has no part in the rate that it is held against.
    t has m - 1 degrees of freedom, with m = W²/Σw_i² clips of one length (Kish 1965).

    Other speakers: the groups are drawn again, as Liu & Peng (2020) show they must be. With r_k = E_k - θW_k and
    m = W²/ΣW_k², SE² = m/(m - 1) · Σ r_k² / W², and t has m - 1 degrees of freedom.

    Args:
        tallies: One a clip. Those without a word have no rate and count for nothing.
        confidence: Above 0 and below 1.
    """
    spoken = tallies if isinstance(tallies, Tallies) else Tallies(tallies)
    tail = (1 - confidence) / 2
    by_clip = pooled_ratio(spoken.clips, spoken.errors, spoken.words)
    blocks = blocks_of(spoken.groups, spoken.clips) if spoken.names else spoken.clips
    ratio = pooled_ratio(blocks, spoken.errors, spoken.words) if spoken.names else by_clip
    strata = _strata(spoken)
    weights = {name: strata[number].words for name, number in spoken.names.items()}
    dominant = max(weights, key=weights.__getitem__, default=None)
    is_overlong = by_clip.blocks >= LEAST_EFFECTIVE > by_clip.effective_blocks
    longest = spoken.longest if is_overlong else None
    is_lopsided = dominant is not None and ratio.blocks > 1 and ratio.effective_blocks < ratio.blocks / 2
    return RateUncertainty(
        these_speakers=_log_interval(by_clip, _jackknife_variance(spoken, strata), tail),
        other_speakers=_log_interval(ratio, ratio.effective_variance, tail) if weights else None,
        groups=ratio.blocks,
        effective_groups=ratio.effective_blocks,
        dominant=dominant if is_lopsided else None,
        dominant_share=weights[dominant] / ratio.words if is_lopsided and dominant is not None else 0.0,
        is_grouped=bool(weights),
        longest=longest.clip if longest else None,
        longest_share=longest.words / by_clip.words if longest else 0.0,
        most_wrong=1 - 0.05 ** (1 / by_clip.effective_blocks) if spoken.clips and not ratio.total else None,
    )


def _jackknife_variance(spoken: Tallies, strata: Sequence[_Stratum]) -> float:
    """Of the pooled rate, with every clip held against its stratum without it."""
    total = _Stratum(errors=sum(spoken.errors), words=sum(spoken.words))
    if not total.words:
        return 0.0
    # Of a clip without a group it is the last.
    against = [stratum if stratum.clips >= STRATUM_CLIPS else total for stratum in strata] + [total]
    clips = zip(spoken.groups, spoken.errors, spoken.words, strict=True)
    deviations = (against[group].deviation(errors, words) for group, errors, words in clips)
    return math.fsum(deviation * deviation for deviation in deviations) / total.words**2


def _strata(spoken: Tallies) -> list[_Stratum]:
    """The clips of each group."""
    strata = [_Stratum() for _ in spoken.names]
    for group, errors, words in zip(spoken.groups, spoken.errors, spoken.words, strict=True):
        if group >= 0:
            strata[group].add(errors, words)
    return strata


@dataclass(slots=True)
class _Stratum:
    """Clips that are held against their own rate."""

    errors: int = 0
    words: int = 0
    clips: int = 0

    def add(self, errors: int, words: int) -> None:
        self.errors += errors
        self.words += words
        self.clips += 1

    def deviation(self, errors: int, words: int) -> float:
        """A clip's errors less what the rate of the others makes of its words: (e - θw)/(1 - w/W)."""
        others = self.words - words
        return errors - words * (self.errors - errors) / others if others else 0.0


def _log_interval(ratio: PooledRatio, variance: float | None, tail: float) -> Interval | None:
    """θ · exp(± t · SE/θ); None if there is no error, no deviation, or as much as fewer than five equal blocks."""
    estimate = ratio.estimate
    if not estimate or not variance or ratio.effective_blocks < LEAST_EFFECTIVE:
        return None
    factor = math.exp(student_quantile(tail, ratio.effective_blocks - 1) * math.sqrt(variance) / estimate)
    return Interval(low=estimate / factor, high=estimate * factor)


def median_interval(values: Iterable[float], tail: float = (1 - CONFIDENCE) / 2) -> Interval | None:
    """Bounds of the median by the sign test: order statistics, whatever the distribution.

    The k-th smallest of n values exceeds the median with P(Bin(n, 1/2) < k) (David & Nagaraja 2003, §7.1); the bounds
    are those of the largest k for which this is no more than the tail, so that they may hold with much more.

    Args:
        values: Independent of each other.
        tail: Probability that the median lies beyond a bound; 0.05 for each end of 90 %.

    Returns:
        None for too few values: fewer than 6 at a tail of 0.025, fewer than 5 at 0.05.
    """
    ordered = sorted(values)
    rank, _, _ = _rank(len(ordered), tail)
    return Interval(low=ordered[rank - 1], high=ordered[-rank]) if rank else None


def interpolated_median_interval(values: Iterable[float], tail: float = (1 - CONFIDENCE) / 2) -> Interval | None:
    """Bounds of the median that hold with about the confidence asked for, and are narrower than `median_interval`.

    Between the order statistics k and k + 1, whose intervals hold with more and with less, Hettmansperger & Sheather
    (1986) interpolate: with I = (g_k - g)/(g_k - g_{k+1}), g the confidence, λ = (n - k)I/(k + (n - 2k)I) and
    low = (1 - λ)x_(k) + λx_(k+1), likewise from above. It is near the truth for symmetric distributions and skewed
    ones alike, and not exact.

    Returns:
        None for too few values, as `median_interval`.
    """
    ordered = sorted(values)
    count = len(ordered)
    rank, below, further = _rank(count, tail)
    if not rank:
        return None
    # g_j = 1 - 2 P(Bin < j); the numerator and the denominator are halved.
    share = (tail - below) / (further - below)
    weight = (count - rank) * share / (rank + (count - 2 * rank) * share)
    low = (1 - weight) * ordered[rank - 1] + weight * ordered[rank]
    high = (1 - weight) * ordered[-rank] + weight * ordered[-rank - 1]
    return Interval(low=low, high=high)


def _rank(count: int, tail: float) -> tuple[int, float, float]:
    """The largest k with P(Bin(n, 1/2) < k) no more than the tail, with this probability and that of k + 1."""
    below, rank = 0.0, 0
    while rank < count:
        ways = math.lgamma(count + 1) - math.lgamma(rank + 1) - math.lgamma(count - rank + 1)
        further = below + math.exp(ways - count * math.log(2))
        if further > tail:
            return rank, below, further
        below, rank = further, rank + 1
    return 0, 0.0, 0.0


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
