"""Proposes the entities of references, and writes them into a manifest for a person to review."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.corpus.write import backed_up, set_keys
from asrlab_pytest.protocols.entities import Entity, EntityParameters, extract, is_english


def propose(clip: Clip, parameters: EntityParameters) -> tuple[Entity, ...] | None:
    """The entities that the rules find in a clip's reference; keywords have a list of their own.

    None if its entities are listed, or its language has no rules.
    """
    if clip.entities is not None or not is_english(clip.language):
        return None
    entities = extract(clip.text, language=clip.language, parameters=parameters, keywords=clip.keywords)
    return tuple(entity for entity in entities if entity.type != "keyword")


def write_proposals(manifest: Path, parameters: EntityParameters, language: str | None = None) -> Path:
    """Write the proposals into the lines without entities; every other line stays as it is, byte for byte.

    Returns:
        The copy of the manifest as it was.

    Raises:
        CorpusError: the manifest is wrong, or cannot be written.
    """
    backup = backed_up(read_manifest(manifest, language).manifest)
    set_keys(manifest, partial(_entities, parameters), language)
    return backup


def _entities(parameters: EntityParameters, clip: Clip) -> dict[str, object] | None:
    entities = propose(clip, parameters)
    if entities is None:
        return None
    return {"entities": [{"type": entity.type, "value": entity.value, "text": entity.text} for entity in entities]}
