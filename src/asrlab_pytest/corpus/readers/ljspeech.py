"""LJ Speech: ``metadata.csv`` with ``id|text as printed|text as read`` and no heading, beside ``wavs/``."""

from __future__ import annotations

from pathlib import Path

from asrlab_pytest.content import real_path
from asrlab_pytest.corpus.json_lines import first_line
from asrlab_pytest.corpus.readers.listing import Listing, inside, text_lines
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import CorpusError

LISTING = "metadata.csv"
PRINTED, READ = "raw", "normalized"


class LJSpeechReader:
    name = "ljspeech"
    looks_for = "a folder with wavs/ and a metadata.csv whose lines are id|text|normalized text"
    options = frozenset({"columns"})

    def detects(self, path: Path) -> bool:
        file = _file(path)
        return (file.parent / "wavs").is_dir() and 1 <= first_line(file).count("|") <= 2  # noqa: PLR2004

    def read(self, path: Path, table: CorpusTable) -> Corpus:
        file = _file(path)
        wanted = table.columns.text or READ
        if wanted not in {PRINTED, READ}:
            raise CorpusError(f"{file}: no column {wanted!r} for the text", hint=f"choose {READ} or {PRINTED}")
        listing = Listing(real_path(file.parent).name, file.parent / "wavs", [file], tags=table.tags)
        for number, line in text_lines(file):
            where = f"{file}:{number}"
            clip_id, *texts = line.split("|")
            if not 1 <= len(texts) <= 2:  # noqa: PLR2004
                raise CorpusError(f"{where}: not of the form id|text|normalized text", hint="correct the line")
            if not texts[-1].strip() and texts[0].strip() and wanted == READ:
                raise CorpusError(
                    f"{where}: the normalized text is empty",
                    hint='write it, or use the printed text: columns = { text = "raw" }, or --column text=raw',
                )
            text = texts[0] if wanted == PRINTED else texts[-1]
            name = inside(clip_id.strip(), where)
            listing.add(where, f"{name}.wav", text.strip(), id=name)
        return listing.corpus()


def _file(path: Path) -> Path:
    return path / LISTING if path.is_dir() else path
