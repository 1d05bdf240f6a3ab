"""Mozilla Common Voice as it ships: ``<locale>/<split>.tsv`` beside ``clips/``, and ``clip_durations.tsv``.

The tables are written without quoting: a double quote belongs to the sentence.
"""

from __future__ import annotations

from pathlib import Path

from asrlab_pytest.corpus.names import ByName
from asrlab_pytest.corpus.readers.listing import (
    Listing,
    heading_of,
    inside,
    only_part,
    seconds_of,
    table_rows,
)
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import CorpusError

NEEDED = ("client_id", "path", "sentence")
DURATIONS = "clip_durations.tsv"


class CommonVoiceReader:
    name = "common-voice"
    looks_for = "a .tsv file with the columns client_id, path and sentence beside a folder clips/, or their folder"
    options = frozenset({"split"})

    def detects(self, path: Path) -> bool:
        return bool(_parts(path)) if path.is_dir() else path.suffix.lower() == ".tsv" and _is_listing(path)

    def read(self, path: Path, table: CorpusTable) -> Corpus:
        file = only_part(_parts(path) if path.is_dir() else {path.stem: path}, table.split, path)
        durations = _durations(file.parent / DURATIONS)
        listing = Listing(file.stem, file.parent / "clips", [file], tags=table.tags)
        for number, row in table_rows(file, "\t", quotes=False):
            where = f"{file}:{number}"
            missing = [name for name in NEEDED if name not in row]
            if missing:
                raise CorpusError(f"{file}:1: no column {missing[0]!r}", hint='read it as format = "table"')
            name = inside(row["path"].strip(), where)
            listing.add(
                where,
                name if Path(name).suffix else f"{name}.mp3",
                row["sentence"].strip(),
                language=row.get("locale", "").strip().split("-")[0] or None,
                group=row["client_id"],
                duration=durations.find(name),
            )
        return listing.corpus()


def _is_listing(path: Path) -> bool:
    return heading_of(path, "\t") >= set(NEEDED)


def _parts(folder: Path) -> dict[str, Path]:
    """The listings of a folder, by the name of the split."""
    if not (folder / "clips").is_dir():
        return {}
    return {file.stem: file for file in sorted(folder.glob("*.tsv")) if _is_listing(file)}


def _durations(path: Path) -> ByName[float]:
    """Seconds by file name, where the release has them."""
    if not path.is_file():
        return ByName()
    durations: ByName[float] = ByName()
    for number, row in table_rows(path, "\t", quotes=False):
        milliseconds = seconds_of(row.get("duration[ms]"), "duration[ms]", f"{path}:{number}")
        if milliseconds is not None:
            durations[row.get("clip", "")] = milliseconds / 1000
    return durations
