"""Makes one channel of the several of a file, and tells whether they cancel each other out."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError

_LEAST = 1e-12
"""Mean power below which nothing is heard, and nothing cancels."""
_ROUNDING = 1e-5
"""Of the power of a file: less than that may come from the precision of its sums."""


class Downmix:
    """Makes one channel of the blocks of a file.

    Args:
        clip: Whose `channel` is asked for.
        channels: Of the file.

    Raises:
        ClipError: the file has no such channel.
    """

    def __init__(self, clip: Clip, channels: int) -> None:
        _refuse_absent(clip, channels)
        self._clip = clip
        self._mixed = self._separate = 0.0
        self._frames = 0
        # Of as many channels as are decoded, which a header may not know.
        self._totals: NDArray[np.float64] = np.zeros(1)

    def mono(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """One channel of frames of shape (n, channels)."""
        if self._clip.channel is not None:
            _refuse_absent(self._clip, block.shape[1])
            return np.ascontiguousarray(block[:, self._clip.channel - 1])
        with np.errstate(over="ignore", invalid="ignore"):  # Values that are no samples are refused later.
            if block.shape[1] == 1:
                # To the bit what the mean gives, of which a negative zero is no part, in a tenth of the time.
                return block[:, 0] + np.float32(0)
            mean: NDArray[np.float32] = block.mean(axis=1, dtype=np.float32)
            self._mixed += float(np.dot(mean, mean))
            self._separate += float(np.vdot(block, block)) / block.shape[1] ** 2
            self._totals = self._totals + block.sum(axis=0, dtype=np.float64)
        self._frames += len(block)
        return mean

    @property
    def db(self) -> float:
        """Level of the mean over what it is of unlike channels: 3 where two are alike, below 0 where they cancel.

        Offsets, which never cancel, are no part of it.
        """
        offsets = self._totals / len(self._totals)
        separate = self._separate - float(np.dot(offsets, offsets)) / max(self._frames, 1)
        if separate <= max(_LEAST, _ROUNDING * self._separate):
            return 0.0
        mixed = self._mixed - float(offsets.sum()) ** 2 / max(self._frames, 1)
        return 10 * math.log10(max(mixed / separate, 1e-10))


def _refuse_absent(clip: Clip, channels: int) -> None:
    if clip.channel is not None and not 1 <= clip.channel <= channels:
        raise ClipError(
            f"{clip.label}: {clip.audio} has no channel {clip.channel}, but {channels}",
            hint="correct channel; the first is 1",
        )
