"""What was said, and what a model wrote for it, each with its place in a file."""

from __future__ import annotations

from dataclasses import dataclass

from asrlab_pytest.corpus.clip import Clip, SampleKeys
from asrlab_pytest.protocols.entities import ListedEntity
from asrlab_pytest.validation import fields_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance(SampleKeys):
    """What was said in one clip."""

    id: str
    text: str
    where: str
    """File and line, for messages."""
    seconds: float | None = None
    """Of the part of a file that the clip is. What a list says of a whole file is not taken for its measure."""
    audio_sha256: str | None = None
    entities: tuple[ListedEntity, ...] | None = None
    keywords: tuple[str, ...] = ()
    quarantined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """What a model wrote for one clip."""

    id: str
    text: str
    where: str


def of_clip(clip: Clip, where: str) -> Utterance:
    """The reference of a clip of a corpus. No audio is opened."""
    return Utterance(
        **fields_of(SampleKeys, clip),
        id=clip.id,
        text=clip.text,
        where=f"{where}: {clip.label}",
        seconds=clip.seconds if clip.end is not None else None,
        audio_sha256=clip.sha256,
        entities=clip.entities,
        keywords=clip.keywords,
        quarantined=clip.quarantined,
    )
