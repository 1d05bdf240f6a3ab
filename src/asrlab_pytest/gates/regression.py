"""The accuracy gate: whether a model became worse on the same clips, and by more than is allowed."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from asrlab_pytest.gates.outcome import SIDE, Outcome
from asrlab_pytest.gates.paired_clips import PairedClip, PairedClips
from asrlab_pytest.gates.speakers import SpeakerRise, speakers_that_rose
from asrlab_pytest.records.sorting import equal
from asrlab_pytest.scoring.change import Interval, PooledRatio, blocks_of, pooled_ratio
from asrlab_pytest.scoring.intervals import LEAST_EFFECTIVE
from asrlab_pytest.scoring.p_values import sign_flip_p, tarone_holm
from asrlab_pytest.scoring.student import student_quantile
from asrlab_pytest.validation import fields_of

LEAST_GROUPS = 6
"""Of fewer groups, or of groups that weigh as much as fewer than five, the verdict holds for these speakers alone."""
CHANGED_BLOCKS = 5
"""Chance alone makes four blocks that differ all worse in 1 of 16 cases: no failure rests on so few."""
MISSED = 0.2
"""The probability that a change of the detectable size is not found: 80 % power."""
MOST_TIMES = 20
"""Where more than this many times the present clips would be needed, no number is named."""

Rule = Literal["regression", "noninferior"]
"""What a pass means: not shown to be worse by more than the margin, or shown not to be."""
Cause = Literal["none worse", "within", "exceeds", "no words", "few changed", "chance", "family", "unproven"]
"""Why a verdict is what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """How much worse is still good enough: the larger of the two.

    Raises:
        ValueError: a part is negative or no number.
    """

    absolute: float = 0.005
    """Of the rate: 0.005 is 0.5 points."""
    relative: float = 0.10
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
        ValueError: a clip is duplicated.
    """

    model: str
    metric: str
    """In words: "WER", "entity error rate"."""
    clips: Sequence[PairedClip] | PairedClips
    """Each once."""
    margin: Margin = field(default_factory=Margin)
    noun: str = "clip"
    """What is compared, in a word."""
    rule: Rule = "regression"
    counts_additions: bool = False
    """Whether errors on a clip whose reference has nothing to count are errors of the rate, as entities that were
    invented are; words that were invented in silence are not."""

    @property
    def counted(self) -> PairedClips:
        """The clips that enter the rate."""
        clips = self.clips if isinstance(self.clips, PairedClips) else PairedClips(self.clips)
        return clips.counted(counts_additions=self.counts_additions)

    @property
    def swapped(self) -> Comparison:
        """The same with the sides swapped."""
        clips = self.clips if isinstance(self.clips, PairedClips) else PairedClips(self.clips)
        return replace(self, clips=clips.swapped)

    def __post_init__(self) -> None:
        if isinstance(self.clips, PairedClips):
            return
        seen: set[str] = set()
        for clip in self.clips:
            if clip.clip in seen:
                raise ValueError(f"{self.model}: the clip {clip.clip!r} is compared twice")
            seen.add(clip.clip)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    """What is counted and tested of one metric of one model. Rates are fractions: 0.01 is one point."""

    model: str
    metric: str
    noun: str
    """What is compared, in a word."""
    groups: int | None
    """Groups, if there are too few to generalize from and the blocks are clips; else None."""
    changed_blocks: int
    """Blocks with more or fewer errors than before."""
    baseline_rate: float | None
    margin: float | None
    p_bound: float | None
    """Of "it is no worse", by the t interval over blocks."""
    p_sign_flip: float | None
    """Of "better and worse are equally likely", by sign flips of the blocks; exact."""

    @property
    def p_alone(self) -> float | None:
        """What the p-value were if nothing else had been compared."""
        return None if self.p_bound is None or self.p_sign_flip is None else max(self.p_bound, self.p_sign_flip)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracyVerdict(_Compared):
    """What the gate says of one metric of one model. Rates and their differences are fractions: 0.01 is one point."""

    outcome: Outcome
    cause: Cause
    clips: int
    """Clips compared: those that enter the rate."""
    silent_clips: int
    """Clips left out because their reference is empty."""
    words: int
    ungrouped: int
    """Clips without a group, where others have one; 0 elsewhere."""
    blocks: int
    """Groups and ungrouped clips, or clips where there are too few groups."""
    identical: int
    """Clips with as many errors as before."""
    better: int
    worse: int
    rate: float | None
    delta: float | None
    """rate - baseline_rate; above 0 is worse."""
    interval: Interval | None
    """Each bound holds with 95 %: together they are an interval of 90 %. None if one block outweighs the others."""
    p_adjusted: float | None
    """The larger of both, adjusted for all comparisons that could fail; None if this one could not."""
    comparisons: int
    """Of the family that the p-value is adjusted for."""
    is_only_model: bool
    """Whether all comparisons of the family are of this model."""
    detectable: float | None
    """The smallest rise that clips like these show in 4 of 5 cases; None if they cannot say."""
    clips_needed: int | None
    """Clips like these that would settle it in 4 of 5 cases, if the change is what it seems; None if unknown."""
    blocks_needed: int | None
    interval_95: Interval | None = None
    """The two-sided interval of 95 %."""
    speakers: tuple[SpeakerRise, ...] = ()
    """Groups that by themselves became much worse: a warning, and never a failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence(_Compared):
    """All that one comparison says by itself."""

    comparison: Comparison
    clips: PairedClips
    change: PooledRatio

    @property
    def p_worse(self) -> float:
        """The p-value that a failure is based on."""
        return 1.0 if self.p_alone is None else self.p_alone

    @property
    def interval(self) -> Interval | None:
        return self.change.bounds(SIDE)

    @property
    def exceeds(self) -> bool:
        """Whether the rate rose by more than is allowed, by chance or not."""
        delta = self.change.estimate
        return delta is not None and self.margin is not None and delta > self.margin

    def count(self, sign: int) -> int:
        """Clips whose errors fell (-1), stayed (0), or rose (1)."""
        return sum((difference > 0) - (difference < 0) == sign for difference in self.clips.differences)


def judge_accuracy(comparisons: Iterable[Comparison]) -> tuple[AccuracyVerdict, ...]:
    """Judge a family of comparisons: models × {WER, entity error rate}.

    With D the new errors minus the old ones and W the words of a block, the change is Δ = ΣD/ΣW (Gillick & Cox 1989 and
    Bisani & Ney 2004 pair the same way, by clips). Blocks are the groups and ungrouped clips, or all clips by
    themselves where there are too few groups to generalize from.

    FAIL: Δ is larger than the margin, and surely above 0: both the exact sign flips of the blocks and a t interval of
    Δ make "no worse" no more likely than 5 %, adjusted for the family by Tarone (1990) and Holm (1979).
    PASS: Δ is no larger than the margin; by the rule "noninferior" only where its upper bound is, too.
    UNDECIDED: Δ is larger than the margin, and chance alone may have made it so.

    Returns:
        The verdicts, in the order of the comparisons.
    """
    gathered = [_gather(comparison) for comparison in comparisons]
    least = [0.5**evidence.changed_blocks for evidence in gathered]
    adjusted = tarone_holm([evidence.p_worse for evidence in gathered], least, SIDE)
    able = sum(p_value is not None for p_value in adjusted)
    is_only = len({evidence.model for evidence in gathered}) == 1
    return tuple(_verdict(evidence, p, able, is_only) for evidence, p in zip(gathered, adjusted, strict=True))


def _gather(comparison: Comparison) -> _Evidence:
    clips = comparison.counted
    groups, blocks = _blocks(clips)
    differences = array("i", clips.differences)
    change = pooled_ratio(blocks, differences, clips.words)
    changes = _by_block(blocks, differences)
    baseline_rate = sum(clips.before) / change.words if change.words else None
    return _Evidence(
        model=comparison.model,
        metric=comparison.metric,
        noun=comparison.noun,
        comparison=comparison,
        clips=clips,
        groups=groups,
        change=change,
        baseline_rate=baseline_rate,
        margin=None if baseline_rate is None else comparison.margin.of(baseline_rate),
        p_bound=change.p_above(0.0),
        p_sign_flip=sign_flip_p(changes) if clips else None,
        changed_blocks=sum(map(bool, changes)),
    )


def _by_block(blocks: Sequence[int], differences: array[int]) -> array[int]:
    """New errors minus old errors of every block, at its first clip; 0 at the others."""
    sums = array("q", bytes(8 * len(blocks)))
    for clips in equal(blocks):
        sums[clips[0]] = sum(differences[clip] for clip in clips)
    return sums


def _blocks(clips: PairedClips) -> tuple[int | None, Sequence[int]]:
    """A number for the block of each clip; and how many groups there are if too few, so that clips are the blocks."""
    are_grouped = any(group >= 0 for group in clips.groups)
    weights: Counter[int] = Counter()
    squares = alone = 0
    for group, words in zip(clips.groups, clips.words, strict=True) if are_grouped else ():
        if group >= 0:
            weights[group] += words
        else:
            squares += words * words
            alone += bool(words)
    squares += sum(words * words for words in weights.values())
    # What has no words, such as clips whose entities are all invented, weighs nothing.
    is_enough = alone + sum(map(bool, weights.values())) >= LEAST_GROUPS
    is_enough = is_enough and sum(clips.words) ** 2 >= LEAST_EFFECTIVE * squares
    each = range(-len(clips.groups), 0)
    if not are_grouped:
        return None, each
    return (None, blocks_of(clips.groups, each)) if is_enough else (len(weights), each)


def _ungrouped(clips: PairedClips) -> int:
    count = sum(group < 0 for group in clips.groups)
    return 0 if count == len(clips) else count


def _verdict(evidence: _Evidence, p_adjusted: float | None, able: int, is_only_model: bool) -> AccuracyVerdict:
    outcome, cause = _decide(evidence, p_adjusted)
    change, delta = evidence.change, evidence.change.estimate
    blocks_needed = _blocks_needed(evidence) if outcome is Outcome.UNDECIDED else None
    return AccuracyVerdict(
        **fields_of(_Compared, evidence),
        outcome=outcome,
        cause=cause,
        clips=len(evidence.clips),
        silent_clips=len(evidence.comparison.clips) - len(evidence.clips),
        words=int(change.words),
        ungrouped=_ungrouped(evidence.clips),
        blocks=change.blocks,
        identical=evidence.count(0),
        better=evidence.count(-1),
        worse=evidence.count(1),
        rate=None if delta is None or evidence.baseline_rate is None else evidence.baseline_rate + delta,
        delta=delta,
        interval=evidence.interval,
        interval_95=change.bounds(SIDE / 2),
        p_adjusted=p_adjusted,
        comparisons=able,
        is_only_model=is_only_model,
        detectable=_detectable(change, evidence.margin),
        clips_needed=blocks_needed and math.ceil(len(evidence.clips) * blocks_needed / change.blocks),
        blocks_needed=blocks_needed,
        speakers=_speakers(evidence),
    )


def _decide(evidence: _Evidence, p_adjusted: float | None) -> tuple[Outcome, Cause]:
    if evidence.margin is None:
        return Outcome.UNDECIDED, "no words"
    if not evidence.count(1):
        return Outcome.PASS, "none worse"
    if evidence.exceeds:
        return _doubt(evidence, p_adjusted)
    interval = evidence.interval
    if evidence.comparison.rule == "regression" or (interval is not None and interval.high < evidence.margin):
        return Outcome.PASS, "within"
    return Outcome.UNDECIDED, "unproven"


def _doubt(evidence: _Evidence, p_adjusted: float | None) -> tuple[Outcome, Cause]:
    """What speaks against a failure although the rate rose by more than is allowed."""
    if evidence.changed_blocks < CHANGED_BLOCKS:
        return Outcome.UNDECIDED, "few changed"
    if evidence.p_worse > SIDE:
        return Outcome.UNDECIDED, "chance"
    if p_adjusted is None or p_adjusted > SIDE:
        return Outcome.UNDECIDED, "family"
    return Outcome.FAIL, "exceeds"


def _speakers(evidence: _Evidence) -> tuple[SpeakerRise, ...]:
    if evidence.margin is None:
        return ()
    clips = evidence.clips
    by_group = clips.by_group()
    # Of a single one that has all clips, the verdict itself speaks.
    is_part = len(by_group) > 1 or _ungrouped(clips) > 0
    return speakers_that_rose(by_group, evidence.margin) if is_part else ()


def _reach(blocks: float) -> float:
    """Standard errors between 0 and a change that is found in 4 of 5 cases; 2.49 for very many blocks."""
    return student_quantile(SIDE, blocks - 1) + student_quantile(MISSED, blocks - 1)


def _detectable(change: PooledRatio, margin: float | None) -> float | None:
    """The smallest true rise that fails in 4 of 5 cases.

    A rise makes errors that were not there before, each of which is noise as well: with r of them a word, the variance
    of Δ is SE² + r/W, and r is found where r = reach · √(SE² + r/W).
    """
    error = change.standard_error
    if error is None or margin is None or change.blocks < CHANGED_BLOCKS:
        return None
    square = _reach(change.blocks) ** 2
    added = square / change.words
    significant = (added + math.sqrt(added * added + 4 * square * error * error)) / 2
    spread = math.sqrt(error * error + significant / change.words)
    return max(significant, margin + student_quantile(MISSED, change.blocks - 1) * spread)


def _blocks_needed(evidence: _Evidence) -> int | None:
    """Blocks like these after which the change, if it is what it seems, is surely one or is surely within the margin.

    None if so many are out of reach.
    """
    change, delta, margin = evidence.change, evidence.change.estimate, evidence.margin
    if delta is None or margin is None or not evidence.changed_blocks:
        return None
    gap = delta if evidence.exceeds else margin - delta
    error = change.standard_error or 0.0
    least = max(change.blocks + 1, math.ceil(CHANGED_BLOCKS * change.blocks / evidence.changed_blocks))
    needed, most = least, MOST_TIMES * change.blocks
    for _ in range(20):
        # The standard error falls with the root of the number of blocks.
        wanted = (_reach(needed) * error) ** 2 * change.blocks
        if wanted > most * gap * gap:
            return None
        if (rounded := max(least, math.ceil(wanted / gap**2) if error else 0)) == needed:
            break
        needed = rounded
    return needed if needed <= most else None
