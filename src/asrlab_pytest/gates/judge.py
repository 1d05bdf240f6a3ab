"""Which of several stated bounds applies, and which are exceeded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from asrlab_pytest.thresholds import METRIC_NAMES, Thresholds


@dataclass(frozen=True, slots=True)
class Layer:
    """Thresholds and who stated them."""

    source: str
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class Bound:
    """The bound that applies to one metric, and who stated it."""

    metric: str
    limit: float
    source: str


@dataclass(frozen=True, slots=True)
class Violation:
    """A bound, and the value that exceeds it."""

    bound: Bound
    value: float

    def __str__(self) -> str:
        metric = self.bound.metric
        value, limit = (_shown(metric, number) for number in (self.value, self.bound.limit))
        return f"{_LABELS[metric]} {value} exceeds {limit} (bound of the {self.bound.source})"


_LABELS = {"wer": "WER", "cer": "CER", "rtf": "RTF", "hallucinated_words": "hallucinated words"}


def _shown(metric: str, number: float) -> str:
    if metric in ("wer", "cer"):
        return f"{number:.1%}"
    return f"{number:g}" if metric == "hallucinated_words" else f"{number:.3f}"


def applicable(layers: Sequence[Layer], metrics: Sequence[str] = ()) -> list[Bound]:
    """The bound of each metric, from the first layer that states one.

    Args:
        layers: The strongest first.
        metrics: Only these; all where it is empty.

    Raises:
        ValueError: there is no such metric.
    """
    unknown = [metric for metric in metrics if metric not in METRIC_NAMES]
    if unknown:
        raise ValueError(f"no metric {unknown[0]!r}; there are {', '.join(METRIC_NAMES)}")
    bounds = []
    for metric in metrics or METRIC_NAMES:
        for layer in layers:
            limit = getattr(layer.thresholds, metric)
            if limit is not None:
                bounds.append(Bound(metric, float(limit), layer.source))
                break
    return bounds


def violations(values: Mapping[str, float | None], bounds: Iterable[Bound]) -> list[Violation]:
    """The bounds that are exceeded. A value of None (nothing to measure) exceeds none."""
    judged = ((bound, values.get(bound.metric)) for bound in bounds)
    return [Violation(bound, value) for bound, value in judged if value is not None and value > bound.limit]
