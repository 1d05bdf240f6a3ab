"""The signal-to-noise ratio that is estimated from the audio of a clip."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.sound.clip import signal_to_noise

NOISY = {
    clip.id: (clip, int(tag.removeprefix("snr")))
    for clip in read_manifest(Path(__file__).parents[2] / "fixtures" / "audio").samples
    for tag in clip.tags
    if tag.startswith("snr")
}


@pytest.mark.parametrize("name", NOISY)
def test_speech_in_noise(name):
    """White, pink and babble noise that was added to speech is estimated to within 2 dB."""
    clip, decibels = NOISY[name]

    assert signal_to_noise(load_audio(clip).samples) == pytest.approx(decibels, abs=2)


@given(decibels=st.floats(-5, 40), volume=st.floats(0.1, 1), seed=st.integers(0, 9))
@settings(max_examples=30, deadline=None)
def test_any_volume(decibels, volume, seed):
    """Tones with pauses in white noise have the ratio that they were mixed with, at any volume that 16 bits resolve."""
    time = np.arange(48_000) / 16_000
    signal = np.sin(2 * np.pi * 300 * time) * (np.sin(2 * np.pi * time) > 0)
    noise = np.random.default_rng(seed).standard_normal(len(time))
    noise *= np.sqrt(np.mean(signal**2) / np.mean(noise**2) / 10 ** (decibels / 10))
    mixed = (0.1 * volume * (signal + noise)).astype(np.float32)

    assert signal_to_noise(mixed) == pytest.approx(decibels, abs=1.5)


@pytest.mark.parametrize("samples", [np.zeros(16_000), np.ones(16_000), np.ones(7_000) * np.arange(7_000) % 2])
def test_nothing_to_measure(samples):
    """Silence, a constant offset and audio below half a second have no ratio."""
    assert signal_to_noise(samples.astype(np.float32)) is None
