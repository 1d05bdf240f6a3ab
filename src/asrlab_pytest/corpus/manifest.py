"""Reads ``manifest.jsonl``: one JSON object a line, every fault named with file and line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from asrlab_pytest.corpus.clip import Clip, ClipKeys, keys_of, refuse_long_text
from asrlab_pytest.corpus.json_lines import (
    Form,
    first_line,
    language_of,
    refuse_empty_id,
    refuse_no_file,
    refuse_no_hash,
)
from asrlab_pytest.corpus.names import path_in
from asrlab_pytest.corpus.table import fault_of_channel, fault_of_times
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.protocols.entities import ListedEntity, canonical_keyword, is_in, unsupported
from asrlab_pytest.validation import STRICT

MANIFEST_NAME = "manifest.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestLine(ClipKeys):
    """The keys of a line; `audio` is relative to the manifest's folder."""

    __pydantic_config__ = STRICT

    audio: str
    text: str
    id: str | None = None


KEYS = tuple(ManifestLine.__dataclass_fields__)


def is_manifest(path: Path) -> bool:
    """Whether a folder has our manifest, or a file is one: JSON lines that are not NeMo's."""
    manifest = path / MANIFEST_NAME if path.is_dir() else path
    if not manifest.is_file() or manifest.suffix == ".py":
        return False
    line = first_line(manifest)
    looks_so = line.startswith("{") and manifest.name != "metadata.jsonl"
    return (manifest.name == MANIFEST_NAME or looks_so) and '"audio_filepath"' not in line


def clip_of(entry: ManifestLine, folder: Path, where: str, language: str | None = None) -> Clip:
    """The clip of a line; the language is for one that states none.

    Raises:
        CorpusError: its id or its path is empty, its text is too long, its times are impossible, or an entity can never
            be found.
    """
    clip_id = entry.id if entry.id is not None else Path(entry.audio).stem
    refuse_no_file(entry.audio, key="audio", where=where)
    refuse_empty_id(clip_id, noun="clip", where=where)
    refuse_long_text(entry.text, where)
    if entry.start is not None or entry.end is not None:
        fault = fault_of_times(entry.start, entry.end, entry.duration)
        if fault:
            raise CorpusError(f"{where}: {fault}", hint="correct the times; they are seconds into the file")
    fault = fault_of_channel(entry.channel)
    if fault:
        raise CorpusError(f"{where}: {fault}", hint="name the first channel as 1")
    refuse_no_length(entry.duration, entry.sample_rate, where=where)
    refuse_no_hash(entry.sha256, key="sha256", where=where)
    refuse_no_hash(entry.pcm_sha256, key="pcm_sha256", where=where)
    language = language_of(entry.language, where) or language
    refuse_lost_entities(entry.text, entry.entities or (), entry.keywords, language, where=where)
    return Clip(
        **keys_of(entry, ClipKeys, language),
        id=clip_id,
        audio=path_in(folder, entry.audio),
        text=entry.text,
        quarantined=entry.review is not None and entry.review.decision == "quarantine",
    )


MANIFEST = Form(
    file_name=MANIFEST_NAME,
    line=ManifestLine,
    make=clip_of,
    noun="clip",
    known=KEYS,
    example='{"audio": "a.wav", "text": "hello"}',
    missing="corpus",
    hint="name a folder with a manifest.jsonl (in pytest: --asr-corpus), or create a starter project: asrlab init",
)
read_manifest = MANIFEST.read


def refuse_no_length(duration: float | None, sample_rate: int | None, *, where: str) -> None:
    """Refuse what no clip can last, and what no file can be sampled at: sums and filters go by them.

    Raises:
        CorpusError: one of the two is below 0 or no number, or the rate is 0.
    """
    if duration is not None and not 0 <= duration < math.inf:
        raise CorpusError(
            f"{where}: duration must be a number of seconds from 0 up, not {duration}",
            hint="correct it, or leave it out",
        )
    if sample_rate is not None and sample_rate <= 0:
        raise CorpusError(
            f"{where}: sample_rate must be above 0, not {sample_rate}", hint="correct it, or leave it out"
        )


def in_language(language: str | None) -> str:
    """Of a language, or of none, in a message."""
    return "where no language is stated" if language is None else f"in the language {language!r}"


def state_language(language: str | None) -> str:
    """The hint where a language is missing; empty where it is stated."""
    if language is not None:
        return ""
    return 'set it: "language": "en" in the line, or language = "en" in [tool.asrlab] for all'


def refuse_lost_entities(
    text: str, listed: Sequence[ListedEntity], keywords: Sequence[str], language: str | None, *, where: str
) -> None:
    """Refuse what could never be found in a hypothesis, and so would always count as missed.

    Raises:
        CorpusError: no rules find a type in the language, a keyword has nothing to hear, or an entity is not in the
            text, neither as it is listed nor by the rules.
    """
    if not listed and not keywords:
        return
    types = unsupported(listed, language)
    if types:
        raise CorpusError(
            f"{where}: key 'entities': no rules find the type {types[0]} {in_language(language)}",
            hint=state_language(language) or 'outside English, list only "email", "url" and "keyword"',
        )
    names = (*keywords, *(entity.value for entity in listed if entity.type == "keyword"))
    empty = [name for name in names if not canonical_keyword(name)]
    if empty:
        raise CorpusError(
            f"{where}: the keyword {empty[0]!r} has no letter and no digit", hint="correct it, or leave it out"
        )
    lost = next((entity for entity in listed if not is_in(text, entity, language)), None)
    if lost is not None:
        raise CorpusError(
            f"{where}: key 'entities': the text does not have the {lost.type} {str(lost)!r}",
            hint='list its "text" as it is in the transcript, in whole words, or remove it '
            "(a name that was not spoken belongs in keywords)",
        )
