"""Bounds that a person states, for a clip, a model, a mark or a project."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The largest value that passes for each metric, the least for `entity_recall`; None where there is no bound.

    Raises:
        ValueError: a bound is negative or not a number.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    wer: float | None = None
    """Word error rate, as a fraction."""
    cer: float | None = None
    """Character error rate, as a fraction."""
    rtf: float | None = None
    """Real-time factor: processing time over audio time."""
    hallucinated_words: int | None = None
    """Words written where the reference is empty."""
    entity_recall: float | None = None
    """Of the entities that were said, the part that arrived; the least that passes."""
    entity_error_rate: float | None = None
    """Entities substituted, missed or invented, over those that were said."""

    def __post_init__(self) -> None:
        for metric in METRIC_NAMES:
            limit = getattr(self, metric)
            if limit is not None and not (isinstance(limit, (int, float)) and limit >= 0):
                msg = f"{metric} must be a number from 0 up, not {limit!r}"
                raise ValueError(msg)


METRIC_NAMES = tuple(field.name for field in fields(Thresholds))
