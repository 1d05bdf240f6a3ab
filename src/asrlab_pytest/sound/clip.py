"""Measures the audio of a clip: levels, bands, edges, and how long somebody speaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asrlab_pytest.corpus.audio import Audio
from asrlab_pytest.corpus.track import Gap
from asrlab_pytest.waveform import SAMPLE_RATE

FRAME = SAMPLE_RATE // 100
"""Samples of a frame: 10 ms."""
FLOOR = 1e-10
"""Added to every power, so that silence is -100 dB."""
SPEECH_RANGE = 30.0
"""Decibels below the loud frames (95th percentile) down to which a frame counts as speech."""
LONGEST_GAP = 20
"""Frames: shorter gaps are stops and breaths within speech."""
EDGE = 5
"""Frames at each end: 50 ms."""
EDGE_RANGE = 12.0
"""Decibels below the loud frames down to which an edge counts as speech."""
FULL_SCALE = 0.999
NOISE_FRAME = SAMPLE_RATE // 40
"""Samples of a frame in which noise is measured: 25 ms."""
FEWEST_NOISE_FRAMES = 20
"""Shorter audio, below half a second, has too few pauses to measure its noise."""
PITCH = (70.0, 400.0)
"""Hertz of human voices."""
WINDOW = 640
"""Samples that a pitch is looked for in: 40 ms."""
BLOCK = 250
"""Frames or windows that are looked at together: hours of audio are not held twice."""
STRONGLY_PERIODIC = 0.7
"""Autocorrelation from which a window counts as voiced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What was measured of one clip at 16 kHz. Levels are in decibels below full scale."""

    seconds: float
    file_rate: int
    """Hertz."""
    sha256: str
    pcm_sha256: str
    rms: float
    """Of the samples without their mean, as every level here."""
    loud: float
    """95th percentile over frames."""
    floor: float
    """10th percentile over frames."""
    speech_s: float
    """Seconds of speech by its energy, short gaps included."""
    voiced_s: float
    """Seconds in which the audio is as periodic as a voice."""
    above_4k: float
    """Decibels of what is above 4.1 kHz, relative to the whole."""
    clipped: float
    """Share of samples at full scale."""
    offset: float
    """Mean of the samples, of 1."""
    downmix_db: float
    """Level of the mean of the channels over what it is of unlike ones."""
    gap: Gap | None
    """In the time stamps of the file."""
    starts_in_speech: bool
    ends_in_speech: bool


def measure(audio: Audio) -> Sound:
    """Measure decoded audio. Takes about a hundredth of its duration."""
    samples = audio.samples
    offset = float(np.mean(samples, dtype=np.float64))
    levels = frame_levels(samples)
    loud, floor = loud_and_floor(levels)
    speaks = without_gaps(levels > speech_threshold(levels))
    is_edge_told = loud - floor > EDGE_RANGE + 6
    return Sound(
        seconds=audio.seconds,
        file_rate=audio.file_rate,
        sha256=audio.sha256,
        pcm_sha256=audio.pcm_sha256,
        rms=decibels(_mean(samples, lambda block: np.square(block - offset, dtype=np.float64))),
        loud=loud,
        floor=floor,
        speech_s=float(speaks.sum()) * FRAME / SAMPLE_RATE,
        voiced_s=voiced_seconds(samples, loud),
        above_4k=_share_above(samples, 4100.0, offset),
        clipped=_mean(samples, lambda block: np.abs(block) >= FULL_SCALE),
        offset=offset,
        downmix_db=audio.downmix_db,
        gap=audio.gap,
        starts_in_speech=is_edge_told and bool((levels[:EDGE] > loud - EDGE_RANGE).all()),
        ends_in_speech=is_edge_told and bool((levels[-EDGE:] > loud - EDGE_RANGE).all()),
    )


def _mean(samples: NDArray[np.float32], of: Callable[[NDArray[np.float32]], NDArray[Any]]) -> float:
    """The mean of what is computed of each sample, block by block."""
    size = BLOCK * WINDOW
    return sum(float(of(samples[first : first + size]).sum()) for first in range(0, len(samples), size)) / len(samples)


def signal_to_noise(samples: NDArray[np.float32]) -> float | None:
    """Estimate the signal-to-noise ratio, in decibels.

    The noise is the 10th percentile of the power of frames, as in the pauses of speech, and the signal is what the mean
    power is above it. Meant for noise that is steadier than speech. Audio without a pause seems noisier than it is.

    Args:
        samples: Shape (n,), mono, 16 kHz.

    Returns:
        None for audio that is silent or shorter than half a second.
    """
    if len(samples) // NOISE_FRAME < FEWEST_NOISE_FRAMES:
        return None
    power = _frame_power(samples, NOISE_FRAME)
    tenth, mean = len(power) // 10, float(power.mean())
    if mean <= FLOOR:
        return None
    noise = float(np.partition(power, tenth)[tenth])  # A tenth of the time of np.percentile.
    return 10 * float(np.log10((max(mean - noise, 0.0) + FLOOR) / (noise + FLOOR)))


def decibels(power: float) -> float:
    """The level of a mean power, of 1."""
    return 10 * float(np.log10(power + FLOOR))


def frame_levels(samples: NDArray[np.float32], frame: int = FRAME) -> NDArray[np.float64]:
    """Level of each frame, of so many samples; of a clip shorter than a frame, of that. The clip is not empty."""
    return np.asarray(10 * np.log10(_frame_power(samples, frame) + FLOOR))


def loud_and_floor(levels: NDArray[np.float64]) -> tuple[float, float]:
    """Levels of the loud and of the soft frames: the 95th and the 10th percentile."""
    return float(np.percentile(levels, 95)), float(np.percentile(levels, 10))


def speech_threshold(levels: NDArray[np.float64]) -> float:
    """The level above which a frame is speech, by the loud and the soft frames beside it."""
    loud, floor = loud_and_floor(levels)
    return max(loud - SPEECH_RANGE, min(floor + 6, loud - 12))


def _frame_power(samples: NDArray[np.float32], frame: int) -> NDArray[np.float64]:
    """Mean square of each frame, without the offset."""
    offset = float(samples.mean(dtype=np.float64))
    size = min(frame, len(samples))
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    # The square of (sample - offset), opened up: hours of audio are not copied.
    blocks = (frames[first : first + BLOCK] for first in range(0, len(frames), BLOCK))
    squares = np.concatenate([np.square(block).mean(axis=1, dtype=np.float64) for block in blocks])
    power = squares - 2 * offset * frames.mean(axis=1, dtype=np.float64) + offset**2
    return np.asarray(np.maximum(power, 0.0))


def without_gaps(speaks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Speech with its short gaps filled."""
    filled = speaks.copy()
    places = np.flatnonzero(speaks)
    for last, following in pairwise(places):
        if 1 < following - last <= LONGEST_GAP:
            filled[last:following] = True
    return filled


def _share_above(samples: NDArray[np.float32], hertz: float, offset: float) -> float:
    """Decibels of the power above a frequency, relative to all but that of the offset."""
    size = min(len(samples), 1 << 14)
    power = np.zeros(size // 2 + 1)
    for start in range(0, len(samples) - size + 1, size):
        power += np.abs(np.fft.rfft((samples[start : start + size] - offset) * np.hanning(size))) ** 2
    above = power[np.fft.rfftfreq(size, 1 / SAMPLE_RATE) > hertz].sum()
    return decibels(float(above / power.sum())) if power.sum() > 0 else 0.0


def voiced_seconds(samples: NDArray[np.float32], loud: float) -> float:
    """Seconds whose autocorrelation has a strong peak at a pitch that voices have."""
    count = len(samples) // WINDOW
    windows = samples[: count * WINDOW].reshape(count, WINDOW)
    voiced = sum(_voiced_windows(windows[first : first + BLOCK], loud) for first in range(0, count, BLOCK))
    return voiced * WINDOW / SAMPLE_RATE


def _voiced_windows(block: NDArray[np.float32], loud: float) -> int:
    """How many of these windows, of shape (n, WINDOW), a voice is in."""
    windows = block.astype(np.float64)
    windows -= windows.mean(axis=1, keepdims=True)
    energy = (windows**2).mean(axis=1)
    windows = windows[10 * np.log10(energy + FLOOR) > max(loud - 20, -80.0)]
    if not len(windows):
        return 0
    spectrum = np.fft.rfft(windows, 2 * WINDOW, axis=1)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2, axis=1)[:, :WINDOW]
    lags = np.arange(WINDOW)
    correlation = correlation / (correlation[:, :1] * (1 - lags / WINDOW) + 1e-12)
    first, last = (round(SAMPLE_RATE / hertz) for hertz in reversed(PITCH))
    # A hum below the voices' range is periodic at every lag; a voice has fallen off before its first period.
    dips = correlation[:, :first].min(axis=1) < STRONGLY_PERIODIC / 2
    peaks = correlation[:, first : last + 1].max(axis=1) > STRONGLY_PERIODIC
    return int((dips & peaks).sum())
