"""A table of models in Markdown, and what is said below it of those that did not run: the same for every task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from asrlab_pytest.hints import runnable
from asrlab_pytest.report.card_lines import fewer_clips
from asrlab_pytest.report.escaping import code, prose
from asrlab_pytest.report.model_row import ModelRow
from asrlab_pytest.report.scorecard import Scorecard
from asrlab_pytest.report.spoken_card import SpokenCard
from asrlab_pytest.report.validity import how_to_time

FEWER = r"\*"
"""Marks a row that covers fewer samples than the others."""


def table_section(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A title and a table whose first column is the model, and whose last two are its device and its status."""
    rule = ("---", *["--:"] * (len(columns) - 3), "---", "---")
    return f"### {title}\n\n" + "\n".join(f"| {' | '.join(cells)} |" for cells in (columns, rule, *rows))


def table_row(row: ModelRow, figures: Sequence[str] | None, width: int) -> tuple[str, ...]:
    """The cells of a model.

    Args:
        row: The model.
        figures: The cells between its id and its status; None if there are none.
        width: How many columns the table has.
    """
    status = prose(row.status) + (f", {len(row.unread)} unread" if row.unread else "")
    return code(row.model), *(["-"] * (width - 2) if figures is None else figures), status


def left_out(card: Scorecard | SpokenCard, noun: str = "clip") -> list[str]:
    """Notes on the marked rows, which cover only some of the samples, and on the models that did not run."""
    marked = [f"{FEWER} {prose(sentence)}" for sentence in fewer_clips(card.fewer, card.summary.clips, noun)]
    return marked + [
        f"{code(row.model)}: {prose(row.reason)}" + (f"; hint: {code(runnable(row.hint))}" if row.hint else "")
        for row in card.rows
        if row.is_idle and row.reason
    ]


def why_not_timed(model: str, untimed: str, *, is_speech: bool = False) -> str:
    """Why the times of a model are not shown, and what shows them."""
    return f"{code(model)}: times not shown: {prose(untimed)}; {prose(how_to_time(untimed, is_speech=is_speech))}"
