"""The clip as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from asrlab_pytest.errors import CorpusError
from asrlab_pytest.protocols.entities import ListedEntity
from asrlab_pytest.thresholds import Thresholds
from asrlab_pytest.validation import STRICT, fields_of
from asrlab_pytest.visible import visible

NO_THRESHOLDS = Thresholds()
"""Shared, for a corpus may have a hundred thousand clips."""
OVERSHOOT = 0.5
"""Seconds that a segment may end after its file, as in Kaldi's extract-segments; it then ends with the file."""
LONGEST_TEXT = 1_000_000
"""Characters of a text: 15 hours of speech. To score ten times that takes minutes."""
NONSPEECH = frozenset({"nonspeech", "non-speech", "no-speech", "silence"})
"""Tags that mark a clip without speech, whose text may be empty."""
Decision: TypeAlias = Literal["accept", "text", "quarantine", "drop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a person decided about a clip in ``asrlab audit --review``, as its line states it."""

    __pydantic_config__ = STRICT

    date: str
    """ISO 8601."""
    decision: Decision
    """The text is right; it was corrected; the clip is scored apart; the clip is left out."""
    reason: str = ""
    checks: tuple[str, ...] = ()
    """The checks that had found something. Accepted findings are not shown again."""
    before: str | None = None
    """The text as it was, where it was corrected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleKeys:
    """What clips, prompts and dialogues have alike, as their lines state it."""

    language: str | None = None
    """ISO 639-1 code, or None if it is not known."""
    normalization: str | None = None
    """Name of the rules that its texts are compared by; None for those of its language."""
    tags: tuple[str, ...] = ()
    group: str | None = None
    """Speaker or recording session: samples of one group are not independent."""
    license: str | None = None
    source: str | None = None


def keys_of(line: SampleKeys, kind: type[SampleKeys], language: str | None) -> dict[str, Any]:
    """What a line states, for the sample that is made of it.

    Args:
        line: It.
        kind: The class whose keys line and sample have alike.
        language: The code of the language that the line states, or the default.
    """
    return {**fields_of(kind, line), "language": language, "tags": tuple(dict.fromkeys(line.tags))}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenKeys(SampleKeys):
    """What prompts and dialogues have alike, whose audio a model makes."""

    id: str
    """Unique in its set; is in node ids and in every record."""

    @property
    def seconds(self) -> None:
        """Not known: it is as long as the model makes it."""

    @property
    def quarantined(self) -> bool:
        """Always False: only clips are audited."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipKeys(SampleKeys):
    """What a clip has as its line states it."""

    duration: float | None = None
    """Seconds of the clip, as the manifest states it; where it ends, next to a `start` without an `end`."""
    start: float | None = None
    """Seconds into the file where the clip begins; None for the file's beginning."""
    end: float | None = None
    """Seconds into the file where the clip ends; None for `duration` after `start`, or else the file's end."""
    channel: int | None = None
    """Which channel of the file it is, from 1; None for the mean of all."""
    sample_rate: int | None = None
    """Hertz, as the manifest states it."""
    sha256: str | None = None
    """Of the file's bytes; checked whenever the audio is read."""
    pcm_sha256: str | None = None
    """Of the samples that engines are given; checked whenever the audio is read."""
    thresholds: Thresholds = NO_THRESHOLDS
    entities: tuple[ListedEntity, ...] | None = None
    """Entities of the reference; None if they are not listed."""
    keywords: tuple[str, ...] = ()
    """Names and terms to look for, said here or not."""
    review: Review | None = None
    """What a person decided about what the audit found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip(ClipKeys):
    """An audio file and its reference: what was really said."""

    id: str
    """Unique in its corpus; is in node ids and in every record."""
    audio: Path
    """Absolute path of the audio file."""
    text: str
    """The reference, as a person would write it; empty for a clip without speech."""
    quarantined: bool = False
    """Whether its figures are kept out of the pooled ones and the gates: its text is in doubt."""
    limit: float | None = None
    """Seconds of its file, where all that a longer file has after them is no part of the clip; None for no limit."""
    called: str = field(default="", compare=False)
    """What messages call it, where a person knows it by another name: a question by its dialogue and turn."""

    @property
    def recordings(self) -> tuple[Clip, ...]:
        """The clip itself."""
        return (self,)

    @property
    def label(self) -> str:
        """What messages call it."""
        return visible(self.called or f"clip {self.id}")

    @property
    def is_dropped(self) -> bool:
        """Whether a review left it out of every run."""
        return self.review is not None and self.review.decision == "drop"

    @property
    def is_segment(self) -> bool:
        """Whether the clip is a part of its file."""
        return self.start is not None or self.end is not None

    @property
    def may_be_part(self) -> bool:
        """Whether the clip is a part of its file, or is one if the file turns out to be longer."""
        return self.is_segment or self.limit is not None

    @property
    def begin(self) -> float:
        """Seconds into the file where the clip begins."""
        return self.start or 0.0

    @property
    def until(self) -> float | None:
        """Seconds into the file where the clip ends, by `end` or `start` and `duration`; None for the file's end."""
        if self.end is not None or self.start is None or self.duration is None:
            return self.end
        return self.start + self.duration

    @property
    def seconds(self) -> float | None:
        """How long the clip is, as far as that is known without opening the audio: `end` may be past the file's."""
        return seconds_stated(self.start, self.end, self.duration)


def refuse_empty(text: str, tags: Iterable[str], where: str) -> None:
    """Refuse a clip without a text, which is a mistake more often than a clip without speech.

    Raises:
        CorpusError: the text is empty, and no tag marks a clip without speech.
    """
    if not text.strip() and NONSPEECH.isdisjoint(tags):
        raise CorpusError(
            f"{where}: the text is empty",
            hint='write the transcript or, if there is no speech, tag the clip "nonspeech" (a corpus of such clips: '
            'tags = ["nonspeech"], or --tag nonspeech)',
        )


def refuse_long_text(text: str, where: str) -> None:
    """Raises CorpusError for a text that is too long to be scored, and to be what anybody said."""
    if len(text) > LONGEST_TEXT:
        raise CorpusError(
            f"{where}: the text has {len(text):,} characters, and {LONGEST_TEXT:,} is the limit",
            hint="split the recording into clips, each with its text",
        )


def seconds_stated(start: float | None, end: float | None, duration: float | None) -> float | None:
    """How long a clip is at most by what its line states."""
    if end is None:
        return duration
    length = end - (start or 0.0)
    return length if duration is None else min(length, duration)
