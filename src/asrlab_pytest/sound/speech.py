"""Measures speech that a model made: levels, edges, pauses, and what it says twice."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from asrlab_pytest.corpus.audio import resampled
from asrlab_pytest.records.spoken import SpeechSound
from asrlab_pytest.sound.clip import (
    EDGE,
    EDGE_RANGE,
    FULL_SCALE,
    decibels,
    frame_levels,
    loud_and_floor,
    speech_threshold,
    voiced_seconds,
    without_gaps,
)
from asrlab_pytest.sound.repeats import find_repeats, runs
from asrlab_pytest.waveform import SAMPLE_RATE

FRAMES_PER_SECOND = 100
QUIETEST = -60.0
"""Decibels below which no frame is speech, whatever the loudest one is."""
SHORTEST_RUN = 2
"""Samples in a row at full scale from which they count as a run: a lone peak may touch it."""


def measure_speech(samples: NDArray[np.float32], sample_rate: int) -> SpeechSound:
    """Measure speech of shape (n,), mono, whatever it holds.

    Args:
        samples: Nominally within -1 to 1.
        sample_rate: Hertz.
    """
    given = np.ascontiguousarray(samples, dtype=np.float32)
    finite = _finite(given)
    peak = float(np.abs(finite).max(initial=0.0))
    bounded = _bounded(finite)
    levels = _levels(bounded, sample_rate)
    speaks = _speaking(levels)
    leading, trailing, pause = _pauses(speaks, len(finite) / sample_rate)
    clipped, runs = _clipping(finite)
    at_16k = resampled(bounded, sample_rate) if len(bounded) else bounded
    return SpeechSound(
        seconds=len(given) / sample_rate,
        sample_rate=sample_rate,
        pcm_sha256=hashlib.sha256(given.astype("<f4", copy=False).tobytes()).hexdigest(),
        finite=finite is given,
        peak=peak,
        rms=decibels(float(np.var(bounded, dtype=np.float64)) if len(bounded) else 0.0),
        clipped=clipped,
        clipped_runs=runs,
        offset=float(np.mean(bounded, dtype=np.float64)) if len(bounded) else 0.0,
        speech_s=float(speaks.sum()) / FRAMES_PER_SECOND,
        voiced_s=voiced_seconds(at_16k, _loud(at_16k)) if len(at_16k) else 0.0,
        leading_silence_s=leading,
        trailing_silence_s=trailing,
        longest_pause_s=pause,
        ends_in_speech=_ends_loud(levels),
        repeats=find_repeats(at_16k) if speaks.any() else (),
    )


def speech_seconds(samples: NDArray[np.float32], sample_rate: int) -> float:
    """Seconds of speech by its energy, short gaps included, as in `SpeechSound.speech_s`."""
    return float(_speaking(_levels(_bounded(_finite(samples)), sample_rate)).sum()) / FRAMES_PER_SECOND


def _finite(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Samples with 0 in place of those that are no numbers; the same if there is none."""
    is_number = np.isfinite(samples)
    return samples if is_number.all() else np.where(is_number, samples, np.float32(0.0))


def _bounded(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Samples of which no square overflows."""
    return np.clip(samples, -_LOUDEST, _LOUDEST)


_LOUDEST = 1e3


def _levels(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float64]:
    """Level of each hundredth of a second."""
    return frame_levels(samples, max(sample_rate // FRAMES_PER_SECOND, 1)) if len(samples) else np.zeros(0)


def _loud(samples: NDArray[np.float32]) -> float:
    return float(np.percentile(_levels(samples, SAMPLE_RATE), 95))


def _speaking(levels: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which frames hold speech by their energy, short gaps included."""
    # Of the frames that are not digital silence: a long pause must not hide the speech beside it.
    sounding = levels[levels > QUIETEST]
    if not len(sounding):
        return np.zeros(len(levels), dtype=np.bool_)
    threshold = max(speech_threshold(sounding), QUIETEST)
    return without_gaps(levels > threshold)


def _ends_loud(levels: NDArray[np.float64]) -> bool:
    """Whether the last frames are as loud as speech, where speech can be distinguished from silence."""
    if len(levels) <= EDGE:
        return False
    loud, floor = loud_and_floor(levels)
    return loud - floor > EDGE_RANGE + 6 and bool((levels[-EDGE:] > loud - EDGE_RANGE).all())


def _pauses(speaks: NDArray[np.bool_], seconds: float) -> tuple[float, float, float]:
    """Silence before the speech and after it, and the longest within it; all of it is before it where none is."""
    places = np.flatnonzero(speaks)
    if not len(places):
        return seconds, 0.0, 0.0
    first, last = int(places[0]), int(places[-1])
    longest = int(np.diff(places).max(initial=1)) - 1
    after = max(seconds - (last + 1) / FRAMES_PER_SECOND, 0.0)
    return first / FRAMES_PER_SECOND, after, longest / FRAMES_PER_SECOND


def _clipping(samples: NDArray[np.float32]) -> tuple[float, int]:
    """Share of samples at full scale, and in how many places several of them are in a row."""
    if not len(samples):
        return 0.0, 0
    full = np.abs(samples) >= FULL_SCALE
    return float(full.mean()), sum(last - first + 1 >= SHORTEST_RUN for first, last in runs(full))
