"""From the channels of a file to one."""

from pathlib import Path

import numpy as np
import pytest

from asrlab_pytest.corpus.audio import Downmix
from asrlab_pytest.corpus.clip import Clip

ODD = [0.0, -0.0, 1.0, -1.0, 1e-45, -1e-45, 3.4e38, np.inf, -np.inf, np.nan]


@pytest.fixture
def clip():
    return Clip(id="one", audio=Path("one.wav"), text="hello")


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_the_mean_to_the_bit(clip, channels):
    """One channel of a file is its mean to the bit, of one channel as of several, for samples are hashed."""
    drawn = np.random.default_rng(0).standard_normal((1_000, channels)).astype(np.float32)
    block = np.concatenate([drawn, np.repeat(np.array(ODD, np.float32)[:, None], channels, axis=1)])

    with np.errstate(all="ignore"):
        mono = Downmix(clip, channels).mono(block)
        mean = block.mean(axis=1, dtype=np.float32)

    assert mono.tobytes() == mean.tobytes()
    assert mono.flags.c_contiguous


def test_one_channel_cancels_nothing(clip):
    """A file of one channel has no level of a mean over what it is a mean of."""
    downmix = Downmix(clip, 1)

    downmix.mono(np.ones((100, 1), np.float32))

    assert downmix.db == 0.0
