"""How a model is next to the reference model: accuracy in one sentence, and speed in another."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Literal

from asrlab_pytest.gates.outcome import Outcome, points, signed
from asrlab_pytest.gates.regression import AccuracyVerdict
from asrlab_pytest.gates.regression_words import are_too_few, too_few, without_group
from asrlab_pytest.scoring.change import Interval
from asrlab_pytest.scoring.intervals import interpolated_median_interval
from asrlab_pytest.wording import many

_TWICE = 2.0
"""From here on a ratio is easier to read as a number of times than as a percentage."""
_HUNDRED = 99.95
"""What is 100 with one decimal."""
_AS_FAST = math.log(1.02)
"""A negligible difference in time: if the interval lies within it, the models are equally fast."""

Accuracy = Literal["identical", "same", "better", "worse", "unclear", "nothing"]
Timing = Literal["in turn", "in turn, busy", "one after the other"]
"""How two models were timed: clip by clip in turn (on a quiet or busy machine), or separately."""
_TIMED: dict[Timing, str] = {
    "in turn": "timed in turn",
    "in turn, busy": "timed in turn on a busy machine, which slows models with many threads more",
    "one after the other": "not timed in turn",
}
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
    ratio: float = 0.0
    """Model over reference, the median over rounds in turn, as in the speed gate; by default that of both medians."""

    def __post_init__(self) -> None:
        if not (0 < self.model_s < math.inf and 0 < self.reference_s < math.inf):
            raise ValueError(f"a time of the clip {self.clip!r} is not above 0")
        object.__setattr__(self, "ratio", self.ratio or self.model_s / self.reference_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class BothWays:
    """The accuracy gate's verdicts on the WER of a model against the reference model, and the other way round."""

    model: AccuracyVerdict
    """FAIL where the model is less accurate."""
    reference: AccuracyVerdict
    """FAIL where the model is more accurate."""
    same_texts: int = 0
    """Clips on which both wrote the same words, as they are compared."""

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
    """A model compared with the reference model."""

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
    """What the accuracy gate says of the model against the reference model; None if there is nothing to compare."""
    same_texts: int = 0
    """Clips on which both wrote the same words, as they are compared."""
    common: int | None = None
    """Clips that both transcribed, where one of them transcribed others as well."""

    @property
    def is_of_a_busy_machine(self) -> bool:
        """Whether the ratio is not that of a quiet machine."""
        return self.timing == "in turn, busy"

    def speed_sentence(self, *, names_reference: bool = True) -> str:
        """The speed in words; what the data do not show is said to be so."""
        reference, ratio, interval = self.reference if names_reference else "", self.ratio, self.ratio_interval
        if ratio is None:
            return f"not timed against {self.reference}"
        how = _TIMED[self.timing]
        if interval is None:
            few = f"on {many(self.clips, 'clip')}, too few for an interval"
            return f"{_times(ratio, reference)} {few}, {how}"
        if self.speed in {"same", "unclear"}:
            claim = "as fast" if self.speed == "same" else "no measurable difference in time"
            other = _beside("as" if self.speed == "same" else "from", reference)
            return f"{claim}{other} (95% CI {_percent(interval.low)} to {_percent(interval.high)}), {how}"
        return f"{_times(ratio, reference)} ({_times_interval(ratio, interval)}), {how}"

    def accuracy_sentence(self, *, names_reference: bool = True) -> str:
        """The accuracy in words; no interval is next to a sentence that denies it."""
        if self.accuracy == "nothing" or self.verdict is None or self.verdict.delta is None:
            return "no clip has a reference to compare with"
        # Their rows in the table are of all of their clips, and differ by something else.
        common = "" if self.common is None else f", on the {many(self.common, 'clip')} that both transcribed"
        return _claim(self, self.verdict, self.reference if names_reference else "") + common


def compare(
    times: Iterable[PairedTime],
    accuracy: BothWays | None,
    *,
    reference: str,
    timing: Timing,
    common: int | None = None,
) -> Standing:
    """Set a model against the reference model.

    Faster or slower is claimed where the interval of the median log-ratio over the clips (interpolated order
    statistics) leaves out 0, and as fast where it lies within 2 %. Better or worse is claimed where the accuracy gate
    fails one of them against the other, by the same rule and in the same family as in `asrlab compare`.

    Args:
        times: Of the clips that both transcribed.
        accuracy: What the accuracy gate says; None if no clip has a reference.
        reference: The reference model's id.
        timing: How the models were timed. Where not in turn, the interval knows nothing of a machine that was busier
            with one of them, and the sentence says so.
        common: How many clips both transcribed, where one of them transcribed others as well.
    """
    ratios = array("d", (math.log(pair.ratio) for pair in times))
    bounds = interpolated_median_interval(ratios)
    return Standing(
        reference=reference,
        clips=len(ratios),
        timing=timing,
        speed=_speed(bounds) if ratios else "nothing",
        ratio=math.exp(median(ratios)) if ratios else None,
        ratio_interval=None if bounds is None else Interval(low=math.exp(bounds.low), high=math.exp(bounds.high)),
        accuracy="nothing" if accuracy is None else accuracy.accuracy,
        verdict=None if accuracy is None else accuracy.model,
        same_texts=0 if accuracy is None else accuracy.same_texts,
        common=common,
    )


def _speed(bounds: Interval | None) -> Speed:
    if bounds is None:
        return "unclear"
    if max(abs(bounds.low), abs(bounds.high)) < _AS_FAST:
        return "same"
    if 0 in bounds:
        return "unclear"
    return "faster" if bounds.high < 0 else "slower"


def _beside(word: str, reference: str) -> str:
    return f" {word} {reference}" if reference else ""


def _times(ratio: float, reference: str) -> str:
    """A percentage is of the reference's time: "50% faster" takes half of it."""
    if ratio * _TWICE < 1:
        return f"{_rounded(1 / ratio)} times as fast{_beside('as', reference)}"
    if ratio >= _TWICE:
        return f"{_rounded(ratio)} times as slow{_beside('as', reference)}"
    return f"{abs(1 - ratio):.0%} {'faster' if ratio < 1 else 'slower'}{_beside('than', reference)}"


def _rounded(times: float) -> str:
    """A number of times with three significant digits at most."""
    return f"{times:.1f}" if times < _HUNDRED else f"{float(f'{times:.3g}'):,.0f}"


def _times_interval(ratio: float, interval: Interval) -> str:
    low, high = interval.low, interval.high
    if ratio * _TWICE < 1:
        return f"95% CI {_rounded(1 / high)} to {_rounded(1 / low)}"
    if ratio >= _TWICE:
        return f"95% CI {_rounded(low)} to {_rounded(high)}"
    ends = sorted((abs(1 - low), abs(1 - high)))
    return f"95% CI {100 * ends[0]:.0f} to {100 * ends[1]:.0f}"


def _percent(ratio: float) -> str:
    return f"{signed(f'{100 * (ratio - 1):.0f}')}%"


def _claim(standing: Standing, verdict: AccuracyVerdict, reference: str) -> str:
    delta = verdict.delta or 0.0
    if standing.accuracy == "identical":
        return _identical(standing, verdict)
    if standing.accuracy == "same":
        return f"no measurable difference{_beside('from', reference)}{_same(verdict)}"
    if standing.accuracy == "unclear":
        return f"WER {signed(points(delta))} points, but {_few(verdict)}"
    size = points(abs(delta))
    return f"{standing.accuracy}{_beside('than', reference)} by {size} points{_sure(verdict)}{_scope(verdict)}"


def _identical(standing: Standing, verdict: AccuracyVerdict) -> str:
    if standing.same_texts == verdict.clips:
        return f"same text as {standing.reference} in {verdict.clips} of {many(verdict.clips, 'clip')}"
    return (
        f"same number of errors as {standing.reference} in every clip, "
        f"same text in {standing.same_texts} of {many(verdict.clips, 'clip')}"
    )


def _few(verdict: AccuracyVerdict) -> str:
    if verdict.groups is None:
        return too_few(verdict)
    return are_too_few(many(verdict.groups, "speaker") + without_group(verdict))


def _same(verdict: AccuracyVerdict) -> str:
    """The interval, where the difference may be none."""
    interval = verdict.interval_95
    if interval is None or 0 not in interval:
        return f" (WER {signed(points(verdict.delta or 0.0))} points)"
    low, high = (signed(points(bound)) for bound in (interval.low, interval.high))
    return f" (95% CI {low} to {high} points)"


def _sure(verdict: AccuracyVerdict) -> str:
    """The interval on the side of the claim; where only its near end is known to lie there, that end."""
    both, one_sided = verdict.interval_95, verdict.interval
    if both is not None and 0 not in both:
        low, high = sorted((abs(both.low), abs(both.high)))
        return f" (95% CI {points(low)} to {points(high)})"
    if one_sided is None or 0 in one_sided:
        return ""
    return f" (at least {points(min(abs(one_sided.low), abs(one_sided.high)))}, 95% confidence)"


def _scope(verdict: AccuracyVerdict) -> str:
    """The speakers that the result applies to, if there are too few groups to generalize."""
    if verdict.groups is None:
        return ""
    speakers = "this one speaker" if verdict.groups == 1 else f"these {verdict.groups} speakers"
    return f" for {speakers}{without_group(verdict)}"
