"""Prints the models that speak, within 80 columns: a table, then a line for each question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from asrlab_pytest.report.card_lines import fewer_clips, unread, unstated, write_not_run, write_worst
from asrlab_pytest.report.layout import WIDTH, Titled, cut, megabytes, short, some, write_answers
from asrlab_pytest.report.spoken_card import SpokenCard, SpokenFigures
from asrlab_pytest.report.spoken_columns import COLUMNS, Note, cells, marked
from asrlab_pytest.report.validity import by_reason, how_to_time
from asrlab_pytest.tasks import LABELS, NOUNS, Task
from asrlab_pytest.visible import Screen
from asrlab_pytest.wording import many

_SOME = 3
"""Most faults and facts that are shown of a model."""

Ran = Sequence[tuple[str, SpokenFigures]]
"""Models that said something."""


def write_spoken(screen: Screen, card: SpokenCard) -> None:
    """A table of the models that ran; then a line for each question."""
    titled = Titled(screen, f"asrlab {LABELS[card.task]}")
    ran = [(row.model, row.figures) for row in card.rows if row.figures is not None]
    noun = NOUNS[card.task]
    if ran:
        judges = ", ".join(sorted({judge for _, each in ran for judge in each.judges}))
        titled.write_line(cut(f"{card.summary.sentence(noun)} | judge: {judges}", WIDTH))
        # Memory needs a process of its own, which few ask for: a column of dashes would say nothing.
        has_memory = any(figures.memory_bytes is not None for _, figures in ran)
        columns = COLUMNS[card.task]
        form = columns.form
        names = marked(card.task, columns.terminal)
        titled.write_line(form.format("model", *names, "memory" if has_memory else "").rstrip(), bold=True)
        for model, figures in ran:
            memory = megabytes(figures.memory_bytes) if has_memory else ""
            shown = marked(card.task, cells(card.task, figures), "*" if model in card.fewer else "")
            titled.write_line(form.format(short(model), *shown, memory).rstrip())
        titled.write_line("")
    write_answers(titled, "* fewer", fewer_clips(card.fewer, card.summary.clips, noun), yellow=True)
    for label in ("accuracy", "facts", "repeats", "faults"):
        answers = ((model, *note) for model, figures in ran for note in notes(card.task, figures))
        texts = [f"{short(model)}: {text}" for model, name, text in answers if name == label]
        write_answers(titled, label, texts)
    _write_untimed(titled, ran)
    write_worst(titled, card.worst, noun, partial(some, most=1) if len(ran) > 1 else None)
    write_answers(titled, "no result", unread(card.rows, noun), yellow=True)
    write_answers(titled, "language", unstated(card.without_language, noun), yellow=True)
    write_not_run(titled, card.rows)


def _write_untimed(screen: Screen, ran: Ran) -> None:
    texts = []
    for why, models in by_reason((model, figures.untimed) for model, figures in ran).items():
        whose = "" if len(models) == len(ran) else f" for {some(models)}"
        texts.append(f"not shown{whose}: {why}; {how_to_time(why, is_speech=True)}")
    write_answers(screen, "speed", texts)


def notes(task: Task, figures: SpokenFigures) -> Iterator[Note]:
    """What the table has no room for: the question, and the answer in a sentence."""
    if figures.again:
        same = figures.again - len(figures.differing)
        named = f" (not {some(figures.differing)})" if figures.differing else ""
        yield "repeats", f"same speech each time for {same} of {figures.again}{named}"
    yield from COLUMNS[task].note(figures)
    for item, sentence in figures.facts[:_SOME]:
        yield "facts", f"{short(item)}: {sentence}"
    if len(figures.facts) > _SOME:
        yield "facts", f"and {len(figures.facts) - _SOME} more"
    for item, fault in figures.faults[:_SOME]:
        yield "faults", f"{short(item)}: {fault}"
    if len(figures.faults) > _SOME:
        yield "faults", f"and {many(len(figures.faults) - _SOME, 'more fault')}"
