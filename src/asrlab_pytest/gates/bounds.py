"""Which of several stated bounds applies, and which are missed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from asrlab_pytest.scoring.score import Score
from asrlab_pytest.thresholds import AnyThresholds, Thresholds
from asrlab_pytest.visible import harmless


class ThresholdExceeded(AssertionError):
    """A figure misses its bound. The score, where there is one, shows where the errors lie."""

    def __init__(self, message: str, score: Score | None = None) -> None:
        super().__init__(harmless(message))
        self.score = score


@dataclass(frozen=True, slots=True)
class Layer:
    """Thresholds and who stated them."""

    source: str
    thresholds: AnyThresholds


@dataclass(frozen=True, slots=True)
class Bound:
    """The bound that applies to one metric, and who stated it."""

    metric: str
    limit: float
    source: str


@dataclass(frozen=True, slots=True)
class Violation:
    """A bound, and the value that is on its wrong side."""

    bound: Bound
    value: float

    def __str__(self) -> str:
        metric = _METRICS[self.bound.metric]
        miss = "<" if metric.is_least else ">"
        value, limit = (metric.form.format(number) for number in (self.value, self.bound.limit))
        return f"{metric.label} {value} {miss} {limit} ({self.bound.source} threshold)"


@dataclass(frozen=True, slots=True)
class _Metric:
    """How a metric is named and written, and on which side of its bound it passes."""

    label: str
    form: str
    is_least: bool = False


_METRICS = {
    "wer": _Metric("WER", "{:.1%}"),
    "cer": _Metric("CER", "{:.1%}"),
    "rtf": _Metric("RTF", "{:.3f}"),
    "hallucinated_words": _Metric("hallucinated words", "{:g}"),
    "entity_recall": _Metric("entity recall", "{:.1%}", is_least=True),
    "entity_error_rate": _Metric("entity error rate", "{:.1%}"),
    "excess_wer": _Metric("excess WER", "{:.1%}"),
    "excess_cer": _Metric("excess CER", "{:.1%}"),
    "fact_recall": _Metric("fact recall", "{:.1%}", is_least=True),
    "forbidden_facts": _Metric("forbidden facts", "{:g}"),
    "first_token_s": _Metric("time to first text", "{:.3f} s"),
    "first_audio_s": _Metric("time to first audio", "{:.3f} s"),
    "speech_faults": _Metric("speech faults", "{:g}"),
}
TIMES = frozenset({"rtf", "first_token_s", "first_audio_s"})
"""Metrics that are times of one run on one machine, and say nothing of accuracy."""


def applicable(layers: Sequence[Layer], metrics: Sequence[str] = ()) -> list[Bound]:
    """The bound of each metric, from the first layer that states one.

    Args:
        layers: The strongest first, all of one task.
        metrics: Only these; all where it is empty.

    Raises:
        ValueError: the task has no such metric.
    """
    kind = type(layers[0].thresholds) if layers else Thresholds
    kind.refuse_unknown(metrics)
    bounds = []
    for metric in metrics or kind.metrics():
        for layer in layers:
            limit = getattr(layer.thresholds, metric)
            if limit is not None:
                bounds.append(Bound(metric, float(limit), layer.source))
                break
    return bounds


def violations(values: Mapping[str, float | None], bounds: Iterable[Bound]) -> list[Violation]:
    """The bounds that are missed. A value of None (nothing to measure) misses none."""
    judged = ((bound, values.get(bound.metric)) for bound in bounds)
    return [Violation(bound, value) for bound, value in judged if value is not None and _misses(value, bound)]


def _misses(value: float, bound: Bound) -> bool:
    return value < bound.limit if _METRICS[bound.metric].is_least else value > bound.limit
