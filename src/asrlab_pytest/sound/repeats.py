"""Finds stretches of speech that come again almost identically, as where a synthesizer has run into a loop."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from asrlab_pytest.records.spoken import Repeat
from asrlab_pytest.waveform import SAMPLE_RATE

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
