"""Lines below a table of models on the terminal, the same for every task."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from asrlab_pytest.report.layout import LABEL, Screen, short, some, write_table
from asrlab_pytest.report.stated_languages import STATE_IT, unstated_sentence
from asrlab_pytest.report.worst import Worst
from asrlab_pytest.scoring.intervals import RateUncertainty
from asrlab_pytest.wording import many

_ITEM = 20


class UnreadRow(Protocol):
    """A model, and what gave no observation of it."""

    @property
    def model(self) -> str: ...
    @property
    def unread(self) -> Iterable[str]: ...


def unread(rows: Iterable[UnreadRow], noun: str = "clip") -> list[str]:
    """The samples that gave no result, a sentence for each model that has any."""
    clips_of = ((row.model, list(row.unread)) for row in rows)
    return [f"{short(model)}: {many(len(items), noun)} ({some(items)})" for model, items in clips_of if items]


def fewer_clips(fewer: Mapping[str, int], clips: int, noun: str = "clip") -> list[str]:
    """Which models have results of only some of the samples, a sentence for each number of samples.

    Args:
        fewer: The number of such a model's samples, by model id.
        clips: How many there are.
        noun: What they are.
    """
    models_of: dict[int, list[str]] = {}
    for model, count in fewer.items():
        models_of.setdefault(count, []).append(model)
    return [f"{some(models)}: {count:,} of the {clips:,} {noun}s" for count, models in models_of.items()]


def kept_away(excluded: Sequence[str]) -> list[str]:
    """How many clips the audit excluded, and which; empty if none."""
    return [f"{many(len(excluded), 'clip')} excluded by the audit ({some(excluded)})"] if excluded else []


class Tallied(Protocol):
    """What is known about a WER."""

    @property
    def wer_uncertainty(self) -> RateUncertainty | None: ...


def without_interval(ran: Iterable[tuple[str, Tallied]]) -> list[str]:
    """Which models have no interval because one clip has most of the words, a sentence for each such clip."""
    models_of: dict[str, list[str]] = {}
    for model, figures in ran:
        uncertainty = figures.wer_uncertainty
        if uncertainty is not None and uncertainty.longest is not None and uncertainty.most_wrong is None:
            models_of.setdefault(uncertainty.why_none, []).append(model)
    return [f"{some(models)}: none, {why}" for why, models in models_of.items()]


def unstated(without_language: int, noun: str = "clip") -> list[str]:
    """How many samples state no language, and what to do about it; nothing where all do."""
    return [f"{unstated_sentence(without_language, noun)}; {STATE_IT}"] if without_language else []


def write_worst(
    screen: Screen, worst: Worst, noun: str = "clip", whose: Callable[[Sequence[str]], str] | None = None
) -> None:
    """Where the most was misheard.

    Args:
        screen: Where to.
        worst: The samples.
        noun: What they are.
        whose: Names the models that misheard one; None if there is one model alone.
    """
    rows = [
        [short(clip.clip, _ITEM), f"{clip.rate:>4.0%}", *([whose(clip.models)] if whose else []), clip.misheard]
        for clip in worst.clips
    ]
    write_table(screen, "worst", rows)
    if worst.more:
        screen.write_line(f"{'':<{LABEL}}and {many(worst.more, f'more {noun}')} with errors")
