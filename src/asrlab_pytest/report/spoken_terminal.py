"""Writes what models that speak came to, within 80 columns: a table, then a line for each question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from asrlab_pytest.gates.outcome import many
from asrlab_pytest.report.layout import (
    LABEL,
    WIDTH,
    Screen,
    cut,
    factor,
    megabytes,
    milliseconds,
    percent,
    short,
    some,
    write_answers,
    write_table,
)
from asrlab_pytest.report.not_run import write_not_run
from asrlab_pytest.report.spoken_card import SpokenCard, SpokenFigures, SpokenRow
from asrlab_pytest.report.stated_languages import STATE_IT, unstated_sentence
from asrlab_pytest.report.validity import by_reason, how_to_time
from asrlab_pytest.scoring.spoken import PooledDialogues, PooledSpeech
from asrlab_pytest.tasks import LABELS, NOUNS

_PROMPTS = "{:<24} {:>6} {:>7} {:>6} {:>8} {:>7} {:>7} {:>7}"
_DIALOGUES = "{:<24} {:>6} {:>6} {:>8} {:>8} {:>7} {:>7} {:>7}"
_SOME = 3
"""How many faults and facts of a model are told."""
_ITEM = 20
SAME = "the same"

Ran = Sequence[tuple[str, SpokenFigures]]
"""Models that said something."""


def write_spoken(screen: Screen, card: SpokenCard) -> None:
    """A table of the models that ran; then what is worth knowing beside it, a line for each question."""
    screen.section(f"asrlab {LABELS[card.task]}", sep="=", bold=True)
    ran = [(row.model, row.figures) for row in card.rows if row.figures is not None]
    noun = NOUNS[card.task]
    if ran:
        judges = ", ".join(sorted({one for _, each in ran for one in each.judges}))
        screen.write_line(cut(f"{card.summary.sentence(noun)} | judge: {judges}", WIDTH))
        # Memory needs a process of its own, which few ask for: a column of dashes would say nothing.
        has_memory = any(figures.memory_bytes is not None for _, figures in ran)
        screen.write_line(_heading(card, has_memory=has_memory), bold=True)
        for model, figures in ran:
            screen.write_line(_line(model, figures, has_memory=has_memory))
        screen.write_line("")
    for label in ("accuracy", "facts", "repeats", "faults"):
        texts = [f"{short(model)}: {text}" for model, figures in ran for name, text in notes(figures) if name == label]
        write_answers(screen, label, texts)
    _write_untimed(screen, ran)
    _write_worst(screen, card, len(ran))
    write_answers(screen, "no result", filter(None, (_unread(row, noun) for row in card.rows)), yellow=True)
    if card.without_language:
        stated = f"{unstated_sentence(card.without_language, noun)}; {STATE_IT}"
        write_answers(screen, "language", [stated], yellow=True)
    write_not_run(screen, card.rows)


def _write_untimed(screen: Screen, ran: Ran) -> None:
    texts = []
    for why, models in by_reason((model, figures.untimed) for model, figures in ran).items():
        whose = "" if len(models) == len(ran) else f" for {some(models)}"
        texts.append(f"not shown{whose}: {why}; {how_to_time(why, is_speech=True)}")
    write_answers(screen, "speed", texts)


def _write_worst(screen: Screen, card: SpokenCard, models: int) -> None:
    """Where the judge heard another text than was to be said."""
    rows = [
        [short(one.clip, _ITEM), f"{one.rate:>4.0%}", *([some(one.models, 1)] if models > 1 else []), one.misheard]
        for one in card.worst.clips
    ]
    write_table(screen, "worst", rows)
    if card.worst.more:
        screen.write_line(f"{'':<{LABEL}}and {many(card.worst.more, f'more {NOUNS[card.task]}')} with errors")


def _unread(row: SpokenRow, noun: str) -> str:
    return f"{short(row.model)}: {many(len(row.unread), noun)} ({some(row.unread)})" if row.unread else ""


def notes(figures: SpokenFigures) -> Iterator[tuple[str, str]]:
    """What the table has no room for: the question, and the answer in a sentence."""
    score = figures.score
    if figures.again:
        same = figures.again - len(figures.differing)
        named = f" (not {some(figures.differing)})" if figures.differing else ""
        yield "repeats", f"the same speech each time for {same} of {figures.again}{named}"
    yield from _of_prompts(score) if isinstance(score, PooledSpeech) else _of_dialogues(score)
    for item, told in figures.facts[:_SOME]:
        yield "facts", f"{short(item)}: {told}"
    if len(figures.facts) > _SOME:
        yield "facts", f"and {len(figures.facts) - _SOME} more"
    for item, fault in figures.faults[:_SOME]:
        yield "faults", f"{short(item)}: {fault}"
    if len(figures.faults) > _SOME:
        yield "faults", f"and {many(len(figures.faults) - _SOME, 'more fault')}"


def _of_prompts(score: PooledSpeech) -> Iterator[tuple[str, str]]:
    if score.recordings:
        recordings = f"in the recordings of {many(score.recordings, 'prompt')} (WER {percent(score.recorded_wer)})"
        beside = points(score.excess_wer)
        yield "accuracy", f"{beside} {'as' if beside == SAME else 'than'} {recordings}"


def _of_dialogues(score: PooledDialogues) -> Iterator[tuple[str, str]]:
    facts = score.facts
    if facts.total:
        yield "facts", f"{facts.hits} of {many(facts.total, 'fact')} said"


def points(difference: float | None) -> str:
    """A difference of two rates in words."""
    if difference is None:
        return "-"
    shown = f"{abs(100 * difference):.1f}"
    return SAME if shown == "0.0" else f"{shown} points {'more' if difference > 0 else 'less'}"


def _heading(card: SpokenCard, *, has_memory: bool) -> str:
    memory = "memory" if has_memory else ""
    if card.task == "tts":
        return _PROMPTS.format("model", "WER", "excess", "CER", "audio ms", "RTF", "faults", memory).rstrip()
    return _DIALOGUES.format("model", "facts", "WER", "text ms", "audio ms", "RTF", "faults", memory).rstrip()


def _line(model: str, figures: SpokenFigures, *, has_memory: bool) -> str:
    score = figures.score
    own: tuple[str, ...]
    if isinstance(score, PooledSpeech):
        excess = "-" if score.excess_wer is None else f"{score.excess_wer:+.1%}"
        own = (percent(score.heard.wer), excess, percent(score.heard.cer))
        form = _PROMPTS
    else:
        own = (percent(score.facts.recall), percent(score.agreement.wer), milliseconds(figures.first_token_s))
        form = _DIALOGUES
    audio, rtf = milliseconds(figures.first_audio_s), factor(figures.rtf)
    memory = megabytes(figures.memory_bytes) if has_memory else ""
    return form.format(short(model), *own, audio, rtf, score.speech_faults, memory).rstrip()
