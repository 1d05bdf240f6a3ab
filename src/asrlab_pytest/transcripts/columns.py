"""Rows with named columns: JSON lines (NeMo's manifests among them) and tables with a heading."""

from __future__ import annotations

import json
import weakref
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from tempfile import TemporaryFile
from typing import Literal, NamedTuple

from asrlab_pytest.corpus.json_lines import language_of, speaker_of
from asrlab_pytest.corpus.readers.listing import json_lines, of_segment, seconds_of, table_rows
from asrlab_pytest.corpus.readers.table import USUAL
from asrlab_pytest.errors import ConfigError, CorpusError
from asrlab_pytest.records.observation import NUMBERED
from asrlab_pytest.transcripts.by_id import TextsById
from asrlab_pytest.transcripts.utterance import Hypothesis, Utterance

Column = Literal["id", "reference", "hypothesis", "language", "group"]
Cells = Mapping[str, object]
"""A row by the names of its columns; values are texts, or anything that JSON has."""

_ALONE = tuple(name for name in USUAL["text"] if name != "reference")
"""Names of a file's only text."""
NAMES: Mapping[Column, tuple[str, ...]] = {
    "id": USUAL["id"],
    "reference": ("reference", "ref", *_ALONE),
    "hypothesis": ("hypothesis", "hyp", "pred_text", "prediction"),
    "language": (*USUAL["language"], "source_lang"),
    "group": USUAL["group"],
}
"""Names of columns that are taken where the user names none; the first that is there."""


class _Row(NamedTuple):
    """A row, and its place in the file."""

    where: str
    number: int
    cells: Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column holds what, and how a table is cut into columns."""

    named: Mapping[str, str] = field(default_factory=dict)
    """Names by what the columns hold, as the user states them."""
    delimiter: str | None = None
    """Between the columns of a table; None for a tab in .tsv files and a comma in others."""
    quotes: bool = True
    """Whether a double quote at the beginning of a cell encloses it."""

    def __post_init__(self) -> None:
        for column in self.named:
            if column not in NAMES:
                raise ConfigError(
                    f"--column {column}={self.named[column]}: no column {column!r}",
                    hint=f"choose one of {', '.join(NAMES)}",
                )
        if self.delimiter is not None and len(self.delimiter) != 1:
            raise ConfigError(f"--delimiter {self.delimiter!r} is not one character", hint="name one, such as ';'")

    def of(self, column: Column, *, alone: bool = False) -> tuple[str, ...]:
        """The names that a column may have.

        Args:
            column: What it holds.
            alone: Whether the file has no references, so that its only text is the hypothesis.
        """
        if column in self.named:
            return (self.named[column],)
        return (*NAMES[column], *_ALONE) if alone else NAMES[column]


class Rows:
    """The rows of a file, read as references or hypotheses.

    Args:
        path: The file.
        form: `jsonl`, `csv` or `tsv`.
        columns: Which column holds what.
    """

    def __init__(self, path: Path, form: str, columns: Columns) -> None:
        self._columns = columns
        self._heading = None if form == "jsonl" else f"{path}:1"
        self._rows = _Waiting(
            path, json_lines(path, has_halves=True) if form == "jsonl" else _table(path, form, columns)
        )

    def utterances(self) -> TextsById[Utterance]:
        """The references by id.

        Raises:
            CorpusError: a row has none, or something else of it is wrong.
        """
        return TextsById(self._utterances(), way_out=self._way_out)

    def _utterances(self) -> Iterator[Utterance]:
        name = self._needed("reference", self._columns.of("reference"))
        for row in self._rows:
            language = self._value(row, "language")
            if not isinstance(language, str | None):
                raise CorpusError(f"{row.where}: the language {language!r} is not a text", hint='write it as in "en"')
            yield Utterance(
                id=self._id(row),
                text=_text(row, name, "reference"),
                where=row.where,
                language=language_of(language, row.where),
                group=speaker_of(self._value(row, "group")),
            )

    @property
    def _way_out(self) -> str:
        """What to do about a duplicate id besides removing one of the two rows."""
        audio = next((name for name in USUAL["audio"] if name in self._rows.first.cells), None)
        is_stated = self._value(self._rows.first, "id") is not None
        return "give each line a unique id" + (
            "" if is_stated or audio is None else f", or use paths as ids: --column id={audio}"
        )

    @property
    def _place(self) -> str:
        """Where the columns are named: in the heading of a table, and in each JSON line."""
        return self._heading or self._rows.first.where

    def refuse_one_text(self) -> None:
        """Raises CorpusError where one column holds both texts: each hypothesis would be right."""
        names = [self._needed(column, self._columns.of(column)) for column in ("reference", "hypothesis")]
        if names[0] == names[1]:
            raise CorpusError(
                f"{self._place}: the column {names[0]!r} holds the reference and the hypothesis",
                hint="name the other one: --column reference=NAME, or the file that has it: --reference FILE",
            )

    def hypotheses(self, *, alone: bool = False) -> TextsById[Hypothesis]:
        """The hypotheses by id.

        Args:
            alone: Whether the references are in another file, so that a column such as `text` is the hypothesis.

        Raises:
            CorpusError: a row has none.
        """
        return TextsById(self._hypotheses(alone=alone), way_out=self._way_out)

    def _hypotheses(self, *, alone: bool) -> Iterator[Hypothesis]:
        # The text of a NeMo manifest is what was said, whatever is next to it.
        alone = alone and "audio_filepath" not in self._rows.first.cells
        name = self._needed("hypothesis", self._columns.of("hypothesis", alone=alone))
        for row in self._rows:
            yield Hypothesis(id=self._id(row), text=_text(row, name, "hypothesis"), where=row.where)

    def _needed(self, column: Column, names: Iterable[str]) -> str:
        """The name of a column that every row must have: the one of the first row, so that no row takes another."""
        first = self._rows.first
        column_name = next((name for name in names if name in first.cells), None)
        if column_name is None:
            raise CorpusError(
                f"{self._place}: no column for the {column}: none of {', '.join(names)}; there are: "
                f"{', '.join(first.cells)}",
                hint=f"name it: --column {column}=NAME"
                if len(first.cells) > 1 or next(iter(first.cells), "").isidentifier()
                else "state the --delimiter of the table",
            )
        return column_name

    def _value(self, row: _Row, column: Column) -> object:
        """The value of a column that a row may have; None if it is not there or empty."""
        names = self._columns.of(column)
        if column in self._columns.named and names[0] not in row.cells:
            raise CorpusError(
                f"{row.where}: no column {names[0]!r}; there are: {', '.join(row.cells)}",
                hint=f"correct --column {column}={names[0]}",
            )
        values = (row.cells[name] for name in names if name in row.cells)
        return next((value for value in values if value is not None and value != ""), None)

    def _id(self, row: _Row) -> str:
        """The id of a row: stated, else the name of its audio file, else the number of its line."""
        value = self._value(row, "id")
        start = seconds_of(row.cells.get("offset"), "offset", row.where)
        if isinstance(value, str):
            return of_segment(value.strip(), start if self._columns.named.get("id") in USUAL["audio"] else None)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if value is not None:
            raise CorpusError(f"{row.where}: the id {value!r} is not a text", hint='write it as in "id": "clip-1"')
        cells = (row.cells.get(name) for name in USUAL["audio"])
        audio = next((cell for cell in cells if isinstance(cell, str) and cell), None)
        if audio is None:
            return f"{NUMBERED}{row.number}"
        return of_segment(PurePath(audio.replace("\\", "/")).stem, start)


def _text(row: _Row, name: str, column: Column) -> str:
    value = row.cells.get(name)
    if value is None:
        raise CorpusError(
            f"{row.where}: no {column}: the key {name!r} is {'null' if name in row.cells else 'missing'}",
            hint=f'write it as in "{name}": "..."; an empty text is ""',
        )
    if not isinstance(value, str):
        raise CorpusError(f"{row.where}: key {name!r}: expected text, not {value!r}", hint=f'"{name}": "..."')
    return value


def _table(path: Path, form: str, columns: Columns) -> Iterator[tuple[int, Cells]]:
    delimiter = columns.delimiter or ("\t" if form == "tsv" else ",")
    yield from table_rows(path, delimiter, quotes=columns.quotes, example="id,reference,hypothesis")


class _Waiting:
    """Rows on disk: read once from a file, which may be a pipe, and then as often as needed, by one reader at a time.

    Args:
        path: The file.
        rows: Numbers of lines, and what is in them.

    Raises:
        CorpusError: there are none.
    """

    def __init__(self, path: Path, rows: Iterable[tuple[int, Cells]]) -> None:
        self._path = path
        self._file = TemporaryFile()  # noqa: SIM115 - open as long as the rows are
        weakref.finalize(self, self._file.close)
        for number, cells in rows:
            self._file.write(b"%d %s\n" % (number, json.dumps(cells).encode()))
        first = next(iter(self), None)
        if first is None:
            raise CorpusError(
                f"{path} is empty, or has only a heading",
                hint="choose another file, or begin the table with a heading",
            )
        self.first = first

    def __iter__(self) -> Iterator[_Row]:
        self._file.seek(0)
        for line in self._file:
            number, _, cells = line.partition(b" ")
            yield _Row(f"{self._path}:{int(number)}", int(number), json.loads(cells))
