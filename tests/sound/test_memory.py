"""What is measured of a long clip takes little memory beside its samples."""

import numpy as np
import pytest

from asrlab_pytest.corpus.audio import Audio
from asrlab_pytest.sound.clip import measure, signal_to_noise
from asrlab_pytest.waveform import SAMPLE_RATE
from peak_memory import peak_into


@pytest.mark.parametrize("work", [lambda audio: signal_to_noise(audio.samples), measure])
def test_a_long_clip(work):
    """The samples are not copied as a whole, not even as their squares."""
    samples = np.random.default_rng(0).normal(0, 0.1, SAMPLE_RATE * 600).astype(np.float32)
    peaks = []

    with peak_into(peaks):
        work(Audio(samples, "0" * 64))

    assert peaks[0] < samples.nbytes / 2
