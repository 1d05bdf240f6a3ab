"""From the channels of a file to one: the channel that is asked for, or the mean of all."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError

_LEAST = 1e-12
"""Mean power below which nothing is heard, and nothing cancels."""


class Downmix:
    """Makes one channel of the blocks of a file.

    Args:
        clip: Whose `channel` is asked for.
        channels: Of the file.

    Raises:
        ClipError: the file has no such channel.
    """

    def __init__(self, clip: Clip, channels: int) -> None:
        if clip.channel is not None and not 1 <= clip.channel <= channels:
            raise ClipError(
                f"{clip.label}: {clip.audio} has no channel {clip.channel}, but {channels}",
                hint="correct channel; the first is 1",
            )
        self._channel = clip.channel
        self._mixed = self._separate = 0.0

    def mono(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """One channel of frames of shape (n, channels)."""
        if self._channel is not None:
            return np.ascontiguousarray(block[:, self._channel - 1])
        if block.shape[1] == 1:
            # To the bit what the mean gives, of which a negative zero is no part, in a tenth of the time.
            return block[:, 0] + np.float32(0)
        mean: NDArray[np.float32] = block.mean(axis=1, dtype=np.float32)
        self._mixed += float(np.dot(mean, mean))
        self._separate += float(np.vdot(block, block)) / block.shape[1] ** 2
        return mean

    @property
    def db(self) -> float:
        """Level of the mean over what it is of unlike channels: 3 where two are alike, below 0 where they cancel."""
        if self._separate <= _LEAST:
            return 0.0
        return 10 * math.log10(max(self._mixed / self._separate, 1e-10))
