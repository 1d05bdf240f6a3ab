"""Proposes the entities of references, and writes them into a manifest for a person to review."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.protocols.entities import Entity, EntityParameters, extract, is_english


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The entities that the rules find in a clip's reference; keywords have a list of their own."""

    clip: Clip
    entities: tuple[Entity, ...]


def propose(clip: Clip, parameters: EntityParameters) -> Proposal | None:
    """A proposal for a clip; None where its entities are listed, or its language has no rules."""
    if clip.entities is not None or not is_english(clip.language):
        return None
    found = extract(clip.text, language=clip.language, parameters=parameters, keywords=clip.keywords)
    return Proposal(clip=clip, entities=tuple(entity for entity in found if entity.type != "keyword"))


def write_proposals(manifest: Path, parameters: EntityParameters) -> Path:
    """Write the proposals into the lines without entities; every other line stays as it is, byte for byte.

    Returns:
        The copy of the manifest as it was.

    Raises:
        CorpusError: the manifest is wrong, or cannot be written.
    """
    corpus = read_manifest(manifest)
    content = corpus.manifest.read_bytes()
    clips = iter(corpus.clips)
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    lines = content.removeprefix(mark).split(b"\n")
    written = [_with_entities(line, next(clips), parameters) if line.strip() else line for line in lines]
    backup = _free_name(corpus.manifest)
    try:
        backup.write_bytes(content)
        new = corpus.manifest.with_name(f"{corpus.manifest.name}.new")
        new.write_bytes(mark + b"\n".join(written))
        new.replace(corpus.manifest)
    except OSError as error:
        raise CorpusError(f"{corpus.manifest} cannot be written: {error.strerror}") from None
    return backup


def _with_entities(line: bytes, clip: Clip, parameters: EntityParameters) -> bytes:
    proposal = propose(clip, parameters)
    if proposal is None:
        return line
    listed = [{"type": one.type, "value": one.value, "text": one.text} for one in proposal.entities]
    ending = b"\r" if line.endswith(b"\r") else b""
    entry = {**json.loads(line), "entities": listed}
    return json.dumps(entry, ensure_ascii=False).encode("utf-8", "surrogatepass") + ending


def _free_name(manifest: Path) -> Path:
    """A name for the copy that no older copy has."""
    names = (manifest.with_name(f"{manifest.name}.bak{n or ''}") for n in range(10_000))
    return next(name for name in names if not name.exists())
