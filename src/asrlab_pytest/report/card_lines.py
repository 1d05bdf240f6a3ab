"""Lines below a table of models on the terminal, the same for every task."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from asrlab_pytest.hints import runnable
from asrlab_pytest.report.layout import LABEL, WIDTH, short, some, write_answers, write_table
from asrlab_pytest.report.model_row import ModelRow
from asrlab_pytest.report.scorecard import Figures
from asrlab_pytest.report.stated_languages import STATE_IT, unstated_sentence
from asrlab_pytest.report.worst import Worst
from asrlab_pytest.visible import Screen
from asrlab_pytest.wording import FAILED_DOWNLOAD, many

_ITEM = 20
_MOST = 8
"""How many models are listed."""
_PLAIN = ("weights missing", "package missing")
"""Statuses that say why, where the hint says how."""
_SHOWN_REASONS = ("licence", FAILED_DOWNLOAD)
"""Words in a reason that no hint may hide: it asks for consent, or is the only place that says what went wrong."""


def unread(rows: Iterable[ModelRow], noun: str = "clip") -> list[str]:
    """The samples that gave no result, a sentence for each model that has any."""
    return [f"{short(row.model)}: {many(len(row.unread), noun)} ({some(row.unread)})" for row in rows if row.unread]


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


def without_reference(absent: str | None) -> list[str]:
    """Why no model is compared with the reference model; nothing if that one ran."""
    return [f"no comparison: {absent} did not run (choose another with --asr-reference)"] if absent else []


def kept_away(excluded: Sequence[str]) -> list[str]:
    """How many clips the audit excluded, and which; empty if none."""
    return [f"{many(len(excluded), 'clip')} excluded by the audit ({some(excluded)})"] if excluded else []


def without_interval(ran: Iterable[tuple[str, Figures]]) -> list[str]:
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


def write_not_run(screen: Screen, rows: Sequence[ModelRow]) -> None:
    """A line for each model that did not run: its name, its status and the hint, or the reason where that says more."""
    idle = [row for row in rows if row.is_idle]
    if not idle:
        return
    shown = idle[:_MOST]
    widths = [max(len(short(row.model)) for row in shown), max(len(row.status) for row in shown)]
    for place, row in enumerate(shown):
        cells = [short(row.model).ljust(widths[0]), row.status.ljust(widths[1])]
        start = f"{'' if place else 'not run':<{LABEL}}{'  '.join(cells)}"
        _write_idle(screen, start, row)
    if len(idle) > _MOST:
        write_answers(screen, "", [f"and {len(idle) - _MOST} more: {runnable('asrlab models')}"])


def _write_idle(screen: Screen, start: str, row: ModelRow) -> None:
    """One line where the hint says all and fits; else what is wrong below, then the hint."""
    command = runnable(row.hint)
    line = f"{start}  {command}".rstrip()
    is_plain = row.status in _PLAIN and not any(words in row.reason for words in _SHOWN_REASONS)
    if is_plain and command and len(line) <= WIDTH:
        screen.write_line(line, yellow=True)
        return
    screen.write_line(start.rstrip(), yellow=True)
    reason = "" if is_plain and command else row.reason
    write_answers(screen, "", filter(None, [reason, f"hint: {command}" if command else ""]))
