"""The speed gate: whether a model takes longer than is allowed, relative to a reference model in the same run."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import median
from typing import Literal

from asrlab_pytest.gates.outcome import SIDE, Outcome, rate
from asrlab_pytest.grouping import grouped
from asrlab_pytest.records.measured import PairedRound, Times
from asrlab_pytest.scoring.change import Interval
from asrlab_pytest.scoring.intervals import median_interval, percentile

ALLOWED = 1.10
"""The largest ratio of times that passes."""
NOISE_LIMIT = 0.05
"""Half of the default margin: where one half of the rounds differs from the other by more, little fails."""
FAR = 2
"""How many times the noise a ratio must lie beyond what is allowed to fail whatever the noise is."""
LEAST_ROUNDS = 4
"""Rounds of a clip below which its noise is not known: two pairs."""
_SPLITS = 32

Clock = Literal["wall", "process"]
Cause = Literal["within", "exceeds", "nothing", "few", "noise unknown", "noise", "open", "apart"]
Estimate = tuple[float | None, Interval | None, Literal["clip", "round"]]
"""A ratio and its bounds, as logarithms, and what they are taken over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedTerms:
    """What is asked of the times.

    Raises:
        ValueError: a bound is not above 0.
    """

    model: str
    reference: str
    clock: Clock = "wall"
    """Pairs without such a time are left out."""
    allowed: float = ALLOWED
    """The largest ratio of times that passes."""
    noise_limit: float = NOISE_LIMIT
    """The noise from which on only a ratio that is far beyond what is allowed fails: 0.05 is 5 %."""
    interleaved: bool = True
    """Whether both models took turns in every run. Where one was timed after the other nothing fails: a machine that
    was busier with one of them looks like a slower model, and no half of the rounds shows it."""

    def __post_init__(self) -> None:
        if not (self.allowed > 0 and self.noise_limit > 0):
            raise ValueError("the ratio allowed and the limit of the noise are numbers above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedVerdict:
    """What the gate says of one model. Ratios are of times: above 1 is slower."""

    terms: SpeedTerms
    against: Literal["reference", "baseline"]
    """What the ratio is of: the times of both models, or this ratio now and in the baseline."""
    outcome: Outcome
    cause: Cause
    clips: int
    rounds: int
    """The fewest of any clip."""
    unit: Literal["clip", "round"]
    """What the interval is taken over."""
    ratio: float | None
    interval: Interval | None
    """Each bound holds with 95 %: together they are an interval of 90 %."""
    noise: float | None
    """By how much the ratio differs between halves of the rounds: 0.02 is 2 %. None if there are too few rounds."""

    def sentence(self) -> str:  # noqa: PLR0911 - a list of cases
        """The verdict in words that need no statistics."""
        if self.ratio is None:
            return f"Nothing to compare: no clip was timed against {self.terms.reference} on this clock."
        allowed = f"{self.terms.allowed:.2f} allowed"
        noise = "" if self.noise is None else f"; noise of this run {rate(self.noise)}"
        match self.cause:
            case "exceeds":
                return f"{_ratio(self)}, more than the {allowed}{noise}."
            case "within":
                return f"{_ratio(self)}, within the {allowed}{noise}."
            case "noise" | "noise unknown":
                return f"Too noisy to tell: {_ratio(self)}, more than the {allowed}. {_noise(self)}"
            case "apart":
                return (
                    f"The machine may have been busier: {_ratio(self)}, more than the {allowed}, "
                    "but the models were timed one after the other, not in turn."
                )
            case "few":
                return (
                    f"Too few clips and rounds to tell: {_ratio(self)}, {allowed}. "
                    "At least five clips or five rounds are needed."
                )
        return f"Too close to tell: {_ratio(self)}, {allowed}{noise}."


def judge_speed(rounds: Iterable[PairedRound], terms: SpeedTerms) -> SpeedVerdict:
    """Judge a model's times by those of the reference model in the same rounds.

    The figure is the median over clips of the clip's median log-ratio, which one slow round or one odd clip does not
    move. Its bounds are order statistics over the clips, or over the rounds where there are fewer than five clips: they
    then hold for these clips alone. FAIL where the lower bound lies above what is allowed and the noise below its limit
    or far below the excess, PASS where the upper bound lies below what is allowed, else UNDECIDED.

    Args:
        rounds: In any order. A time of 0 or less was not measured, and its pair is left out.
        terms: What is asked of them.

    Raises:
        ValueError: a clip has two pairs in one round.
    """
    run = _Run.of(rounds, terms.clock)
    return _verdict([run], run.estimate(), run.noise(), terms)


def judge_speed_change(
    baseline: Iterable[PairedRound], rounds: Iterable[PairedRound], terms: SpeedTerms
) -> SpeedVerdict:
    """Judge a model's ratio to the reference model by the same ratio at another commit: never its times by old times.

    On the clips of both runs, as `judge_speed`; where there are fewer than five, the bounds are those of the two runs
    taken together, and hold with more than 95 %. The noise is that of both runs.

    Raises:
        ValueError: a clip has two pairs in one round of a run.
    """
    then, now = _Run.of(baseline, terms.clock), _Run.of(rounds, terms.clock)
    common = then.logs.keys() & now.logs.keys()
    then, now = then.only(common), now.only(common)
    return _verdict([now, then], _difference(then, now), _both(then, now), terms)


@dataclass(frozen=True, slots=True)
class _Run:
    """Logarithms of the times of a run: by clip, then (round, model's, reference's)."""

    logs: Mapping[str, Sequence[tuple[int, float, float]]]

    @classmethod
    def of(cls, rounds: Iterable[PairedRound], clock: Clock) -> _Run:
        logs: dict[str, list[tuple[int, float, float]]] = defaultdict(list)
        seen: set[tuple[str, int]] = set()
        for paired in rounds:
            if (paired.clip, paired.round) in seen:
                raise ValueError(f"the clip {paired.clip!r} is timed twice in round {paired.round}")
            seen.add((paired.clip, paired.round))
            model_s, reference_s = (_seconds(times, clock) for times in (paired.model, paired.reference))
            if model_s > 0 and reference_s > 0:
                logs[paired.clip].append((paired.round, math.log(model_s), math.log(reference_s)))
        return cls({clip: sorted(logs[clip]) for clip in sorted(logs)})

    def only(self, clips: Iterable[str]) -> _Run:
        return _Run({clip: self.logs[clip] for clip in sorted(clips)})

    @property
    def clips(self) -> int:
        return len(self.logs)

    @property
    def rounds(self) -> int:
        return min((len(rows) for rows in self.logs.values()), default=0)

    def by_clip(self) -> dict[str, float]:
        return {clip: median(model - reference for _, model, reference in rows) for clip, rows in self.logs.items()}

    def by_round(self) -> list[float]:
        """The median log-ratio over the clips, for each round in which all clips were timed."""
        differences = grouped(
            (number, model - reference) for rows in self.logs.values() for number, model, reference in rows
        )
        return [median(ratios) for ratios in differences.values() if len(ratios) == self.clips]

    def estimate(self) -> Estimate:
        clips, rounds = self.by_clip().values(), self.by_round()
        over_clips = median_interval(clips, SIDE)
        if over_clips is not None or not rounds:
            return (median(clips) if clips else None), over_clips, "clip"
        return median(rounds), median_interval(rounds, SIDE), "round"

    def noise(self) -> float | None:
        """How far the figure lies from itself: taken of one half of the rounds, and of the other.

        Both halves are of the same models on the same clips, so that every difference is noise. The halves are drawn by
        parting neighbouring rounds, in all ways (or in 32 of them); what 95 % of these comparisons do not exceed is the
        noise. It rests on half of the rounds at each side, so that it is too large rather than too small. What the
        neighbouring of both models in time cancels is not in it, as it is not in the figure.
        """
        if self.rounds < LEAST_ROUNDS:
            return None
        ratios = [[model - reference for _, model, reference in rows] for rows in self.logs.values()]
        pairs = [list(zip(row[::2], row[1::2], strict=False)) for row in ratios]
        noises = []
        for flips in _flips(max(map(len, pairs))):
            apart = [[pair[::-1] if flip else pair for flip, pair in zip(flips, row, strict=False)] for row in pairs]
            noises.append(abs(median(median(a for a, _ in row) - median(b for _, b in row) for row in apart)))
        return percentile(noises, 0.95)


def _seconds(times: Times, clock: Clock) -> float:
    seconds = times.wall_s if clock == "wall" else times.process_s
    return seconds if seconds is not None and math.isfinite(seconds) else 0.0


def _flips(count: int) -> Iterator[Sequence[bool]]:
    """The ways to part so many pairs into two halves; the first pair is never flipped, which would mirror them all."""
    if 2 ** (count - 1) <= _SPLITS:
        yield from ((False, *flips) for flips in product((False, True), repeat=count - 1))
        return
    generator = random.Random(0)  # noqa: S311 - no secret, and the same in every run
    yield from (generator.choices((False, True), k=count) for _ in range(_SPLITS))


def _difference(then: _Run, now: _Run) -> Estimate:
    before, after = then.by_clip(), now.by_clip()
    changes = [after[clip] - before[clip] for clip in after]
    over_clips = median_interval(changes, SIDE)
    if over_clips is not None or not changes:
        return (median(changes) if changes else None), over_clips, "clip"
    (old, old_bounds, _), (new, new_bounds, unit) = then.estimate(), now.estimate()
    if old is None or new is None or old_bounds is None or new_bounds is None:
        return median(changes), None, "clip"
    bounds = Interval(low=new_bounds.low - old_bounds.high, high=new_bounds.high - old_bounds.low)
    return new - old, bounds, unit


def _both(then: _Run, now: _Run) -> float | None:
    before, after = then.noise(), now.noise()
    return None if before is None or after is None else math.hypot(before, after)


def _verdict(runs: Sequence[_Run], estimate: Estimate, log_noise: float | None, terms: SpeedTerms) -> SpeedVerdict:
    """The verdict on a run or, where there are two, on the first beside that of the baseline."""
    middle, bounds, unit = estimate
    ratio = None if middle is None else math.exp(middle)
    interval = None if bounds is None else Interval(low=math.exp(bounds.low), high=math.exp(bounds.high))
    noise = None if log_noise is None else math.expm1(log_noise)
    outcome, cause = _decide(ratio, interval, noise, terms)
    return SpeedVerdict(
        terms=terms,
        against="reference" if len(runs) == 1 else "baseline",
        outcome=outcome,
        cause=cause,
        clips=runs[0].clips,
        rounds=min(run.rounds for run in runs),
        unit=unit,
        ratio=ratio,
        interval=interval,
        noise=noise,
    )


def _decide(  # noqa: PLR0911 - a list of cases
    ratio: float | None, interval: Interval | None, noise: float | None, terms: SpeedTerms
) -> tuple[Outcome, Cause]:
    if ratio is None:
        return Outcome.UNDECIDED, "nothing"
    if interval is None:
        return Outcome.UNDECIDED, "few"
    if interval.high < terms.allowed:
        return Outcome.PASS, "within"
    if interval.low <= terms.allowed:
        return Outcome.UNDECIDED, "open"
    if not terms.interleaved:
        return Outcome.UNDECIDED, "apart"
    if noise is None:
        return Outcome.UNDECIDED, "noise unknown"
    if noise >= terms.noise_limit and interval.low < _far(noise, terms):
        return Outcome.UNDECIDED, "noise"
    return Outcome.FAIL, "exceeds"


def _far(noise: float, terms: SpeedTerms) -> float:
    """The ratio from which on no noise of this size explains it."""
    return terms.allowed * (1 + noise) ** FAR


def _ratio(verdict: SpeedVerdict) -> str:
    terms = verdict.terms
    text = f"{terms.model} takes {verdict.ratio:.2f} times as long as "
    text += terms.reference if verdict.against == "reference" else f"in the baseline, relative to {terms.reference}"
    if terms.clock == "process":
        text += ", in CPU time"
    if verdict.interval is None:
        return text
    if verdict.unit == "round":
        # The interval is over rounds: other clips may be slowed down otherwise.
        text += " on this one clip" if verdict.clips == 1 else f" on these {verdict.clips} clips"
    low, high = verdict.interval.low, verdict.interval.high
    side = {"within": f"at most {high:.2f}, 95% confidence", "open": f"90% CI {low:.2f} to {high:.2f}"}
    return f"{text} ({side.get(verdict.cause, f'at least {low:.2f}, 95% confidence')})"


def _noise(verdict: SpeedVerdict) -> str:
    if verdict.noise is None:
        return f"The noise of this run is unknown: it takes at least {LEAST_ROUNDS} rounds of every clip."
    return (
        f"Two halves of the rounds differ by {rate(verdict.noise)}; a failure needs less than "
        f"{rate(verdict.terms.noise_limit)}, or at least {_far(verdict.noise, verdict.terms):.2f} times as long. "
        "Run it again on a quieter machine or with more rounds."
    )
