"""Tables: CSV and TSV with a heading, or JSON lines; one clip a row, with the columns that the user names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path, PurePath

from asrlab_pytest.corpus.json_lines import first_line, is_json
from asrlab_pytest.corpus.readers.listing import (
    AUDIO_SUFFIXES,
    Listing,
    channel_of,
    heading_of,
    json_lines,
    refuse_no_text,
    seconds_of,
    table_of_row,
    table_rows,
)
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.corpus.table import Columns, CorpusTable
from asrlab_pytest.errors import CorpusError

USUAL = {
    "audio": ("audio", "path", "file", "file_name", "filename", "audio_path", "audio_filepath", "wav", "wav_filename"),
    "text": ("text", "transcript", "transcription", "sentence", "reference"),
    "id": ("id", "utterance_id", "utt_id"),
    "language": ("language", "lang", "locale"),
    "group": ("group", "speaker", "speaker_id", "client_id"),
    "tags": ("tags",),
    "duration": ("duration",),
    "start": ("start", "offset"),
    "end": ("end",),
    "channel": ("channel",),
}
"""Names of columns that are taken where the user names none; the first that is there."""
_LIKE_TIMES = frozenset(
    {"start", "begin", "onset", "offset", "end", "stop", "finish", "from", "to", "dur", "length", "xmin", "xmax"}
)
"""Words in the names of columns that may say which part of a file a row is."""
_PARTS = ("start", "end", "channel")
_NAME_TIMES = 'name the columns of seconds: columns = { start = "...", end = "..." }, or --column start=...'
NO_NAMES: Mapping[str, str] = {}
TIMES = ("duration", "start", "end")


class TableReader:
    name = "table"
    looks_for = "a .csv or .tsv file with a heading such as: audio,text; or JSON lines whose columns are named"
    options = frozenset({"audio", "columns", "delimiter", "quotes", "ids"})

    def detects(self, path: Path) -> bool:
        if not path.is_file() or path.suffix.lower() not in {".csv", ".tsv"}:
            return False
        is_common_voice = path.suffix.lower() == ".tsv" and heading_of(path, "\t") >= {"client_id", "path", "sentence"}
        is_audio_folder = path.name == "metadata.csv" and "file_name" in heading_of(path)
        is_lj_speech = "|" in first_line(path) and (path.parent / "wavs").is_dir()
        return not (is_common_voice or is_audio_folder or is_lj_speech)

    def read(self, path: Path, table: CorpusTable) -> Corpus:
        folder = path.parent if table.audio is None else path.parent / table.audio
        listing = Listing(path.stem, folder, [path], table.ids, tags=table.tags)
        rows, names = _rows_of(path, table)
        whole: dict[str, int] = {}
        for number, row in rows:
            names = names or chosen_columns(path, row, table.columns)
            where, cells = f"{path}:{number}", {key: row[name] for key, name in names.items() if name in row}
            for key in ("audio", "text"):
                if key not in cells:
                    raise CorpusError(f"{where}: no {names[key]!r}", hint=f"give the line its {key}")
            is_whole = not any(cells.get(key, "").strip() for key in _PARTS)
            first = whole.setdefault(cells["audio"], number) if is_whole else number
            if first != number and (unread := _unread_times(row, names)):
                raise CorpusError(
                    f"{where}: all of {cells['audio']} is line {first} already, and {_columns(unread)} not read",
                    hint=_NAME_TIMES,
                )
            add_row(listing, where, cells, names)
        return listing.corpus()


def json_rows(path: Path, text: str | None) -> Iterator[tuple[int, dict[str, str]]]:
    """JSON lines as the rows of a table, with their numbers.

    Args:
        path: The file.
        text: The column of the text; None for the first of the usual names that is there.

    Raises:
        CorpusError: a line is not a JSON object, or its text is null or no text.
    """
    for number, entry in json_lines(path):
        name = text or next((usual for usual in USUAL["text"] if usual in entry), "")
        if name in entry and entry[name] is None:
            raise CorpusError(f"{path}:{number}: the line has no text: {name!r} is null", hint="write what is said")
        refuse_no_text(entry.get(name), name, f"{path}:{number}")
        yield number, table_of_row(entry)


def _rows_of(path: Path, table: CorpusTable) -> tuple[Iterable[tuple[int, dict[str, str]]], dict[str, str] | None]:
    """The rows of a table and, of JSON lines, the chosen columns: one is there where any line has it."""
    if not is_json(path):
        delimiter = table.delimiter or ("\t" if path.suffix.lower() == ".tsv" else ",")
        return table_rows(path, delimiter, quotes=table.quotes), None
    rows = list(json_rows(path, table.columns.text))
    return rows, chosen_columns(path, {key: "" for _, row in rows for key in row}, table.columns)


def _unread_times(heading: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """The columns that look like times of a part, of those that hold nothing for us."""
    words = {name: {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)} for name in heading}
    return [name for name in heading if name not in names.values() and not _LIKE_TIMES.isdisjoint(words[name])]


def correct_column(key: str) -> str:
    """What to do where a column that is named is not there."""
    return f"correct columns.{key}, or --column {key}=..."


def chosen_columns(path: Path, row: dict[str, str], stated: Columns) -> dict[str, str]:
    """The columns that hold what, of those that a table has.

    Raises:
        CorpusError: a column that is named or needed is not there.
    """
    heading = ", ".join(row)
    chosen = {}
    for key, name in asdict(stated).items():
        if name is not None and name not in row:
            raise CorpusError(f"{path}:1: no column {name!r}; there are: {heading}", hint=correct_column(key))
        column = name or next((usual for usual in USUAL[key] if usual in row), None)
        if column is not None:
            chosen[key] = column
        elif any(PurePath(cell).suffix.lower() in AUDIO_SUFFIXES for cell in row):
            raise CorpusError(f"{path}:1: a clip, not the heading", hint="give the table a heading such as: audio,text")
        elif key in {"audio", "text"}:
            raise CorpusError(
                f"{path}:1: no column for the {key}: none of {', '.join(USUAL[key])}; there are: {heading}",
                hint=f'name it: columns = {{ {key} = "..." }} in [tool.asrlab.corpora.<name>], or --column {key}=...',
            )
    half = chosen.get("end") if "start" not in chosen else None if {"end", "duration"} & {*chosen} else chosen["start"]
    if half is not None and (unread := _unread_times(row, chosen)):
        raise CorpusError(f"{path}:1: {half!r} is read, and {_columns(unread)} not", hint=_NAME_TIMES)
    return chosen


def _columns(names: Sequence[str]) -> str:
    return f"{' and '.join(map(repr, names))} {'is' if len(names) == 1 else 'are'}"


def tags_of(row: dict[str, str]) -> tuple[str, ...]:
    """The tags of a row, which commas or semicolons part; also those of a list as pandas writes it."""
    tags = (tag.strip(" \t\r\n[]'\"") for tag in re.split(r"[,;]", row.get("tags", "")))
    return tuple(dict.fromkeys(filter(None, tags)))


def add_row(listing: Listing, where: str, row: dict[str, str], names: Mapping[str, str] = NO_NAMES) -> None:
    """Accept a row whose columns have our names; `audio` is left unchanged.

    Args:
        listing: Takes the clip.
        where: The place of the row, for messages.
        row: Its cells.
        names: What the table calls its columns, for messages; by our names.
    """
    audio = row["audio"].strip()
    if not audio:
        raise CorpusError(f"{where}: the path of the audio is empty", hint="name the audio file")
    times = {key: seconds_of(row.get(key, "").strip(), names.get(key, key), where) for key in TIMES}
    if times["end"] is None and times["start"] is not None and times["duration"] is not None:
        times["end"] = times["start"] + times["duration"]
    listing.add(
        where,
        audio,
        row["text"].strip(),
        id=row.get("id", "").strip() or None,
        language=row.get("language", "").strip() or None,
        language_key=names.get("language", "language"),
        group=row.get("group"),
        tags=tags_of(row),
        channel=channel_of(row.get("channel", "").strip(), where, key=names.get("channel", "channel")),
        **times,
    )
