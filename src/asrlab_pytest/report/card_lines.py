"""Lines below a table of models on the terminal, the same for every task."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from asrlab_pytest.gates.outcome import many
from asrlab_pytest.report.layout import LABEL, Screen, short, some, write_table
from asrlab_pytest.report.stated_languages import STATE_IT, unstated_sentence
from asrlab_pytest.report.worst import Worst

_ITEM = 20


class UnreadRow(Protocol):
    """A model, and what gave no observation of it."""

    @property
    def model(self) -> str: ...
    @property
    def unread(self) -> Iterable[str]: ...


def unread(rows: Iterable[UnreadRow], noun: str = "clip") -> list[str]:
    """The samples that gave no result, a sentence for each model that has any."""
    found = ((row.model, list(row.unread)) for row in rows)
    return [f"{short(model)}: {many(len(items), noun)} ({some(items)})" for model, items in found if items]


def unstated(without_language: int, noun: str = "clip") -> list[str]:
    """How many samples state no language, and what to do about it; nothing where all do."""
    return [f"{unstated_sentence(without_language, noun)}; {STATE_IT}"] if without_language else []


def write_worst(
    screen: Screen, found: Worst, noun: str = "clip", whose: Callable[[Sequence[str]], str] | None = None
) -> None:
    """Where the most was misheard.

    Args:
        screen: Where to.
        found: The samples.
        noun: What they are.
        whose: Names the models that misheard one; None if there is one model alone.
    """
    rows = [
        [short(one.clip, _ITEM), f"{one.rate:>4.0%}", *([whose(one.models)] if whose else []), one.misheard]
        for one in found.clips
    ]
    write_table(screen, "worst", rows)
    if found.more:
        screen.write_line(f"{'':<{LABEL}}and {many(found.more, f'more {noun}')} with errors")
