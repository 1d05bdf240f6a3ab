"""What is measured of speech that a model made."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from asrlab_pytest.sound.speech import measure_speech
from voices import RATE

ANY_SAMPLES = arrays(np.float32, st.integers(0, 2000), elements=st.floats(width=32))
SOUND_SAMPLES = arrays(np.float32, st.integers(1, 2000), elements=st.floats(-1, 1, width=32))


@given(samples=ANY_SAMPLES, rate=st.sampled_from([8000, 16_000, 22_050, 24_000, 48_000]))
@settings(max_examples=50, deadline=None)
def test_any_samples_are_measured(samples, rate):
    """Whatever the samples are, what is measured of them is plain JSON without NaN."""
    sound = measure_speech(samples, rate)

    assert json.loads(json.dumps(asdict(sound), allow_nan=False))["seconds"] == len(samples) / rate
    assert sound.finite == bool(np.isfinite(samples).all())


@given(samples=SOUND_SAMPLES, factor=st.floats(0.0, 0.99))
@settings(max_examples=50, deadline=None)
def test_softer_is_never_more_clipped(samples, factor):
    """Scaling by less than one adds no clipping and no peak."""
    loud, soft = (measure_speech(each, RATE) for each in (samples, samples * np.float32(factor)))

    assert soft.clipped <= loud.clipped
    assert soft.peak <= loud.peak


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(RATE), np.zeros(RATE // 100)], ids=["none", "1 s", "10 ms"])
def test_nothing_is_silent(samples):
    """Empty audio and digital silence have no speech, no voice and no repetition."""
    sound = measure_speech(samples.astype(np.float32), RATE)

    assert (sound.speech_s, sound.voiced_s, sound.peak, sound.repeats) == (0.0, 0.0, 0.0, ())
    assert sound.leading_silence_s == sound.seconds


@pytest.mark.parametrize("rate", [8000, 16_000, 22_050, 48_000])
def test_edges_and_pauses(rate):
    """Silence is measured in seconds at every sample rate, before the speech, within it and after it."""
    tone = 0.3 * np.sin(2 * np.pi * 200 * np.arange(rate) / rate)
    parts = [np.zeros(rate), tone, np.zeros(2 * rate), tone, np.zeros(rate // 2)]
    sound = measure_speech(np.concatenate(parts).astype(np.float32), rate)

    times = (sound.leading_silence_s, sound.longest_pause_s, sound.trailing_silence_s, sound.speech_s)
    assert times == pytest.approx((1.0, 2.0, 0.5, 2.0), abs=0.05)


def test_clipping_is_counted_in_runs():
    """A lone peak at full scale is a share, and only several in a row are a run."""
    samples = np.zeros(1000, dtype=np.float32)
    samples[[10, 500, 501, 502]] = 1.0

    sound = measure_speech(samples, RATE)

    assert (sound.clipped, sound.clipped_runs) == (0.004, 1)


def _syllables(count):
    """Tenths of a second of sound, each unlike every other."""
    rng = np.random.default_rng(5)
    time = np.arange(RATE // 10) / RATE
    tones = [np.sin(2 * np.pi * np.outer(rng.uniform(100, 6000, 6), time)).sum(axis=0) / 20 for _ in range(count)]
    return np.concatenate(tones).astype(np.float32)


def test_a_stretch_that_comes_again():
    """A second that is played twice is found where it is, and speech without one repeats nothing."""
    speech = _syllables(60)
    start, again = int(1.5 * RATE), int(3.0 * RATE)
    looped = np.concatenate([speech[:again], speech[start:again], speech[again:]])

    assert measure_speech(speech, RATE).repeats == ()
    (repeat,) = measure_speech(looped, RATE).repeats

    assert tuple(repeat) == pytest.approx((1.5, 3.0, 1.5), abs=0.3)


@pytest.mark.parametrize(
    "make", [np.zeros_like, lambda time: 0.3 * np.sin(2 * np.pi * 150 * time)], ids=["zeros", "hum"]
)
def test_what_never_changes_repeats_nothing(make):
    """Silence and a hum are alike at any distance, and are no repetition."""
    assert measure_speech(make(np.arange(5 * RATE) / RATE).astype(np.float32), RATE).repeats == ()
