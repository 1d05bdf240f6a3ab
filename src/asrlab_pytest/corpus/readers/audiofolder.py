"""The audio folder of Hugging Face: ``metadata.csv`` or ``metadata.jsonl`` with ``file_name``, beside the audio."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from asrlab_pytest.content import real_path
from asrlab_pytest.corpus.json_lines import first_line
from asrlab_pytest.corpus.names import composed
from asrlab_pytest.corpus.readers.listing import (
    DELIMITERS,
    Listing,
    heading_of,
    inside,
    only_part,
    table_rows,
)
from asrlab_pytest.corpus.readers.table import add_row, chosen_columns, json_rows
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.wording import some

_Row = tuple[int, dict[str, str]]
"""A row, and the number of its line."""
NAMES = ("metadata.csv", "metadata.jsonl")


class AudioFolderReader:
    name = "audiofolder"
    looks_for = "a folder with a metadata.csv or metadata.jsonl that has file_name, or the folder of its splits"
    options = frozenset({"columns", "split", "ids"})

    def detects(self, path: Path) -> bool:
        return _listing_of_all(path) is not None or bool(_parts(path))

    def read(self, path: Path, table: CorpusTable) -> Corpus:
        whole = _listing_of_all(path)
        file = only_part(_parts(path), table.split, path) if whole is None else whole
        folder = real_path(file.parent).name
        listing = Listing(folder, file.parent, [file], table.ids, tags=table.tags)
        rows = list(_rows(file, table.columns.text))
        # Lines of JSON may leave out what is not known: a column is there where any line has it.
        heading = {key: "" for _, row in rows for key in row}
        names = chosen_columns(file, heading, table.columns) | {"audio": "file_name"} if rows else {}
        is_part = whole is not None and table.split not in {None, folder}
        for number, row in _of_folder(rows, table.split, file) if is_part else rows:
            where = f"{file}:{number}"
            if "file_name" not in row:
                raise CorpusError(f"{where}: no 'file_name'", hint="name the audio file of the line")
            if names["text"] not in row:
                raise CorpusError(f"{where}: no {names['text']!r}", hint="give the line its text")
            inside(row["file_name"].strip(), where)
            cells = {key: row[name] for key, name in names.items() if name in row}
            add_row(listing, where, cells, names)
        corpus = listing.corpus()
        if not is_part:
            return corpus
        digest = hashlib.sha256(f"{corpus.sha256} {table.split}".encode()).hexdigest()
        return replace(corpus, name=str(table.split), sha256=digest)


def _of_folder(rows: Sequence[_Row], split: str | None, file: Path) -> list[_Row]:
    """The rows of a listing whose files are in the folder of a split.

    Raises:
        CorpusError: there are none.
    """
    folders = [[composed(part) for part in PurePath(row.get("file_name", "").strip()).parts[:-1]] for _, row in rows]
    chosen = [row for row, names in zip(rows, folders, strict=True) if composed(split or "") in names]
    if chosen:
        return chosen
    there = sorted({names[0] for names in folders if names})
    if not there:
        raise CorpusError(
            f"{file} has no part {split!r}: none of its files is in a folder", hint="leave out split; it has no parts"
        )
    raise CorpusError(
        f"{file} has no file in a folder {split!r}; there are: {some(there)}",
        hint=f'choose one: split = "{there[0]}" in [tool.asrlab.corpora.<name>], or --split {there[0]}',
    )


def _rows(file: Path, text: str | None) -> Iterator[_Row]:
    if file.suffix == ".csv":
        yield from table_rows(file, next(sign for sign in DELIMITERS if "file_name" in heading_of(file, sign)))
        return
    yield from json_rows(file, text)


def _parts(path: Path) -> dict[str, Path]:
    """The listings of the splits of a folder, by the name of the split."""
    nested = (folder / name for folder in sorted(path.glob("*")) for name in NAMES)
    return {file.parent.name: file for file in nested if _is_listing(file)}


def _listing_of_all(path: Path) -> Path | None:
    """The one listing of a folder, or that a file is; None if there is none, but may be in folders."""
    if path.is_file():
        return path if _is_listing(path) else None
    listings = [path / name for name in NAMES if _is_listing(path / name)]
    if len(listings) > 1:
        raise CorpusError(
            f"{path} has a {listings[0].name} and a {listings[1].name}, which may differ",
            hint="remove one of them, or pass the right one",
        )
    return listings[0] if listings else None


def _is_listing(file: Path) -> bool:
    if file.name not in NAMES or not file.is_file():
        return False
    return '"file_name"' in first_line(file) if file.suffix == ".jsonl" else "file_name" in heading_of(file)
