"""What every part of the scorecard is laid out with, within 80 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from textwrap import TextWrapper
from typing import TypeVar

from asrlab_pytest.scoring.change import Interval
from asrlab_pytest.visible import Screen, visible

WIDTH = 80
LABEL = 11
"""Columns of what a line is about."""
NAME = 24
"""Columns of a model's name."""
SOME = 3
"""How many of a list are named in a line."""
_LEAST_RTF, _LEAST_TIMES = 0.0005, 0.005
"""What rounds to 0 is below these."""


Cell = TypeVar("Cell")


class Titled:
    """A part of the terminal whose title is written with its first line: what has no line has no title.

    Args:
        screen: Where to.
        title: The title.
    """

    def __init__(self, screen: Screen, title: str) -> None:
        self._screen, self._title = screen, title
        self.is_empty = True

    def section(self, title: str, sep: str = "=", **markup: bool) -> None:
        self._screen.section(title, sep, **markup)

    def write_line(self, line: str, **markup: bool) -> None:
        if self.is_empty:
            self._screen.section(self._title, sep="=", bold=True)
            self.is_empty = False
        self._screen.write_line(line, **markup)


def write_answers(
    screen: Screen, label: str, answers: Iterable[str], *, breaks_words: bool = True, **markup: bool
) -> None:
    """Answers to one question, one per line after its name; nothing without answers.

    Args:
        screen: Where to.
        label: The name of the question.
        answers: Sentences.
        breaks_words: Whether a word that is too long for a line is broken.
        **markup: Of the terminal.
    """
    form = TextWrapper(WIDTH - LABEL, subsequent_indent="  ", break_on_hyphens=False, break_long_words=breaks_words)
    for place, text in enumerate(answers):
        first = f"{'' if place else label:<{LABEL}}"
        lines = form.wrap(text) or [""]
        for number, line in enumerate(lines):
            screen.write_line(f"{first if number == 0 else ' ' * LABEL}{line}".rstrip(), **markup)


def packed(cells: Iterable[Cell], width: Callable[[Cell], int], room: int) -> Iterator[list[Cell]]:
    """Cells in lines, each with as many as fit with a space between them; at least one."""
    line: list[Cell] = []
    used = 0
    for cell in cells:
        size = width(cell) + 1
        if line and used + size > room:
            yield line
            line, used = [], 0
        line.append(cell)
        used += size
    if line:
        yield line


def fitted(parts: Sequence[str], room: int, rest: str = "and {} more") -> str:
    """As many parts of a list as fit, and how many more there are; the first is cut if it does not fit by itself.

    Args:
        parts: Names or words.
        room: Columns.
        rest: How the number of further parts is written.
    """
    for shown in range(min(len(parts), room), 0, -1):
        more = f" {rest.format(len(parts) - shown)}" if shown < len(parts) else ""
        text = ", ".join(parts[:shown]) + more
        if len(text) <= room:
            return text
    return cut(parts[0], room - len(more)) + more


def cut(text: str, width: int) -> str:
    """A text that is cut at its end where it is too long."""
    return text if len(text) <= width else f"{text[: max(width - 3, 0)]}..."


def some(names: Sequence[str], most: int = SOME) -> str:
    """The first few of a list, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(short(visible(name)) for name in names[:most])}{more}"


def short(name: str, width: int = NAME) -> str:
    """A name cut in its middle, because both ends distinguish models."""
    if len(name) <= width:
        return name
    head = (width - 1) // 2
    return f"{name[:head]}~{name[len(name) - (width - 1 - head) :]}"


def seconds(time: float | None) -> str:
    return "-" if time is None else f"{time:.2f}"


def milliseconds(time: float | None) -> str:
    """Seconds as milliseconds."""
    return "-" if time is None else f"{1000 * time:.0f}"


def factor(rtf: float | None) -> str:
    """A real-time factor; one that would round to nothing is below the smallest that is written."""
    if rtf is None:
        return "-"
    return "<0.001" if 0 < rtf < _LEAST_RTF else f"{rtf:.3f}"


def times(speedup: float | None) -> str:
    """How many times as fast a model is, with three significant digits or two decimals."""
    if speedup is None:
        return "-"
    if 0 < speedup < _LEAST_TIMES:
        return "<0.01x"
    return f"{speedup:.2f}x" if speedup < 100 else f"{float(f'{speedup:.3g}'):.0f}x"  # noqa: PLR2004 - digits


def percent(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.1%}"


def bounds(interval: Interval | None) -> str:
    """An interval of an error rate, as "3.9 to 8.8"."""
    return "-" if interval is None else f"{100 * interval.low:.1f} to {100 * interval.high:.1f}"


def span(interval: Interval | None) -> str:
    """An interval of an error rate, as "3.9% to 8.8%"."""
    return "-" if interval is None else f"{percent(interval.low)} to {percent(interval.high)}"


def megabytes(size: int | None) -> str:
    return "-" if size is None else f"{size / 1e6:.0f} MB"
