"""What the readers share: lines and rows with their numbers, and a listing that refuses duplicate ids."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path, PurePath
from typing import Any, Literal, TypeVar

from asrlab_pytest.content import real_path, refuse_device
from asrlab_pytest.corpus.clip import Clip, refuse_empty, refuse_long_text
from asrlab_pytest.corpus.json_lines import (
    first_line,
    language_of,
    refuse_empty_id,
    refuse_layout,
    refuse_url,
    speaker_of,
    text_of,
)
from asrlab_pytest.corpus.names import ByName, composed, if_other_form, path_in
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.corpus.table import fault_of_times
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.validation import ONE_OF_BOTH, RepeatedKeyError, unique_keys
from asrlab_pytest.wording import many

AUDIO_SUFFIXES = frozenset(
    {".aac", ".aif", ".aiff", ".flac", ".m4a", ".mka", ".mkv", ".mov", ".mp3", ".mp4", ".oga", ".ogg", ".opus"}
    | {".wav", ".webm", ".wma"}
)
Part = TypeVar("Part")
_LONGEST_CELL = (1 << 31) - 1
"""Bytes of a cell of a table: the transcript of hours is longer than csv's own limit of 131,072."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
DELIMITERS = ";\t|,"
"""Those in use, for the message that a heading has a single column, and for detection."""


@dataclass
class Listing:
    """The clips of one corpus, as a reader finds them.

    Args:
        name: The corpus's.
        folder: Where relative audio paths start.
        sources: The files that list the clips; messages name the corpus by the first.
        ids: What becomes the id of a clip that has none: its file's name, or the path without the ending; None for the
            name where the format leaves no choice.
        tags: The tags of all clips; one that means no speech lets texts be empty.
        others: How the format can name clips otherwise, where two have the same id.
    """

    name: str
    folder: Path
    sources: Sequence[Path]
    ids: Literal["name", "path"] | None = None
    tags: Sequence[str] = field(default=(), kw_only=True)
    others: str = field(default="", kw_only=True)
    clips: list[Clip] = field(default_factory=list, init=False)
    _places: dict[str, tuple[str, str]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.folder = real_path(self.folder)

    def add(
        self,
        where: str,
        audio: str | Path,
        text: str,
        *,
        id: str | None = None,  # noqa: A002
        language_key: str = "language",
        **keys: Any,
    ) -> None:
        """Add a clip.

        Args:
            where: Its place in the listing, for messages.
            audio: Its file.
            text: What is said in it.
            id: Its id, where the listing states one.
            language_key: What the listing calls the language.
            keys: Other fields of the clip; its group may be a word such as `unknown`.

        Raises:
            CorpusError: its text is empty and no tag means no speech, or too long, its audio is a URL, its id is empty
                or taken, its place in the file is impossible, or its language is unknown.
        """
        refuse_empty(text, [*keys.get("tags", ()), *self.tags], where)
        refuse_long_text(text, where)
        refuse_url(str(audio), where=where)
        audio = os.path.expanduser(audio)  # noqa: PTH111 - a Path for each of many clips would take seconds
        clip_id = id if id is not None else self._id(audio, keys.get("start"))
        refuse_empty_id(clip_id, noun="clip", where=where)
        path = path_in(self.folder, str(audio))
        known, place = self._places.setdefault(composed(clip_id), (clip_id, where))
        if place != where:
            raise CorpusError(
                f"{where}: clip id {clip_id!r} is already in {place}{if_other_form(clip_id, known)}",
                hint=f"remove one of them{self._way_out(path, is_stated=id is not None)}",
            )
        fault = fault_of_times(keys.get("start"), keys.get("end"), keys.get("duration"))
        if fault:
            raise CorpusError(f"{where}: {fault}", hint="correct the times; duration is that of the clip")
        keys["group"] = speaker_of(keys.get("group"))
        keys["language"] = language_of(keys.get("language"), where, key=language_key)
        self.clips.append(Clip(id=clip_id, audio=path, text=text, **keys))

    def corpus(self) -> Corpus:
        """What was taken in.

        Raises:
            CorpusError: that is nothing.
        """
        if not self.clips:
            raise CorpusError(f"{self.sources[0]} lists no clips", hint="name a folder or file that lists some")
        return Corpus(self.name, self.sources[0], hash_of_files(self.sources), tuple(self.clips))

    def _way_out(self, audio: Path, *, is_stated: bool) -> str:
        """What to do about a duplicate id, of a clip in this file, other than removing one of the clips."""
        if self.others:
            return f", give each an id, or {self.others}"
        if is_stated:
            return ", or correct its id"
        if self.ids == "name" and all(clip.audio != audio for clip in self.clips):
            return ', give each an id, or use paths as ids: ids = "path", or --ids path'
        return ", or give each an id" if self.ids else ", or rename it"

    def _id(self, audio: str, start: float | None) -> str:
        """The name or path of the audio; where a segment begins after the start of its file, that as well."""
        if self.ids == "path":
            path = PurePath(audio)
            path = path.relative_to(self.folder) if path.is_relative_to(self.folder) else path
            name = path.with_suffix("").as_posix().lstrip("/")
        else:
            name = os.path.splitext(os.path.basename(audio))[0]  # noqa: PTH119, PTH122 - as above
        return of_segment(name, start)


def of_segment(name: str, start: float | None) -> str:
    """The id of a clip that is named after its file; includes its start, because a file may hold several clips."""
    return f"{name}-{start!r}" if start else name


def text_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a text that are not blank, with their numbers; without byte order mark and line ends.

    Raises:
        CorpusError: the file cannot be read, or a line is not UTF-8.
    """
    for number, line in _decoded(path):
        if line.strip():
            yield number, line.rstrip("\r\n")


def _decoded(path: Path) -> Iterator[tuple[int, str]]:
    with _opened(path) as file:
        for number, content in enumerate(file, start=1):
            line = (content.removeprefix(BYTE_ORDER_MARK) if number == 1 else content).removesuffix(b"\n")
            yield number, text_of(line, path, f"{path}:{number}") + "\n"


@contextmanager
def _opened(path: Path) -> Iterator[BufferedReader]:
    """A file that lists clips, which may be larger than the memory.

    Raises:
        CorpusError: it is missing or cannot be read.
    """
    try:
        refuse_device(path)
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise CorpusError(f"{path} is missing", hint="restore the file, or correct the path") from None
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror}", hint="correct the path") from None


def table_rows(
    path: Path, delimiter: str, *, quotes: bool = True, example: str = "audio,text"
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table below its heading, each with the number of its last line.

    Raises:
        CorpusError: the heading is missing or names a column twice, or a row has other columns than the heading.
    """
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(
        (line for _, line in _decoded(path)),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE,
        strict=True,
    )
    heading: list[str] | None = None
    try:
        for row in reader:
            if not any(map(str.strip, row)):
                continue
            if heading is None:
                heading = _heading(path, row, delimiter)
            elif len(row) != len(heading):
                raise CorpusError(
                    f"{path}:{reader.line_num}: {many(len(row), 'column')}, where the heading has {len(heading)}",
                    hint="correct the row, or state the delimiter of the table",
                )
            elif any(_has_rows(cell, delimiter) for cell in row):
                raise CorpusError(f"{path}:{reader.line_num}: a quoted field has whole rows in it", hint=_QUOTES)
            else:
                yield reader.line_num, dict(zip(heading, row, strict=True))
    except csv.Error as error:
        hint = "save it with the line ends of Unix or Windows" if "new-line" in str(error) else _QUOTES
        raise CorpusError(f"{path}:{reader.line_num}: not a row of a table ({error})", hint=hint) from None
    if heading is None:
        raise CorpusError(f"{path} is empty", hint=f"give it a heading such as: {example}")


_QUOTES = "double the quotes within a field, or turn quoting off: quotes = false, or --no-quotes"


def _has_rows(cell: str, delimiter: str) -> bool:
    """Whether quotes that belong to two texts enclose a delimiter and a line end that do not belong to any."""
    return delimiter in "\t|" and delimiter in cell and ("\n" in cell or "\r" in cell)


def _heading(path: Path, row: list[str], delimiter: str) -> list[str]:
    names = [name.strip() for name in row]
    if names[0].lower().startswith("sep="):
        raise CorpusError(
            f"{path}:1: {delimiter.join(row)!r} is a line for Excel, not the heading",
            hint="remove the line, and state the delimiter of the table if it is not a comma: --delimiter",
        )
    other = next((sign for sign in DELIMITERS if sign in names[0]), None)
    if len(names) == 1 and other is not None:
        shown = "\\t" if other == "\t" else other
        raise CorpusError(
            f"{path}:1: the heading is a single column, {names[0]!r}",
            hint=f"state the delimiter of the table: --delimiter '{shown}', "
            f'or delimiter = "{shown}" in [tool.asrlab.corpora.<name>]',
        )
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise CorpusError(f"{path}:1: the column {twice[0]!r} is duplicated in the header", hint="rename one of them")
    return names


def heading_of(path: Path, delimiters: str = DELIMITERS) -> frozenset[str]:
    """The columns in a file's first line, between any of these characters; for detection."""
    line = first_line(path)
    return frozenset(name.strip().strip('"') for name in re.split(f"[{delimiters}]", line)) if line else frozenset()


def json_lines(path: Path, *, has_halves: bool = False) -> Iterator[tuple[int, dict[str, object]]]:
    """The JSON objects of a file with one a line, with their line numbers.

    Args:
        path: The file.
        has_halves: Whether a text may hold half a character, as one that a model wrote, and no manifest can.

    Raises:
        CorpusError: a line is not a JSON object.
    """
    for number, line in text_lines(path):
        refuse_layout(line, path, f"{path}:{number}")
        try:
            entry = json.loads(line, object_pairs_hook=unique_keys)
        except RepeatedKeyError as error:
            raise CorpusError(f"{path}:{number}: {error}", hint=ONE_OF_BOTH) from None
        except (ValueError, RecursionError) as error:
            raise CorpusError(f"{path}:{number}: not valid JSON ({error})", hint="correct the line") from None
        if not isinstance(entry, dict):
            raise CorpusError(f"{path}:{number}: not a JSON object", hint="write one object per line")
        half = _HALF.search(json.dumps(entry, ensure_ascii=False)) if "\\u" in line and not has_halves else None
        if half is not None:
            raise CorpusError(f"{path}:{number}: {half[0]!a} is half a character", hint="correct the line")
        yield number, entry


_HALF = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Half a surrogate pair, as of an emoji that was cut. The others stand for bytes in the names of files."""


def refuse_no_text(value: object, name: str, where: str) -> None:
    """Refuse a list or an object as a text, which would be scored as Python writes it.

    Raises:
        CorpusError: the value is one.
    """
    if isinstance(value, list | dict | bool):
        raise CorpusError(f"{where}: key {name!r}: expected text, not {value!r}", hint=f'"{name}": "..."')


def table_of_row(entry: Mapping[str, object], *, without: str | None = None) -> dict[str, str]:
    """A JSON object as the row of a table: its values as texts, lists with commas; what is null is left out."""
    return {
        key: ",".join(str(part) for part in value if part is not None) if isinstance(value, list) else str(value)
        for key, value in entry.items()
        if value is not None and key != without
    }


def words_of(entry: Mapping[str, object], key: str, where: str) -> str:
    """A text of a JSON object.

    Raises:
        CorpusError: it is missing, or no text.
    """
    value = entry.get(key)
    if not isinstance(value, str):
        fault = "missing key" if value is None else f"expected text, not {value!r}"
        raise CorpusError(f"{where}: key {key!r}: {fault}", hint=f'write it as in "{key}": "..."')
    return value


def channel_of(value: str, where: str, *, key: str = "channel") -> int | None:
    """A channel of a file, from 1, as the text of a column; None if there is none.

    Raises:
        CorpusError: it is not a number from 1 up.
    """
    if not value:
        return None
    if not (value.isascii() and value.isdigit()) or int(value) < 1:
        raise CorpusError(f"{where}: {key!r} must be a number from 1 up, not {value!r}", hint="correct it")
    return int(value)


def seconds_of(value: Any, key: str, where: str) -> float | None:
    """A number of seconds, from a JSON value or the text of a column; None if there is none.

    Raises:
        CorpusError: it is not a number from 0 up.
    """
    if value is None or value == "":
        return None
    try:
        seconds = float(value) if not isinstance(value, bool) else math.nan
    except (TypeError, ValueError):
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds >= 0):
        raise CorpusError(
            f"{where}: {key!r} must be a number of seconds from 0 up, not {value!r}", hint="correct it, or leave it out"
        )
    return seconds


def inside(name: str, where: str) -> str:
    """A path of a format whose audio lies in the corpus's folder.

    Raises:
        CorpusError: it is empty, absolute, or leads out of the folder.
    """
    plain = name.replace("\\", "/")
    if not plain.strip():
        raise CorpusError(f"{where}: the path of the audio is empty", hint="name the audio file")
    if PurePath(plain).is_absolute() or (PurePath(os.path.normpath(plain)).parts or (os.pardir,))[0] == os.pardir:
        raise CorpusError(
            f"{where}: {name!r} is outside the corpus folder",
            hint="use a path inside the folder",
        )
    return name


def hash_of_files(paths: Iterable[Path]) -> str:
    """The sha256 of a file's bytes; of several, over their hashes and names."""
    hashes = [(_hash_of(path), path.name) for path in paths]
    if len(hashes) == 1:
        return hashes[0][0]
    return hashlib.sha256(json.dumps(hashes).encode()).hexdigest()


def _hash_of(path: Path) -> str:
    with _opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def only_part(parts: Mapping[str, Part], split: str | None, where: Path) -> Part:
    """The part of a corpus that is asked for, or the only one there is.

    Raises:
        CorpusError: there is no such part, or several to choose from.
    """
    chosen = ByName(parts).find(split) if split is not None else next(iter(parts.values())) if len(parts) == 1 else None
    if chosen is None:
        fault = "holds several parts" if split is None else f"has no part {split!r}"
        example = next(iter(parts), "test")
        raise CorpusError(
            f"{where} {fault}: {', '.join(parts) or 'none'}",
            hint=f'choose one: split = "{example}" in [tool.asrlab.corpora.<name>], --split {example}, or its path',
        )
    return chosen
