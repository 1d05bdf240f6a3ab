"""Clips in one call of faster-whisper's batched pipeline: each in its own slot of one audio array."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from asrlab_pytest.waveform import Waveform

SAMPLE_RATE = 16_000
SLOT = 30
"""Seconds that Whisper reads at once, and the length of a slot."""
FRAMES = 100
"""The pipeline's frames per second."""


def fits(samples: Waveform) -> bool:
    """Whether a clip can share a call: the pipeline splits longer ones at their pauses."""
    return len(samples) < SLOT * SAMPLE_RATE


def joined(clips: Sequence[Waveform]) -> Waveform:
    """One audio array in which each clip is at the start of its slot."""
    import numpy as np

    audio = np.zeros((len(clips), SLOT * SAMPLE_RATE), dtype=np.float32)
    for slot, samples in zip(audio, clips, strict=True):
        slot[: len(samples)] = samples
    return audio.reshape(-1)


def places(clips: Sequence[Waveform]) -> list[dict[str, float]]:
    """Start and end of each clip in seconds; half a sample more at the end, because the pipeline rounds down."""
    return [
        {"start": SLOT * slot, "end": SLOT * slot + (len(samples) + 0.5) / SAMPLE_RATE}
        for slot, samples in enumerate(clips)
    ]


def by_slot(segments: Iterable[Any], count: int) -> list[list[Any]]:
    """The pipeline's segments of each slot, which are told apart by the frame at which it begins."""
    slots: list[list[Any]] = [[] for _ in range(count)]
    for segment in segments:
        slots[segment.seek // (SLOT * FRAMES)].append(segment)
    return slots
