"""How a model stands beside the reference model, in one sentence for the scorecard."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from asrlab_pytest.gates.outcome import many, points, signed
from asrlab_pytest.gates.regression import Margin, PairedClip
from asrlab_pytest.scoring.change import Interval, pooled_ratio
from asrlab_pytest.scoring.intervals import CONFIDENCE, block_of, median_interval
from asrlab_pytest.scoring.p_values import sign_flip_p

_TAIL = (1 - CONFIDENCE) / 2
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
class Standing:
    """A model beside the reference model. Intervals are two-sided, of 95 %."""

    reference: str
    clips: int
    """Clips timed with both."""
    timing: Timing
    speed: Speed
    ratio: float | None
    """Median over the clips of the model's time over the reference's: below 1 is faster."""
    ratio_interval: Interval | None
    """Over the clips; None for fewer than six."""
    accuracy: Accuracy
    delta: float | None
    """WER minus the reference's, as a fraction: below 0 is better."""
    delta_interval: Interval | None

    def sentence(self) -> str:
        """Speed and accuracy in words; what the data do not show is said to be so."""
        return f"{_speed_words(self)}{_accuracy_words(self)}"


def compare(
    times: Sequence[PairedTime],
    errors: Sequence[PairedClip],
    *,
    reference: str,
    timing: Timing,
    margin: Margin | None = None,
) -> Standing:
    """Set a model against the reference model.

    Faster or slower is claimed where the interval of the median log-ratio over the clips (order statistics) leaves out
    0, and as fast where it lies within 2 %. Better or worse is claimed where the interval of the change in pooled WER
    leaves out 0, and sign flips do, too. Accuracy is identical where every clip has as many errors with both, and the
    same where the interval lies within the margin on both sides.

    Args:
        times: Of the clips that both transcribed.
        errors: Of the clips that both transcribed; the baseline's are the reference model's.
        reference: The reference model's id.
        timing: How the models were timed. Where not in turn, the interval knows nothing of a machine that was busier
            with one of them, and the sentence says so; where the machine is known to have been, nothing is claimed.
        margin: Differences that do not matter; the default of the accuracy gate where it is None.
    """
    ratios = [math.log(one.model_s / one.reference_s) for one in times]
    bounds = median_interval(ratios, _TAIL)
    spoken = [one for one in errors if one.words]
    change = pooled_ratio(
        (block_of(one.clip, one.group), one.errors - one.baseline_errors, one.words) for one in spoken
    )
    delta_interval = change.t_bounds(_TAIL)
    return Standing(
        reference=reference,
        clips=len(times),
        timing=timing,
        speed=("unclear" if timing.endswith("busy") else _speed(bounds)) if times else "nothing",
        ratio=math.exp(median(ratios)) if ratios else None,
        ratio_interval=None if bounds is None else Interval(low=math.exp(bounds.low), high=math.exp(bounds.high)),
        accuracy=_accuracy(spoken, delta_interval, margin or Margin()),
        delta=change.estimate,
        delta_interval=delta_interval,
    )


def _speed(bounds: Interval | None) -> Speed:
    if bounds is None:
        return "unclear"
    if max(abs(bounds.low), abs(bounds.high)) < _AS_FAST:
        return "same"
    if 0 in bounds:
        return "unclear"
    return "faster" if bounds.high < 0 else "slower"


def _accuracy(spoken: Sequence[PairedClip], interval: Interval | None, margin: Margin) -> Accuracy:
    if not spoken:
        return "nothing"
    if all(one.errors == one.baseline_errors for one in spoken):
        return "identical"
    if interval is None:
        return "unclear"
    allowed = margin.of(sum(one.baseline_errors for one in spoken) / sum(one.words for one in spoken))
    if -allowed < interval.low and interval.high < allowed:
        return "same"
    worse = _block_differences(spoken)
    if interval.low > 0 and sign_flip_p(worse) <= _TAIL:
        return "worse"
    better = [-difference for difference in worse]
    return "better" if interval.high < 0 and sign_flip_p(better) <= _TAIL else "unclear"


def _block_differences(spoken: Sequence[PairedClip]) -> list[int]:
    sums: dict[tuple[str, str], int] = {}
    for one in spoken:
        block = block_of(one.clip, one.group)
        sums[block] = sums.get(block, 0) + one.errors - one.baseline_errors
    return list(sums.values())


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
    if standing.accuracy == "nothing" or standing.delta is None:
        return "; no accuracy to compare"
    if standing.accuracy == "identical":
        return " with identical accuracy"
    size = points(abs(standing.delta))
    figure = f"WER {signed(points(standing.delta))} points"
    if standing.delta_interval is None:
        return f"; the clips cannot tell whether it is as accurate ({figure})"
    low, high = points(standing.delta_interval.low), points(standing.delta_interval.high)
    span = f"95% {signed(low)} to {signed(high)}"
    texts = {
        "same": f" with the same accuracy ({figure}, {span})",
        "better": f" and more accurate: WER lower by {size} points ({span})",
        "worse": f" but less accurate: WER higher by {size} points ({span})",
    }
    return texts.get(standing.accuracy, f"; whether it is as accurate, the data do not show ({figure}, {span})")
