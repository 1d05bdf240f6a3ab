"""A plain folder: each ``name.wav`` beside a ``name.txt`` with what is said in it."""

from __future__ import annotations

from pathlib import Path

from asrlab_pytest.content import real_path
from asrlab_pytest.corpus.clip import refuse_empty
from asrlab_pytest.corpus.names import ByName
from asrlab_pytest.corpus.readers.listing import AUDIO_SUFFIXES, Listing, text_lines
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import CorpusError

ABOUT = frozenset({"readme", "license", "licence", "copying", "notice", "credits", "changelog"})
"""Texts that are about the folder, and not about a clip."""


class TextFilesReader:
    name = "text-files"
    looks_for = "a folder where each audio file, such as name.wav, has its text beside it in name.txt"
    options = frozenset[str]()

    def detects(self, path: Path) -> bool:
        if not path.is_dir():
            return False
        audio, texts = _files(path)
        return any(texts.key(file.stem) is not None for file in audio)

    def read(self, path: Path, table: CorpusTable) -> Corpus:
        below = next(filter(self.detects, sorted(path.rglob("*"))), None)
        if below is not None:
            raise CorpusError(
                f"{path}: clips in the folder {below.relative_to(path).as_posix()} are not read",
                hint="move all clips into one folder, or make each folder a corpus",
            )
        audio, texts = _files(path)
        unused = dict(texts)
        listing = Listing(real_path(path).name, path, sorted(texts.values()) or [path], tags=table.tags)
        for file in audio:
            name = texts.key(file.stem)
            if name is None:
                raise CorpusError(
                    f"{file} has no text: {file.with_suffix('.txt')} is missing",
                    hint="write the text next to it, or move the audio elsewhere",
                )
            unused.pop(name, None)
            text = texts[name]
            words = " ".join(line.strip() for _, line in text_lines(text))
            refuse_empty(words, table.tags, str(text))
            listing.add(str(file), file.name, words)
        if unused:
            raise CorpusError(
                f"{next(iter(unused.values()))} has no audio file beside it", hint="add the audio, or remove the text"
            )
        corpus = listing.corpus()
        return Corpus(corpus.name, path, corpus.sha256, corpus.samples)


def _files(path: Path) -> tuple[list[Path], ByName[Path]]:
    """The audio files of a folder in the order of their names, and its texts by name without ending."""
    files = sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
    texts = ByName(
        {file.stem: file for file in files if file.suffix.lower() == ".txt" and file.stem.lower() not in ABOUT}
    )
    return [file for file in files if file.suffix.lower() in AUDIO_SUFFIXES], texts
