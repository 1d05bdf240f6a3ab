"""Data directories of Kaldi and ESPnet: ``wav.scp`` and ``text``, with ``segments``, ``utt2spk`` and ``utt2dur``.

Layout: Kaldi's documentation, "Data preparation". Nothing in ``wav.scp`` is ever run.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from asrlab_pytest.content import real_path
from asrlab_pytest.corpus.names import ByName
from asrlab_pytest.corpus.readers.listing import Listing, seconds_of, text_lines
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.corpus.table import CorpusTable, fault_of_times
from asrlab_pytest.errors import CorpusError

_ARCHIVE = re.compile(r"\.ark:\d+(\[.*\])?$")


class Place(NamedTuple):
    """Where the audio of an utterance is."""

    audio: str
    start: float | None = None
    end: float | None = None


class KaldiReader:
    name = "kaldi"
    looks_for = "a folder with wav.scp and text"
    options = frozenset({"audio"})

    def detects(self, path: Path) -> bool:
        return path.is_dir() and (path / "wav.scp").is_file()

    def read(self, path: Path, table: CorpusTable) -> Corpus:
        folder = path if table.audio is None else path / table.audio
        files = [path / name for name in ("text", "wav.scp", "segments", "utt2spk", "utt2dur")]
        missing = next((file for file in files[:2] if not file.is_file()), None)
        if missing is not None:
            raise CorpusError(f"{missing} is missing", hint="a data directory needs wav.scp and text")
        files = [file for file in files if file.is_file()]
        places = _places(path)
        speakers = ByName(pair for _, pair in _numbered(path / "utt2spk")) if (path / "utt2spk").is_file() else ByName()
        durations = _durations(path / "utt2dur")
        listing = Listing(real_path(path).name, folder, files, tags=table.tags)
        unused = set(places)
        for where, (utterance, text) in _numbered(path / "text", can_be_empty=True):
            name = places.key(utterance)
            if name is None:
                raise CorpusError(
                    f"{where}: the utterance {utterance!r} has no audio in {path / _of_audio(path)}",
                    hint=_ONE_FORM if places.forms(utterance) else _FIX,
                )
            place = places[name]
            unused.discard(name)
            listing.add(
                where,
                place.audio,
                text,
                id=utterance,
                group=speakers.find(utterance),
                duration=durations.find(utterance),
                start=place.start,
                end=place.end,
            )
        if unused:
            raise CorpusError(
                f"{path / _of_audio(path)}: the utterance {min(unused)!r} has no line in {path / 'text'}",
                hint=_FIX,
            )
        return listing.corpus()


_TWICE = "remove one of the lines"
_ONE_FORM = "several lines there have this name in other Unicode forms: write it in one form (NFC) in all files"
_FIX = "Kaldi's utils/fix_data_dir.sh removes unpaired entries"


def _of_audio(folder: Path) -> str:
    return "segments" if (folder / "segments").is_file() else "wav.scp"


def _places(folder: Path) -> ByName[Place]:
    """Where each utterance is: in a file of its own, or in a segment of a recording."""
    recordings: ByName[Place] = ByName()
    for where, (recording, value) in _numbered(folder / "wav.scp"):
        if recording in recordings:
            raise CorpusError(f"{where}: the recording {recording!r} is duplicated", hint=_TWICE)
        recordings[recording] = Place(_audio(value, where))
    if not (folder / "segments").is_file():
        return recordings
    places: ByName[Place] = ByName()
    for where, (utterance, rest) in _numbered(folder / "segments"):
        fields = rest.split()
        if len(fields) != 3:  # noqa: PLR2004
            raise CorpusError(f"{where}: not of the form utterance recording start end", hint="correct the line")
        whole = recordings.find(fields[0])
        if whole is None:
            raise CorpusError(
                f"{where}: no recording {fields[0]!r} in {folder / 'wav.scp'}",
                hint=_ONE_FORM if recordings.forms(fields[0]) else _FIX,
            )
        if utterance in places:
            raise CorpusError(f"{where}: the utterance {utterance!r} is duplicated", hint=_TWICE)
        start = seconds_of(fields[1], "start", where)
        # Kaldi's own mark for the end of the recording.
        end = None if fields[2] in {"-1", "-1.0"} else seconds_of(fields[2], "end", where)
        fault = fault_of_times(start, end)
        if fault:
            raise CorpusError(f"{where}: {fault}", hint="correct the times")
        places[utterance] = Place(whole.audio, start, end)
    return places


def _durations(file: Path) -> ByName[float | None]:
    """Seconds by utterance, where the folder has them."""
    rows = _numbered(file) if file.is_file() else []
    return ByName((utterance, seconds_of(value, "duration", where)) for where, (utterance, value) in rows)


def _audio(value: str, where: str) -> str:
    if value.endswith("|") or value.startswith("|"):
        raise CorpusError(
            f"{where}: a pipe command instead of a file: {value!r}. Commands are never run",
            hint="write the audio to files first, as with wav-copy of Kaldi or format_wav_scp.sh of ESPnet",
        )
    if value == "-" or _ARCHIVE.search(value):
        raise CorpusError(
            f"{where}: {value!r} is not an audio file of its own",
            hint="write the audio to files first, as with wav-copy",
        )
    return value


def _numbered(file: Path, *, can_be_empty: bool = False) -> list[tuple[str, tuple[str, str]]]:
    """The lines of a file as key and value, each with its place."""
    rows = []
    for number, line in text_lines(file):
        key, _, value = line.strip().replace("\t", " ", 1).partition(" ")
        if not value.strip() and not can_be_empty:
            raise CorpusError(f"{file}:{number}: nothing follows {key!r}", hint="complete the line, or remove it")
        rows.append((f"{file}:{number}", (key, value.strip())))
    return rows
