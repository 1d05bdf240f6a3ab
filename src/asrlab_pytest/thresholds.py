"""Bounds that a person states, for a clip, a model, a mark or a project."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import ClassVar

from asrlab_pytest.tasks import LABELS
from asrlab_pytest.validation import STRICT

_RATES = frozenset({"wer", "cer", "excess_wer", "excess_cer", "entity_error_rate"})
"""Metrics that are error rates, as fractions."""
_RECALLS = frozenset({"entity_recall", "fact_recall"})
"""Metrics that are at most 1, as fractions, of which the smallest value that passes is stated."""
_LARGEST = 2.0
"""Above it an error rate can only be meant as a percentage."""


def metric_names() -> tuple[str, ...]:
    """Every metric that some table of thresholds may name."""
    tables = (Thresholds, SpeechThresholds, DialogueThresholds)
    return tuple({metric: None for table in tables for metric in table.metrics()})


def percentage(metric: str, limit: float) -> str:
    """What a rate above 1 says, and how the percentage that may be meant is written."""
    return f"{metric} = {limit:g} is {limit:.0%}; write {limit / 100:g} for {limit:g}%"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounds:
    """Bounds on some metrics; None if there is none.

    Raises:
        ValueError: a bound is negative, not a number, or a rate that can only be meant as a percentage.
    """

    __pydantic_config__ = STRICT
    task: ClassVar[str]
    """What its metrics are of."""

    def __post_init__(self) -> None:
        for metric in self.metrics():
            limit = getattr(self, metric)
            if limit is not None and not _is_limit(limit):
                raise ValueError(f"{metric} must be a number from 0 up, not {limit!r}")
            largest = _LARGEST if metric in _RATES else 1 if metric in _RECALLS else math.inf
            if limit is not None and limit > largest:
                raise ValueError(percentage(metric, limit))

    @classmethod
    @cache
    def metrics(cls) -> tuple[str, ...]:
        """Names of the metrics that can have a bound."""
        return tuple(metric.name for metric in fields(cls))

    @classmethod
    def refuse_unknown(cls, metrics: Iterable[str]) -> None:
        """Raises ValueError, with the known metrics, if one is not the task's."""
        known = cls.metrics()
        for metric in metrics:
            if metric not in known:
                raise ValueError(f"no metric {metric!r} of {LABELS[cls.task]}; there are {', '.join(known)}")


def _is_limit(limit: object) -> bool:
    """Whether it is a valid bound: a mark may hold any object, and infinity would never fail."""
    return isinstance(limit, (int, float)) and not isinstance(limit, bool) and limit >= 0 and math.isfinite(limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds(_Bounds):
    """Of speech recognition: the largest value that passes for each metric, the least for `entity_recall`."""

    task: ClassVar[str] = "asr"

    wer: float | None = None
    """Word error rate, as a fraction."""
    cer: float | None = None
    """Character error rate, as a fraction."""
    rtf: float | None = None
    """Real-time factor: processing time over audio time."""
    hallucinated_words: int | None = None
    """Words written where the reference is empty."""
    entity_recall: float | None = None
    """Entities recognized, of those said; the smallest value that passes."""
    entity_error_rate: float | None = None
    """Entities substituted, missed or invented, over those that were said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechThresholds(_Bounds):
    """Of speech synthesis: the largest value that passes for each metric, the least for `entity_recall`."""

    task: ClassVar[str] = "tts"

    wer: float | None = None
    """Word error rate of what the judge heard, as a fraction."""
    cer: float | None = None
    """Character error rate of what the judge heard, as a fraction."""
    excess_wer: float | None = None
    """Word error rate of the judge on the speech, minus its own on the recording of the same text."""
    excess_cer: float | None = None
    """Character error rate of the judge on the speech, minus its own on the recording of the same text."""
    entity_recall: float | None = None
    """Entities that the judge heard, of those in the text; the smallest value that passes."""
    entity_error_rate: float | None = None
    """Entities substituted, missed or invented by what the judge heard, over those of the text."""
    rtf: float | None = None
    """Real-time factor: processing time over the length of the speech."""
    first_audio_s: float | None = None
    """Seconds until the first speech can be played."""
    speech_faults: int | None = None
    """What is wrong with the sound itself: clipping, silence, repetition, a length that cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueThresholds(_Bounds):
    """Of conversation: the largest value that passes for each metric, the least for `fact_recall`."""

    task: ClassVar[str] = "conversation"

    fact_recall: float | None = None
    """Facts said, of those that must be said; the smallest value that passes."""
    forbidden_facts: int | None = None
    """What the answers say although they must not."""
    wer: float | None = None
    """Word error rate of what the judge heard against the text that the model wrote, as a fraction."""
    cer: float | None = None
    """Character error rate of what the judge heard against the text that the model wrote, as a fraction."""
    rtf: float | None = None
    """Real-time factor: processing time over the length of the speech."""
    first_token_s: float | None = None
    """Seconds from the end of a question until the first text; of the slowest turn."""
    first_audio_s: float | None = None
    """Seconds from the end of a question until the first speech can be played; of the slowest turn."""
    speech_faults: int | None = None
    """What is wrong with the sound itself: clipping, silence, repetition, a length that cannot be."""


AnyThresholds = Thresholds | SpeechThresholds | DialogueThresholds
OF_TASK: Mapping[str, type[AnyThresholds]] = {
    "asr": Thresholds,
    "tts": SpeechThresholds,
    "conversation": DialogueThresholds,
}


def doubtful(bounds: AnyThresholds) -> list[str]:
    """Error rates above 100 %, which are possible and seldom meant, in words."""
    limits = ((metric, getattr(bounds, metric)) for metric in bounds.metrics() if metric in _RATES)
    return [percentage(metric, limit) for metric, limit in limits if limit is not None and limit > 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisBounds:
    """Bounds on speech synthesis, as a table has them."""

    __pydantic_config__ = STRICT

    thresholds: SpeechThresholds = field(default_factory=SpeechThresholds)
    """On each prompt."""
    corpus_thresholds: SpeechThresholds = field(default_factory=SpeechThresholds)
    """On the pooled figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationBounds:
    """Bounds on conversation, as a table has them."""

    __pydantic_config__ = STRICT

    thresholds: DialogueThresholds = field(default_factory=DialogueThresholds)
    """On each dialogue."""
    corpus_thresholds: DialogueThresholds = field(default_factory=DialogueThresholds)
    """On the pooled figures."""
