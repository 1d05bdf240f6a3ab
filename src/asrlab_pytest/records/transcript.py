"""What an engine wrote, as a record holds it."""

from __future__ import annotations

from dataclasses import dataclass

from asrlab_pytest.records.types import Bool, Float, Part, Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Word(Part):
    """A word with its place in the audio, in seconds."""

    text: str
    start: Float | None
    end: Float | None
    probability: Float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment(Part):
    """A stretch of a transcript with its place in the audio, in seconds."""

    text: str
    start: Float | None
    end: Float | None
    words: tuple[Word, ...]
    details: dict[str, Float | Bool | None]
    """What the engine says of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript(Part):
    """What the engine wrote, untouched."""

    text: str
    segments: tuple[Segment, ...]
    language: str | None
    """What it decoded in, or detected."""
    cuts: tuple[Seconds, ...] = ()
    """Seconds at which the audio was cut, because it is longer than the engine takes; empty in older records."""
