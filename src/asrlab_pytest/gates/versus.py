"""How a model stands beside the reference model, in one sentence for the scorecard."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from asrlab_pytest.gates.outcome import Outcome, many, points, signed
from asrlab_pytest.gates.regression import AccuracyVerdict
from asrlab_pytest.scoring.change import Interval
from asrlab_pytest.scoring.intervals import interpolated_median_interval

_TWICE = 2.0
"""From here on a ratio is easier to read as a number of times than as a percentage."""
_AS_FAST = math.log(1.02)
"""A difference in time that nobody feels: where the interval lies within it, the models are as fast."""

Accuracy = Literal["identical", "same", "better", "worse", "unclear", "nothing"]
Timing = Literal["in turn", "one after the other", "one after the other, busy"]
"""How two models were timed: clip by clip in turn, or each by itself, also on a machine that had more to do."""
Speed = Literal["same", "faster", "slower", "unclear", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedTime:
    """What one clip took with both models, in seconds above 0: the median over the rounds of each.

    Raises:
        ValueError: a time is not above 0.
    """

    clip: str
    model_s: float
    reference_s: float

    def __post_init__(self) -> None:
        if not (0 < self.model_s < math.inf and 0 < self.reference_s < math.inf):
            raise ValueError(f"a time of the clip {self.clip!r} is not above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class BothWays:
    """The accuracy gate's verdicts on the WER of a model against the reference model, and the other way round."""

    model: AccuracyVerdict
    """FAIL where the model is less accurate."""
    reference: AccuracyVerdict
    """FAIL where the model is more accurate."""

    @property
    def accuracy(self) -> Accuracy:
        outcomes = (self.model.outcome, self.reference.outcome)
        if self.model.delta is None:
            return "nothing"
        if not self.model.worse and not self.model.better:
            return "identical"
        if Outcome.FAIL in outcomes:
            return "worse" if self.model.outcome is Outcome.FAIL else "better"
        return "unclear" if Outcome.UNDECIDED in outcomes else "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A model beside the reference model."""

    reference: str
    clips: int
    """Clips timed with both."""
    timing: Timing
    speed: Speed
    ratio: float | None
    """Median over the clips of the model's time over the reference's: below 1 is faster."""
    ratio_interval: Interval | None
    """Two-sided, of 95 %, over the clips; None for fewer than six."""
    accuracy: Accuracy
    verdict: AccuracyVerdict | None
    """What the accuracy gate says of the model against the reference model; None where there is nothing to compare."""

    def sentence(self) -> str:
        """Speed and accuracy in words; what the data do not show is said to be so."""
        return f"{_speed_words(self)}{_accuracy_words(self)}"


def compare(times: Sequence[PairedTime], accuracy: BothWays | None, *, reference: str, timing: Timing) -> Standing:
    """Set a model against the reference model.

    Faster or slower is claimed where the interval of the median log-ratio over the clips (interpolated order
    statistics) leaves out 0, and as fast where it lies within 2 %. Better or worse is claimed where the accuracy gate
    fails one of them against the other, by the same rule and in the same family as in `asrlab compare`.

    Args:
        times: Of the clips that both transcribed.
        accuracy: What the accuracy gate says; None where no clip has a reference.
        reference: The reference model's id.
        timing: How the models were timed. Where not in turn, the interval knows nothing of a machine that was busier
            with one of them, and the sentence says so; where the machine is known to have been, nothing is claimed.
    """
    ratios = [math.log(one.model_s / one.reference_s) for one in times]
    bounds = interpolated_median_interval(ratios)
    return Standing(
        reference=reference,
        clips=len(times),
        timing=timing,
        speed=("unclear" if timing.endswith("busy") else _speed(bounds)) if times else "nothing",
        ratio=math.exp(median(ratios)) if ratios else None,
        ratio_interval=None if bounds is None else Interval(low=math.exp(bounds.low), high=math.exp(bounds.high)),
        accuracy="nothing" if accuracy is None else accuracy.accuracy,
        verdict=None if accuracy is None else accuracy.model,
    )


def _speed(bounds: Interval | None) -> Speed:
    if bounds is None:
        return "unclear"
    if max(abs(bounds.low), abs(bounds.high)) < _AS_FAST:
        return "same"
    if 0 in bounds:
        return "unclear"
    return "faster" if bounds.high < 0 else "slower"


def _speed_words(standing: Standing) -> str:
    reference, ratio, interval = standing.reference, standing.ratio, standing.ratio_interval
    if ratio is None:
        return f"Not timed beside {reference}"
    if standing.timing.endswith("busy"):
        return f"Not compared with {reference} in speed (timed one after the other on a busy machine)"
    if interval is None:
        return f"On {many(standing.clips, 'clip')}, too few for an interval, {_times(ratio, reference)}"
    how = "" if standing.timing == "in turn" else "; timed one after the other"
    if standing.speed in {"same", "unclear"}:
        claim = "As fast as" if standing.speed == "same" else "Not shown to be faster or slower than"
        return f"{claim} {reference} (95% of time: {_percent(interval.low)} to {_percent(interval.high)}{how})"
    return f"{_times(ratio, reference)} ({_times_interval(ratio, interval)}{how})"


def _times(ratio: float, reference: str) -> str:
    """A percentage is of the reference's time: "50% faster" takes half of it."""
    if ratio * _TWICE < 1:
        return f"{1 / ratio:.1f} times as fast as {reference}"
    if ratio >= _TWICE:
        return f"{ratio:.1f} times as slow as {reference}"
    return f"{abs(1 - ratio):.0%} {'faster' if ratio < 1 else 'slower'} than {reference}"


def _times_interval(ratio: float, interval: Interval) -> str:
    low, high = interval.low, interval.high
    if ratio * _TWICE < 1:
        return f"95% {1 / high:.1f} to {1 / low:.1f}"
    if ratio >= _TWICE:
        return f"95% {low:.1f} to {high:.1f}"
    ends = sorted((abs(1 - low), abs(1 - high)))
    return f"95% {100 * ends[0]:.0f} to {100 * ends[1]:.0f}"


def _percent(ratio: float) -> str:
    return f"{signed(f'{100 * (ratio - 1):.0f}')}%"


def _accuracy_words(standing: Standing) -> str:
    verdict = standing.verdict
    if standing.accuracy == "nothing" or verdict is None or verdict.delta is None:
        return "; no accuracy to compare"
    if standing.accuracy == "identical":
        return " with identical accuracy"
    size, figure = points(abs(verdict.delta)), f"WER {signed(points(verdict.delta))} points"
    notes = [*_span(verdict), *_scope(verdict)]
    beside = f" ({', '.join(notes)})" if notes else ""
    texts = {
        "same": f" with no measurable difference in accuracy ({', '.join([figure, *notes])})",
        "better": f" and more accurate: WER lower by {size} points{beside}",
        "worse": f" but less accurate: WER higher by {size} points{beside}",
    }
    unclear = f"; whether it is as accurate, the data do not show ({', '.join([figure, *notes])})"
    return texts.get(standing.accuracy, unclear)


def _span(verdict: AccuracyVerdict) -> list[str]:
    if verdict.interval is None:
        return []
    low, high = (signed(points(bound)) for bound in (verdict.interval.low, verdict.interval.high))
    return [f"90% interval {low} to {high}"]


def _scope(verdict: AccuracyVerdict) -> list[str]:
    """For whom it holds, where the groups are too few to speak of others."""
    if verdict.groups is None:
        return []
    groups = "on this one group" if verdict.groups == 1 else f"on these {verdict.groups} groups"
    return [groups + (f" and {many(verdict.ungrouped, 'clip')} without one" if verdict.ungrouped else "")]
