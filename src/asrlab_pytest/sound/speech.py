"""Measures speech that a model made: levels, edges, pauses, and what it says twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from asrlab_pytest.corpus.audio import resampled
from asrlab_pytest.records.spoken import Repeat, SpeechSound
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
        rms=decibels(float(np.mean(np.square(bounded, dtype=np.float64))) if len(bounded) else 0.0),
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


HOP = SAMPLE_RATE // 50
"""Samples from one frame to the next: 20 ms."""
WINDOW = 1024
"""Samples of a frame: 64 ms, so that half a hop more or less changes little."""
BANDS = 24
RANGE = 40.0
"""Decibels below the loudest band: what is softer is silence, and one silence is like another."""
SHORTEST = 1.0
"""Seconds of a stretch: a deterministic synthesizer says a word or two in much the same way in two places."""
ALIKE = 1.5
"""Decibels, the mean over bands and frames, by which a stretch and its repetition differ at most: twice the same
samples, moved by half a hop, scaled by 0.9 and with a little noise, are below it, the same words said twice above."""
FULL = 0.5
"""Share of a stretch's frames that hold sound: silence alone repeats nothing."""
LIVELY = 4.0
"""Decibels between frames 0.1 s apart, on average: a hum is like itself at any distance."""
FURTHEST = 30.0
"""Seconds between a stretch and its repetition: a loop comes again sooner."""
MOST = 10
"""Most repetitions that are reported for one recording."""
_BLOCK = 3000
"""Frames that are transformed together."""


def find_repeats(samples: NDArray[np.float32]) -> tuple[Repeat, ...]:
    """The longest stretches that come again, in the order of their repetition; samples are mono at 16 kHz."""
    least = round(SHORTEST * SAMPLE_RATE / HOP)
    bands = _bands(samples)
    if len(bands) < 2 * least:
        return ()
    sounds = _mean(bands.max(axis=1) > 0.0, least) >= FULL
    lively = _mean(np.abs(bands[5:] - bands[:-5]).mean(axis=1), least)
    can_repeat = sounds[: len(lively)] & (lively >= LIVELY)
    furthest = min(len(bands) - least, round(FURTHEST * SAMPLE_RATE / HOP))
    matches: list[tuple[int, int, int]] = []
    # From a quarter of the shortest: a loop may be of a syllable, and its run is then long nevertheless.
    for lag in range(least // 4, furthest + 1):
        alike = _mean(np.abs(bands[lag:] - bands[:-lag]).mean(axis=1), least) <= ALIKE
        alike = alike[: len(can_repeat)] & can_repeat[: len(alike)]
        matches += [(last - first + least, first, first + lag) for first, last in runs(alike)]
    return tuple(Repeat(*(round(frame * HOP / SAMPLE_RATE, 2) for frame in each)) for each in _apart(matches))


def _apart(matches: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The longest as (start, again, length), of which no two share a repetition; of equals the nearest."""
    chosen: list[tuple[int, int, int]] = []
    for length, start, again in sorted(matches, key=lambda match: (-match[0], match[2] - match[1])):
        if len(chosen) == MOST:
            break
        if all(again + length <= other or other + size <= again for _, other, size in chosen):
            chosen.append((start, again, length))
    return sorted(chosen, key=lambda match: match[1])


def runs(flags: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """First and last place of each run of true flags."""
    if flags.any():
        edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
        yield from zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True)


def _mean(values: NDArray[np.generic], size: int) -> NDArray[np.float64]:
    """Mean over each stretch of so many values."""
    sums = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    return np.asarray((sums[size:] - sums[:-size]) / size)


def _bands(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Decibels above the floor in each band of each frame, of shape (frames, bands)."""
    count = max((len(samples) - WINDOW) // HOP + 1, 0)
    filters = _filters()
    window = np.hanning(WINDOW)
    power = np.empty((count, BANDS), dtype=np.float32)
    for first in range(0, count, _BLOCK):
        part = samples[first * HOP : (min(first + _BLOCK, count) - 1) * HOP + WINDOW]
        frames = np.lib.stride_tricks.sliding_window_view(part, WINDOW)[::HOP]
        power[first : first + len(frames)] = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2 @ filters
    levels = 10 * np.log10(power + np.float32(1e-10))
    floor = levels.max(initial=-100.0) - RANGE
    return np.asarray(np.maximum(levels - floor, 0.0), dtype=np.float32)


def _filters() -> NDArray[np.float64]:
    """Weight of each frequency in each band, of shape (frequencies, bands): triangles, equally wide to the ear."""
    hertz = np.fft.rfftfreq(WINDOW, 1 / SAMPLE_RATE)
    ear = 2595 * np.log10(1 + hertz / 700)
    edges = np.linspace(ear[5], ear[-1], BANDS + 2)
    rising = (ear[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - ear[:, None]) / (edges[2:] - edges[1:-1])
    return np.asarray(np.maximum(np.minimum(rising, falling), 0.0))
