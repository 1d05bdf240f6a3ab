"""The models that speak, as a section of a Markdown document."""

from __future__ import annotations

from collections.abc import Iterator

from asrlab_pytest.report.escaping import code, prose
from asrlab_pytest.report.layout import megabytes
from asrlab_pytest.report.markdown_table import FEWER, left_out, table_row, table_section, why_not_timed
from asrlab_pytest.report.spoken_card import SpokenCard, SpokenRow
from asrlab_pytest.report.spoken_columns import COLUMNS, cells
from asrlab_pytest.report.spoken_terminal import notes
from asrlab_pytest.tasks import LABELS, LISTS, NOUNS

_STATE = ("memory", "device", "status")


def spoken_section(card: SpokenCard) -> Iterator[str]:
    """A table of the models, and what it has no room for."""
    columns = ("model", LISTS[card.task], *COLUMNS[card.task].names, *_STATE)
    label = LABELS[card.task]
    rows = (table_row(row, _figures(card, row), len(columns)) for row in card.rows)
    yield table_section(f"{label[0].upper()}{label[1:]}", columns, rows)
    notes_of_models = left_out(card, NOUNS[card.task])
    ran = [(row.model, row.figures) for row in card.rows if row.figures is not None]
    notes_of_models += [
        f"{code(model)}: {prose(note)}" for model, figures in ran for _, note in notes(card.task, figures)
    ]
    notes_of_models += [
        why_not_timed(model, figures.untimed, is_speech=True) for model, figures in ran if figures.untimed
    ]
    judges = sorted({judge for _, figures in ran for judge in figures.judges})
    notes_of_models += [f"{code(card.items)}, transcribed by {prose(', '.join(judges))}"] if ran else []
    if notes_of_models:
        yield "\n".join(f"- {note}" for note in notes_of_models)


def _figures(card: SpokenCard, row: SpokenRow) -> tuple[str, ...] | None:
    figures = row.figures
    if figures is None:
        return None
    place = COLUMNS[card.task].wer
    shown = [*cells(card.task, figures)]
    shown[place] += FEWER if row.model in card.fewer else ""
    return str(figures.items), *shown, megabytes(figures.memory_bytes), prose(figures.device)
