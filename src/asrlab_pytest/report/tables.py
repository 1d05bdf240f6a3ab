"""Tables of the page as plain text, which the template lays out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from asrlab_pytest.visible import visible


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, or a dash with the reason why there is none."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The first column names the row, the others are figures."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Sentences that answer one question."""

    label: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The results of one task's models."""

    title: str
    sentence: str
    """What was evaluated, in a line."""
    table: Table | None
    notes: tuple[Notes, ...] = field(default=())
    empty: str = "No model ran."
    """Shown instead of a table."""


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[Cell | str]]) -> Table:
    """A table of cells and plain texts."""
    cells = tuple(tuple(Cell(visible(cell)) if isinstance(cell, str) else cell for cell in row) for row in rows)
    return Table(caption=caption, columns=tuple(columns), rows=cells)


def without_dashes(table: Table, keep: Collection[str] = ("WER", "RTF")) -> Table:
    """The table without its empty columns; a sentence next to it says why they are empty."""
    shown = [
        place
        for place, column in enumerate(table.columns)
        if place == 0 or column in keep or any(row[place].text != "-" for row in table.rows)
    ]
    return replace(
        table,
        columns=tuple(table.columns[place] for place in shown),
        rows=tuple(tuple(row[place] for place in shown) for row in table.rows),
    )


def notes(label: str, sentences: Sequence[str]) -> Notes:
    """Sentences without invisible characters."""
    return Notes(label=label, sentences=tuple(visible(sentence) for sentence in sentences if sentence))
