"""Segments as the packages of Whisper write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from asrlab_pytest.models.engine import Segment, Word

DETAILS = ("avg_logprob", "compression_ratio", "no_speech_prob", "temperature")


def segment_of(said: Mapping[str, Any], details: Sequence[str] = DETAILS) -> Segment:
    """A segment, with its words where the package has looked for them."""
    words = tuple(
        Word(text=each["word"], start=float(each["start"]), end=float(each["end"]), probability=each["probability"])
        for each in said.get("words") or ()
    )
    return Segment(
        text=said["text"],
        start=float(said["start"]),
        end=float(said["end"]),
        words=words,
        details={name: float(said[name] or 0.0) for name in details},
    )
