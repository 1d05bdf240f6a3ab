"""The accuracy gate: whether a model became worse on the same clips, and by more than is allowed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from asrlab_pytest.gates.outcome import SIDE, Outcome
from asrlab_pytest.scoring.change import Interval, PooledRatio, pooled_ratio
from asrlab_pytest.scoring.intervals import block_of
from asrlab_pytest.scoring.p_values import holm, sign_flip_p
from asrlab_pytest.scoring.student import student_quantile

CHANGED_BLOCKS = 5
"""Chance alone makes four blocks that differ all worse in 1 of 16 cases: no failure rests on so few."""
MISSED = 0.2
"""The probability that a change of the detectable size is not found: 80 % power."""
MOST_CLIPS = 1_000_000
"""Where more clips than this would be needed, none are named."""
_AT_THE_MARGIN = 1e-9

Cause = Literal[
    "none worse", "within", "exceeds", "no words", "one block", "dominated", "few changed", "family", "signs", "open"
]
"""Why a verdict is what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedClip:
    """Errors of one clip on both sides, over the same reference: words for WER, entities for their error rate.

    Raises:
        ValueError: a count is negative, or the two references are not of one length.
    """

    clip: str
    group: str | None = None
    """Speaker or session; None where the clip stands for itself."""
    baseline_errors: int
    baseline_words: int
    errors: int
    words: int

    def __post_init__(self) -> None:
        if min(self.baseline_errors, self.baseline_words, self.errors, self.words) < 0:
            raise ValueError(f"a count of the clip {self.clip!r} is negative")
        if self.words != self.baseline_words:
            raise ValueError(
                f"the clip {self.clip!r} has {self.words} words in its reference, and {self.baseline_words} in the "
                "baseline's: score both against one reference"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """How much worse is still good enough: the larger of the two.

    Raises:
        ValueError: a part is negative or no number.
    """

    absolute: float = 0.002
    """Of the rate: 0.002 is 0.2 points."""
    relative: float = 0.03
    """Of the baseline's rate."""

    def __post_init__(self) -> None:
        if not (0 <= self.absolute < math.inf and 0 <= self.relative < math.inf):
            raise ValueError("a margin is a number from 0")

    def of(self, baseline_rate: float) -> float:
        return max(self.absolute, self.relative * baseline_rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One metric of one model against its baseline, on the clips of both.

    Raises:
        ValueError: a clip stands there twice.
    """

    model: str
    metric: str
    """In words: "WER", "entity error rate"."""
    clips: Sequence[PairedClip]
    margin: Margin = field(default_factory=Margin)
    noun: str = "clip"
    """What is compared, in a word."""

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for one in self.clips:
            if one.clip in seen:
                raise ValueError(f"{self.model}: the clip {one.clip!r} is compared twice")
            seen.add(one.clip)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracyVerdict:
    """What the gate says of one metric of one model. Rates and their differences are fractions: 0.01 is one point."""

    model: str
    metric: str
    outcome: Outcome
    cause: Cause
    noun: str
    """What is compared, in a word."""
    clips: int
    """Clips compared: those whose reference is not empty."""
    silent_clips: int
    """Clips left out because their reference is empty."""
    words: int
    blocks: int
    """Groups and ungrouped clips, which are drawn as one."""
    identical: int
    """Clips with as many errors as before."""
    better: int
    worse: int
    baseline_rate: float | None
    rate: float | None
    delta: float | None
    """rate - baseline_rate; above 0 is worse."""
    interval: Interval | None
    """Each bound holds with 95 %: together they are an interval of 90 %. None where one block outweighs the others."""
    margin: float | None
    p_margin: float | None
    """Of "the change is at most the margin", by the bounds."""
    p_surplus: float | None
    """Of the same, by sign flips: exact where a bound is not, for few blocks and for errors that come in ones."""
    p_adjusted: float | None
    """The larger of both, adjusted by Holm for all comparisons that could fail; None where this one could not."""
    p_sign_flip: float | None
    """Of "better and worse are equally likely", the margin left aside; exact."""
    detectable: float | None
    """The smallest rise that clips like these show in 4 of 5 cases; None where they cannot say."""
    clips_needed: int | None
    """Clips like these that would settle it in 4 of 5 cases, if the change is what it seems; None where unknown."""
    blocks_needed: int | None

    def sentence(self) -> str:
        """The verdict in words that need no statistics."""
        from asrlab_pytest.gates.regression_words import sentence

        return sentence(self)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """All that one comparison says by itself."""

    comparison: Comparison
    spoken: Sequence[PairedClip]
    change: PooledRatio
    baseline_rate: float | None
    margin: float | None
    interval: Interval | None
    p_margin: float | None
    p_surplus: float | None
    p_sign_flip: float | None
    changed_blocks: int

    @property
    def p_worse(self) -> float | None:
        """The p-value that a failure stands on; None where nothing could fail, however the blocks had come out."""
        if self.p_margin is None or self.p_surplus is None or self.changed_blocks < CHANGED_BLOCKS:
            return None
        return max(self.p_margin, self.p_surplus)

    def count(self, sign: int) -> int:
        """Clips whose errors fell (-1), stayed (0), or rose (1)."""
        return sum(
            (one.errors > one.baseline_errors) - (one.errors < one.baseline_errors) == sign for one in self.spoken
        )


def judge_accuracy(comparisons: Iterable[Comparison]) -> tuple[AccuracyVerdict, ...]:
    """Judge a family of comparisons: models × {WER, entity error rate}.

    With D the new errors minus the old ones and W the words of a block, the change is Δ = ΣD/ΣW with the bounds of
    `PooledRatio` at 5 % on each side (Gillick & Cox 1989 and Bisani & Ney 2004 pair the same way, by clips). PASS where
    the upper bound lies below the margin, or where no clip is worse. FAIL where the lower bound lies above the margin
    and sign flips, too, make what lies above it no more likely than 5 %, both after Holm's adjustment. Else UNDECIDED.
    So a clip without a group, on which nothing changed, never makes a failure of what was none (for a margin that is
    absolute).

    Comparisons with fewer than five blocks that differ cannot fail, and so do not count in Holm's adjustment (Tarone
    1990). A pass needs none: a run passes only if all its comparisons do (an intersection-union test, Berger 1982).

    Returns:
        The verdicts, in the order of the comparisons.
    """
    gathered = [_gather(comparison) for comparison in comparisons]
    able = {index: p for index, evidence in enumerate(gathered) if (p := evidence.p_worse) is not None}
    adjusted = dict(zip(able, holm([*able.values()]), strict=True))
    return tuple(_verdict(evidence, adjusted.get(index)) for index, evidence in enumerate(gathered))


def _gather(comparison: Comparison) -> _Evidence:
    spoken = [one for one in comparison.clips if one.words]
    rows = [(block_of(one.clip, one.group), one.errors - one.baseline_errors, one.words) for one in spoken]
    change = pooled_ratio(rows)
    differences: dict[tuple[str, str], int] = {}
    for block, difference, _ in rows:
        differences[block] = differences.get(block, 0) + difference
    words = sum(one.words for one in spoken)
    baseline_rate = sum(one.baseline_errors for one in spoken) / words if words else None
    margin = None if baseline_rate is None else comparison.margin.of(baseline_rate)
    return _Evidence(
        comparison=comparison,
        spoken=spoken,
        change=change,
        baseline_rate=baseline_rate,
        margin=margin,
        interval=change.bounds(SIDE),
        p_margin=None if margin is None else change.p_above(margin),
        p_surplus=None if margin is None else sign_flip_p(differences.values(), allowance=margin * words),
        p_sign_flip=sign_flip_p(differences.values()) if spoken else None,
        changed_blocks=sum(difference != 0 for difference in differences.values()),
    )


def _verdict(evidence: _Evidence, p_adjusted: float | None) -> AccuracyVerdict:
    outcome, cause = _decide(evidence, p_adjusted)
    change, delta = evidence.change, evidence.change.estimate
    blocks_needed = _blocks_needed(change, evidence.margin) if outcome is Outcome.UNDECIDED else None
    clips_needed = None if blocks_needed is None else math.ceil(len(evidence.spoken) * blocks_needed / change.blocks)
    is_known = clips_needed is not None and clips_needed <= MOST_CLIPS
    return AccuracyVerdict(
        model=evidence.comparison.model,
        metric=evidence.comparison.metric,
        outcome=outcome,
        cause=cause,
        noun=evidence.comparison.noun,
        clips=len(evidence.spoken),
        silent_clips=len(evidence.comparison.clips) - len(evidence.spoken),
        words=int(change.words),
        blocks=change.blocks,
        identical=evidence.count(0),
        better=evidence.count(-1),
        worse=evidence.count(1),
        baseline_rate=evidence.baseline_rate,
        rate=None if delta is None or evidence.baseline_rate is None else evidence.baseline_rate + delta,
        delta=delta,
        interval=evidence.interval,
        margin=evidence.margin,
        p_margin=evidence.p_margin,
        p_surplus=evidence.p_surplus,
        p_adjusted=p_adjusted,
        p_sign_flip=evidence.p_sign_flip,
        detectable=_detectable(change, evidence.margin),
        clips_needed=clips_needed if is_known else None,
        blocks_needed=blocks_needed if is_known else None,
    )


def _decide(evidence: _Evidence, p_adjusted: float | None) -> tuple[Outcome, Cause]:  # noqa: PLR0911 - a list of cases
    if evidence.margin is None:
        return Outcome.UNDECIDED, "no words"
    if not evidence.count(1):
        return Outcome.PASS, "none worse"
    if evidence.p_margin is None:
        return Outcome.UNDECIDED, "one block"
    if evidence.p_margin <= SIDE:
        return _doubt(evidence, p_adjusted)
    if evidence.interval is None:
        return Outcome.UNDECIDED, "dominated"
    if evidence.interval.high < evidence.margin:
        return Outcome.PASS, "within"
    return Outcome.UNDECIDED, "open"


def _doubt(evidence: _Evidence, p_adjusted: float | None) -> tuple[Outcome, Cause]:
    """What speaks against a failure although the lower bound is above the margin."""
    if p_adjusted is None:
        return Outcome.UNDECIDED, "few changed"
    if evidence.p_surplus is None or evidence.p_surplus > SIDE:
        return Outcome.UNDECIDED, "signs"
    return (Outcome.UNDECIDED, "family") if p_adjusted > SIDE else (Outcome.FAIL, "exceeds")


def _reach(blocks: int) -> float:
    """Standard errors between the margin and a change that is found in 4 of 5 cases; 2.49 for very many blocks."""
    return student_quantile(SIDE, blocks - 1) + student_quantile(MISSED, blocks - 1)


def _detectable(change: PooledRatio, margin: float | None) -> float | None:
    error = change.standard_error
    return margin + _reach(change.blocks) * error if error and margin is not None else None


def _blocks_needed(change: PooledRatio, margin: float | None) -> int | None:
    """Blocks like these after which the change, if it is what it seems, lies clearly on one side of the margin."""
    error, delta = change.standard_error, change.estimate
    if error is None or delta is None or margin is None or abs(delta - margin) < _AT_THE_MARGIN:
        return None
    least = max(CHANGED_BLOCKS, change.blocks + 1)
    needed = least
    for _ in range(20):
        # The standard error falls with the root of the number of blocks.
        wanted = (_reach(needed) * error / (delta - margin)) ** 2 * change.blocks
        if not wanted <= MOST_CLIPS:
            return None
        if (rounded := max(least, math.ceil(wanted))) == needed:
            break
        needed = rounded
    return needed
