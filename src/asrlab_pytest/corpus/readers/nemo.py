"""Manifests of NVIDIA NeMo: JSON lines with `audio_filepath`, `duration`, `text` and `offset`.

Layout: NeMo's user guide, "ASR datasets". As there, a relative path starts at the manifest's folder, and a line is the
part of the file that begins at `offset`, or with the file, and is `duration` long. A file that is no longer than the
`duration` of a line without `offset` is read to its end.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from asrlab_pytest.corpus.json_lines import first_line
from asrlab_pytest.corpus.readers.listing import Listing, json_lines, seconds_of, table_of_row, words_of
from asrlab_pytest.corpus.readers.table import correct_column, tags_of
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.corpus.table import Columns, CorpusTable
from asrlab_pytest.errors import CorpusError

TARRED = "tarred_audio_manifest.json"
NAMES = ("manifest.json", "manifest.jsonl", TARRED)

KEYS = {"audio": "audio_filepath", "text": "text", "id": "id", "language": "lang", "group": "speaker"} | {
    "tags": "tags",
    "duration": "duration",
    "start": "offset",
}
"""NeMo's keys, by what we call a column."""


class NemoReader:
    name = "nemo"
    looks_for = 'JSON lines with "audio_filepath", "duration" and "text", in a file or as manifest.json in a folder'
    options = frozenset({"audio", "columns", "ids"})

    def detects(self, path: Path) -> bool:
        file = _file(path)
        return file is not None and is_nemo_line(first_line(file))

    def read(self, path: Path, table: CorpusTable) -> Corpus:
        file = _file(path)
        if file is None:
            raise CorpusError(f"{path} has no manifest.json", hint="name the manifest itself")
        folder = file.parent if table.audio is None else file.parent / table.audio
        listing = Listing(path.name if path.is_dir() else path.stem, folder, [file], table.ids, tags=table.tags)
        for number, entry in json_lines(file):
            if file.name == TARRED or "shard_id" in entry:
                raise CorpusError(
                    f"{file} is the manifest of a tarred data set, whose audio lies in tar files: these are not read",
                    hint="unpack them beside the manifest (cat audio_*.tar | tar -xif -), take the key 'shard_id' out "
                    "of its lines, and name it manifest.json",
                )
            where = f"{file}:{number}"
            _add(listing, _renamed(entry, table.columns, where), where)
        return listing.corpus()


def _renamed(entry: dict[str, object], columns: Columns, where: str) -> dict[str, object]:
    """A line with the keys that NeMo uses, in place of those that the user names."""
    named = {key: name for key, name in asdict(columns).items() if name is not None}
    for key, name in named.items():
        if key not in KEYS:
            raise CorpusError(
                f"{where}: a line of NeMo has no key for {key}",
                hint='read the file as a table: format = "table", or --format table',
            )
        if name not in entry:
            raise CorpusError(f"{where}: no key {name!r}", hint=f"{correct_column(key)}, or the line")
    return entry | {KEYS[key]: entry[name] for key, name in named.items()}


def is_nemo_line(line: str) -> bool:
    """Whether a line is a JSON object with NeMo's key for the audio."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(entry, dict) and "audio_filepath" in entry


def _file(path: Path) -> Path | None:
    if path.is_file():
        return path
    return next((path / name for name in NAMES if (path / name).is_file()), None)


def _refuse_translation(entry: dict[str, object], where: str) -> None:
    """Raises CorpusError for a line of Canary whose text is in another language than what is said."""
    source, target = (str(entry.get(key) or "").lower().replace("_", "-") for key in ("source_lang", "target_lang"))
    if source and target and source.partition("-")[0] != target.partition("-")[0]:
        raise CorpusError(
            f"{where}: the text is a translation: 'source_lang' is {source!r}, and 'target_lang' is {target!r}",
            hint="leave out the lines of translations",
        )


def _add(listing: Listing, entry: dict[str, object], where: str) -> None:
    _refuse_translation(entry, where)
    audio = words_of(entry, "audio_filepath", where)
    text = words_of(entry, "text", where)
    duration, offset = (seconds_of(entry.get(key), key, where) for key in ("duration", "offset"))
    if offset and duration is None:
        raise CorpusError(f"{where}: an 'offset' without a 'duration'", hint="state how long the part is")
    language_key, language = next(
        ((key, value) for key in ("lang", "source_lang") if (value := entry.get(key))), ("lang", None)
    )
    tags = tags_of(table_of_row(entry))
    listing.add(
        where,
        audio,
        text,
        id=None if entry.get("id") is None else words_of(entry, "id", where),
        duration=duration,
        start=offset,
        end=offset + duration if offset is not None and duration is not None else None,
        limit=duration or None if offset is None else None,
        language=str(language) if language is not None else None,
        language_key=language_key,
        group=entry.get("speaker"),
        tags=tags,
    )
