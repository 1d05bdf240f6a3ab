"""A hypothesis laid out under its reference, with S, D and I under the words that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from asrlab_pytest.report.layout import packed
from asrlab_pytest.visible import visible

if TYPE_CHECKING:
    from _pytest._io import TerminalWriter

    from asrlab_pytest.gates.bounds import ThresholdExceeded
    from asrlab_pytest.scoring.score import AlignedWord, Edit

WIDTH = 80
MOST = 1_000
"""Words that are shown of a text: an engine may write a megabyte."""
_LABELS = ("reference:  ", "hypothesis: ", "            ")
_MARKS: dict[Edit, str] = {"hit": "", "substitution": "S", "deletion": "D", "insertion": "I"}
_COLOURS: dict[Edit, dict[str, bool]] = {
    "hit": {},
    "substitution": {"yellow": True},
    "deletion": {"red": True},
    "insertion": {"cyan": True},
}


class Cell(NamedTuple):
    """A column of the diff: reference word, hypothesis word and mark, padded to one width."""

    edit: Edit
    texts: tuple[str, str, str]

    def width(self) -> int:
        return len(self.texts[0])


def plain_diff(alignment: Sequence[AlignedWord], width: int = WIDTH) -> list[str]:
    """The diff as lines of text."""
    lines = [
        (label + " ".join(cell.texts[row] for cell in cells)).rstrip()
        for cells in packed(map(_cell, alignment[:MOST]), Cell.width, width - len(_LABELS[0]))
        for row, label in enumerate(_LABELS)
    ]
    return [*lines, *_left_out(alignment)]


def write_diff(writer: TerminalWriter, alignment: Sequence[AlignedWord]) -> None:
    """The diff with its errors in colour, where the terminal has colours."""
    for cells in packed(map(_cell, alignment[:MOST]), Cell.width, writer.fullwidth - len(_LABELS[0])):
        for row, label in enumerate(_LABELS):
            writer.write(label)
            for cell in cells:
                writer.write(cell.texts[row] + " ", **_COLOURS[cell.edit])
            writer.line()
    for line in _left_out(alignment):
        writer.line(line)


def _left_out(alignment: Sequence[AlignedWord]) -> list[str]:
    """How many words of a text that ran away are not shown."""
    more = len(alignment) - MOST
    return [f"and {more} more words"] if more > 0 else []


def _cell(word: AlignedWord) -> Cell:
    shown = [_short(visible(text)) for text in (word.reference, word.hypothesis)]
    size = max(*map(len, shown), 1)
    reference, hypothesis = ((text or "*" * size).ljust(size) for text in shown)
    return Cell(word.edit, (reference, hypothesis, _MARKS[word.edit].ljust(size)))


def _short(word: str) -> str:
    """A word that is longer than a line, cut in its middle."""
    half = (WIDTH - len(_LABELS[0])) // 2 - 1
    return word if len(word) <= 2 * half else f"{word[:half]}…{word[-half:]}"


@dataclass(slots=True)
class CrashLine:
    """Where a case failed and why: what ``--tb=line``, the short summary and JUnit show."""

    path: str
    lineno: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.lineno}: {self.message.partition(chr(10))[0]}"


class ThresholdReport:
    """How an exceeded threshold is shown: the figures and bounds, then the aligned diff.

    Args:
        error: What was exceeded.
        path: The file of the test.
        line: The test's line there.
        in_line: Whether pytest shows the line of the crash alone, as with ``--tb=line``.
    """

    def __init__(self, error: ThresholdExceeded, path: str, line: int, *, in_line: bool = False) -> None:
        self._message = str(error)
        self._in_line = in_line
        self._alignment = error.score.alignment if error.score else ()
        self.reprcrash = CrashLine(path, line, self._message)

    def __str__(self) -> str:
        return "\n".join([self._message, *plain_diff(self._alignment)])

    def toterminal(self, writer: TerminalWriter) -> None:
        """Called by pytest's terminal reporter."""
        if self._in_line:
            return
        writer.line(self._message, red=True, bold=True)
        write_diff(writer, self._alignment)
