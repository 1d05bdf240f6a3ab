"""From the channels of a file to one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.downmix import Downmix
from asrlab_pytest.errors import ClipError

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


@pytest.mark.parametrize("offset", [0.0, 0.015, -0.5])
def test_offsets_hide_nothing(clip, offset):
    """Channels that cancel do so with an offset too, and an offset alone is none that cancels."""
    tone = 0.1 * np.sin(np.arange(32_000) / 9)[:, None]
    opposite, alike, constant = (Downmix(clip, 2) for _ in range(3))

    for first in range(0, 32_000, 5_000):
        block = tone[first : first + 5_000]
        opposite.mono((np.hstack([block, -0.999 * block]) + offset).astype(np.float32))
        alike.mono((np.hstack([block, block]) + offset).astype(np.float32))
        constant.mono(np.full((5_000, 2), [offset, -offset], np.float32))

    assert opposite.db < -20
    assert alike.db == pytest.approx(3, abs=0.1)
    assert constant.db == 0.0


def test_channels_that_a_header_does_not_state(clip):
    """More channels than a header states are averaged, and a channel is refused that only the header has."""
    many, absent = Downmix(clip, 2), Downmix(replace(clip, channel=2), 2)

    assert many.mono(np.full((100, 6), 0.5, np.float32)).tolist() == [0.5] * 100
    assert many.db == 0.0
    with pytest.raises(ClipError, match="has no channel 2, but 1"):
        absent.mono(np.ones((100, 1), np.float32))


def test_one_channel_cancels_nothing(clip):
    """A file of one channel has no level of a mean over what it is a mean of."""
    downmix = Downmix(clip, 1)

    downmix.mono(np.ones((100, 1), np.float32))

    assert downmix.db == 0.0
