"""Writes what models that speak came to, within 80 columns, to pytest's own terminal or to any other screen."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from asrlab_pytest.gates.outcome import many
from asrlab_pytest.models.spec import NOUNS
from asrlab_pytest.report.spoken_card import SpokenCard, SpokenFigures, SpokenRow
from asrlab_pytest.report.terminal import Screen, percent, short, state_heading, state_line, write_without_language
from asrlab_pytest.scoring.spoken import PooledDialogues, PooledSpeech

_PROMPTS = "{:<24} {:>7} {:>7} {:>7} {:>7} {:>8} {:>7} {:>6}"
_DIALOGUES = "{:<24} {:>9} {:>6} {:>6} {:>8} {:>8} {:>7} {:>5}"
_WIDTH = 80
_SOME = 5
"""How many faults and facts of a model are told."""


def write_spoken(screen: Screen, card: SpokenCard) -> None:
    """Two tables: figures of the models that ran, then load, memory, device and status of all; then notes."""
    screen.section(f"asrlab {card.task}", sep="=", bold=True)
    ran = [(row.model, row.figures) for row in card.rows if row.figures is not None]
    if ran:
        screen.write_line(_heading(card), bold=True)
        for model, figures in ran:
            screen.write_line(_line(model, figures))
        screen.write_line("")
    screen.write_line(state_heading(), bold=True)
    for row in card.rows:
        screen.write_line(_state(row), **({} if row.status in ("ready", "recorded") else {"yellow": True}))
    _write_notes(screen, card)


def _write_notes(screen: Screen, card: SpokenCard) -> None:
    for row in card.rows:
        if row.status not in ("ready", "recorded") and row.mend:
            screen.write_line(f"{row.model}: {row.reason}")
            screen.write_line(f"  mend: {row.mend}")
    ran = [(row.model, row.figures) for row in card.rows if row.figures is not None]
    for model, figures in ran:
        for line in notes(figures):
            for part in wrap(f"{short(model)}: {line}", _WIDTH, subsequent_indent="  "):
                screen.write_line(part)
    if ran:
        screen.write_line(
            f"{card.items}; heard by {', '.join(sorted({one for _, each in ran for one in each.judges}))}"
        )
        write_without_language(screen, card.without_language, NOUNS[card.task])
        for signature in sorted({one for _, each in ran for one in each.normalizations}):
            screen.write_line(f"normalization {signature}")


def notes(figures: SpokenFigures) -> Iterator[str]:
    """What the table has no room for, in sentences."""
    score = figures.score
    heard = score.heard if isinstance(score, PooledSpeech) else score.agreement
    if figures.recorded:
        yield f"speech and times of {figures.recorded} of {figures.items} recorded"
    if figures.again:
        same = figures.again - len(figures.differing)
        named = f" (not {', '.join(map(short, figures.differing[:_SOME]))})" if figures.differing else ""
        yield f"the same speech each time for {same} of {figures.again}{named}"
    if figures.wer_interval is not None:
        low, high = percent(figures.wer_interval.low), percent(figures.wer_interval.high)
        yield f"WER {percent(heard.wer)}, 95% interval {low} to {high}"
    yield from _of_prompts(score) if isinstance(score, PooledSpeech) else _of_dialogues(score)
    counts = figures.entities.counts
    if counts.hits + counts.errors:
        yield (
            f"entities: recall {percent(counts.recall)}, error rate {percent(counts.error_rate)}, "
            f"N {counts.reference_length}"
        )
    for item, told in figures.facts[:_SOME]:
        yield f"{short(item)}: {told}"
    for item, fault in figures.faults[:_SOME]:
        yield f"{short(item)}: {fault}"
    if len(figures.faults) > _SOME:
        yield f"and {many(len(figures.faults) - _SOME, 'more fault')}"


def _of_prompts(score: PooledSpeech) -> Iterator[str]:
    if score.recordings:
        yield (
            f"on the recordings of {many(score.recordings, 'prompt')} the judge has a WER of "
            f"{percent(score.recorded_wer)}; on this speech {points(score.excess_wer)}"
        )


def _of_dialogues(score: PooledDialogues) -> Iterator[str]:
    facts = score.facts
    if facts.total:
        yield f"{facts.hits} of {many(facts.total, 'fact')} said"


def points(difference: float | None) -> str:
    """A difference of two rates in words."""
    if difference is None:
        return "-"
    shown = f"{abs(100 * difference):.1f}"
    if shown == "0.0":
        return "the same"
    return f"{shown} points {'more' if difference > 0 else 'less'}"


def _heading(card: SpokenCard) -> str:
    if card.task == "synthesis":
        return _PROMPTS.format("model", "prompts", "WER", "excess", "CER", "audio ms", "RTF", "faults")
    return _DIALOGUES.format("model", "dialogues", "facts", "WER", "text ms", "audio ms", "RTF", "fault")


def _line(model: str, figures: SpokenFigures) -> str:
    score = figures.score
    if isinstance(score, PooledSpeech):
        own = (
            percent(score.heard.wer),
            "-" if score.excess_wer is None else f"{score.excess_wer:+.1%}",
            percent(score.heard.cer),
            milliseconds(score.first_audio_s),
        )
        return _PROMPTS.format(short(model), figures.items, *own, factor(figures.rtf), score.speech_faults)
    recall, wer = percent(score.facts.recall), percent(score.agreement.wer)
    times = (milliseconds(score.first_token_s), milliseconds(score.first_audio_s))
    return _DIALOGUES.format(short(model), figures.items, recall, wer, *times, factor(figures.rtf), score.speech_faults)


def _state(row: SpokenRow) -> str:
    figures = row.figures
    return state_line(
        row.model,
        (row.load_s, row.warmup_s),
        None if figures is None else figures.peak_rss_bytes,
        "-" if figures is None else figures.device,
        row.status + (f", {row.unread} unread" if row.unread else ""),
    )


def factor(rtf: float | None) -> str:
    """A real-time factor."""
    return "-" if rtf is None else f"{rtf:.3f}"


def milliseconds(time: float | None) -> str:
    """Seconds as milliseconds."""
    return "-" if time is None else f"{1000 * time:.0f}"
