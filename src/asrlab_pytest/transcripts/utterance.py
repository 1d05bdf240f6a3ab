"""What was said, and what a model wrote for it, each with its place in a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.protocols.entities import ListedEntity


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What was said in one clip."""

    id: str
    text: str
    where: str
    """File and line, for messages."""
    language: str | None = None
    normalization: str | None = None
    group: str | None = None
    tags: tuple[str, ...] = ()
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


class _Placed(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def where(self) -> str: ...


Placed = TypeVar("Placed", bound=_Placed)


def by_id(utterances: Iterable[Placed]) -> dict[str, Placed]:
    """Utterances or hypotheses by their ids.

    Raises:
        CorpusError: an id is empty or duplicated.
    """
    known: dict[str, Placed] = {}
    for utterance in utterances:
        if not utterance.id.strip():
            raise CorpusError(f"{utterance.where}: the id is empty", hint="give each line a unique id")
        if utterance.id in known:
            raise CorpusError(
                f"{utterance.where}: the id {utterance.id!r} is already in {known[utterance.id].where}",
                hint="give each line a unique id, or remove one of the two",
            )
        known[utterance.id] = utterance
    return known


def of_clips(clips: Sequence[Clip], where: str) -> dict[str, Utterance]:
    """The references of a corpus, by clip id. No audio is opened."""
    return {clip.id: _of_clip(clip, where) for clip in clips}


def _of_clip(clip: Clip, where: str) -> Utterance:
    return Utterance(
        id=clip.id,
        text=clip.text,
        where=f"{where}: {clip.label}",
        language=clip.language,
        normalization=clip.normalization,
        group=clip.group,
        tags=clip.tags,
        seconds=clip.seconds if clip.end is not None else None,
        audio_sha256=clip.sha256,
        entities=clip.entities,
        keywords=clip.keywords,
        quarantined=clip.quarantined,
    )
