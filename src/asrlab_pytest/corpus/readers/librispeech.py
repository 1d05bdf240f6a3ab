"""LibriSpeech: ``<subset>/<speaker>/<chapter>/<speaker>-<chapter>.trans.txt`` beside the audio of its lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from asrlab_pytest.content import real_path
from asrlab_pytest.corpus.names import ByName
from asrlab_pytest.corpus.readers.listing import AUDIO_SUFFIXES, Listing, inside, text_lines
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import CorpusError

DEPTHS = ("*.trans.txt", "*/*.trans.txt", "*/*/*.trans.txt", "*/*/*/*.trans.txt")
"""From a chapter's folder up to that of all subsets."""


class LibriSpeechReader:
    name = "librispeech"
    looks_for = "folders <speaker>/<chapter>/ with <speaker>-<chapter>.trans.txt, or a folder above or below these"
    options = frozenset({"split"})

    def detects(self, path: Path) -> bool:
        return path.is_dir() and next(_transcripts(path), None) is not None

    def read(self, path: Path, table: CorpusTable) -> Corpus:
        folder = path if table.split is None else path / table.split
        transcripts = sorted(_transcripts(folder))
        if not transcripts:
            raise CorpusError(f"{folder} has no *.trans.txt below it", hint="name the folder of a subset")
        listing = Listing(real_path(folder).name, folder, transcripts, tags=table.tags)
        for transcript in transcripts:
            _add_chapter(listing, transcript, folder)
        corpus = listing.corpus()
        return Corpus(corpus.name, folder, corpus.sha256, corpus.samples)


def _transcripts(folder: Path) -> Iterator[Path]:
    for depth in DEPTHS:
        yield from folder.glob(depth)


def _add_chapter(listing: Listing, transcript: Path, folder: Path) -> None:
    chapter = transcript.parent.relative_to(folder)
    tags = chapter.parts[:1] if len(chapter.parts) == 3 else ()  # noqa: PLR2004 - subset, speaker, chapter
    files = (file for file in transcript.parent.iterdir() if file.suffix.lower() in AUDIO_SUFFIXES)
    audio = ByName({file.stem: file.name for file in files})
    for number, line in text_lines(transcript):
        where = f"{transcript}:{number}"
        clip_id, _, text = line.strip().partition(" ")
        if clip_id.count("-") != 2:  # noqa: PLR2004 - speaker, chapter, utterance
            raise CorpusError(
                f"{where}: {clip_id!r} is not an id of the form speaker-chapter-utterance", hint="correct the line"
            )
        name = audio.find(clip_id) or f"{inside(clip_id, where)}.flac"
        listing.add(
            where, chapter / name, text.strip(), id=clip_id, language="en", group=clip_id.split("-")[0], tags=tags
        )
