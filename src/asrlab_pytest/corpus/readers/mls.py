"""Multilingual LibriSpeech: ``mls_<language>/<split>/transcripts.txt`` and ``audio/<speaker>/<book>/<id>.flac``."""

from __future__ import annotations

import re
from pathlib import Path

from asrlab_pytest.content import real_path
from asrlab_pytest.corpus.readers.listing import Listing, only_part, text_lines
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.languages import language_code

LISTING = "transcripts.txt"


class MlsReader:
    name = "mls"
    looks_for = "a folder with transcripts.txt and audio/<speaker>/<book>/, or the folder of its splits"
    options = frozenset({"split"})

    def detects(self, path: Path) -> bool:
        return path.is_dir() and bool(_parts(path))

    def read(self, path: Path, table: CorpusTable) -> Corpus:
        folder = only_part(_parts(path), table.split, path)
        suffix = _suffix(folder)
        language = _language(real_path(folder))
        listing = Listing(real_path(folder).name, folder, [folder / LISTING], tags=table.tags)
        for number, line in text_lines(folder / LISTING):
            where = f"{folder / LISTING}:{number}"
            clip_id, tab, text = line.partition("\t")
            if not tab or not re.fullmatch(r"[^_/\\.]+_[^_/\\.]+_[^_/\\.]+", clip_id):
                raise CorpusError(
                    f"{where}: not of the form speaker_book_segment, a tab, and the text", hint="correct the line"
                )
            speaker, book, _ = clip_id.split("_")
            audio = f"audio/{speaker}/{book}/{clip_id}{suffix}"
            listing.add(where, audio, text.strip(), id=clip_id, language=language, group=speaker)
        return listing.corpus()


def _parts(path: Path) -> dict[str, Path]:
    """The splits of a folder by name; the folder itself where it is one."""
    if _is_split(path):
        return {path.name: path}
    return {folder.name: folder for folder in sorted(path.glob("*")) if _is_split(folder)}


def _is_split(folder: Path) -> bool:
    return (folder / LISTING).is_file() and (folder / "audio").is_dir()


def _suffix(folder: Path) -> str:
    """The ending of the audio files: a release is in FLAC or in Opus as a whole."""
    first = next((folder / "audio").glob("*/*/*.*"), None)
    return ".flac" if first is None else first.suffix


def _language(folder: Path) -> str | None:
    matches = (re.fullmatch(r"mls_([a-z]+)(?:_opus)?", part) for part in reversed(folder.parts))
    name = next((match[1] for match in matches if match), "")
    try:
        return language_code(name)
    except ValueError:
        return None
