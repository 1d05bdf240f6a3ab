"""Audio that is longer than an engine transcribes whole: cut where it is quietest, and put together again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from asrlab_pytest.models.engine import Transcript
from asrlab_pytest.waveform import SAMPLE_RATE, Waveform

if TYPE_CHECKING:
    Transcribe = Callable[[Sequence[Waveform], str | None], list[Transcript]]

FRAME = SAMPLE_RATE // 50
"""Samples in which loudness is measured: 20 ms."""
PAUSE = 15
"""Frames that must be quiet together: 0.3 s."""


def transcribed(
    transcribe: Transcribe,
    batch: Sequence[Waveform],
    language: str | None,
    max_seconds: float | None,
) -> list[Transcript]:
    """Transcripts of audio of any length; each call gets at most as many parts as the batch has clips.

    Args:
        transcribe: Transcribes several pieces of audio that are short enough, in one call.
        batch: Mono, 16 kHz.
        language: The language to decode in.
        max_seconds: The longest audio that `transcribe` takes; None for any.
    """
    cut = [[] if max_seconds is None else cuts(samples, int(max_seconds * SAMPLE_RATE)) for samples in batch]
    if not any(cut):
        return transcribe(batch, language)
    parts = [
        samples[start:end]
        for samples, places in zip(batch, cut, strict=True)
        for start, end in pairwise([0, *places, len(samples)])
    ]
    calls = range(0, len(parts), len(batch))
    written = iter([each for at in calls for each in transcribe(parts[at : at + len(batch)], language)])
    return [_whole([*islice(written, len(places) + 1)], places) for places in cut]


def _whole(parts: Sequence[Transcript], places: Sequence[int]) -> Transcript:
    """The transcript of all parts; that of the engine, untouched, if there is only one."""
    return joined(parts, [place / SAMPLE_RATE for place in places]) if places else parts[0]


def cuts(samples: Waveform, longest: int) -> list[int]:
    """Where to cut, in samples, so that no part is longer than `longest`: at the quietest place of its second half."""
    places: list[int] = []
    start = 0
    while len(samples) - start > longest:
        half = start + longest // 2
        start = half + _quietest(samples[half : start + longest])
        places.append(start)
    return places


def joined(parts: Sequence[Transcript], places: Sequence[float]) -> Transcript:
    """One transcript of the parts, with the times of the whole. `places` are the seconds of the cuts."""
    segments = [
        segment.moved(start) for part, start in zip(parts, [0.0, *places], strict=True) for segment in part.segments
    ]
    return Transcript(
        text=" ".join(filter(None, (part.text.strip() for part in parts))),
        segments=tuple(segments),
        language=next((part.language for part in parts if part.language), None),
        cuts=tuple(places),
    )


def _quietest(samples: Waveform) -> int:
    """The middle of the quietest pause, in samples."""
    import numpy as np

    count = len(samples) // FRAME
    if count <= PAUSE:
        return len(samples)
    power = np.square(samples[: count * FRAME], dtype=np.float64).reshape(count, FRAME).mean(axis=1)
    pauses = np.convolve(power, np.ones(PAUSE), mode="valid")
    return int((pauses.argmin() + PAUSE / 2) * FRAME)
