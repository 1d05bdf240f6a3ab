"""The samples of audio, as engines take and make them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


Waveform: TypeAlias = "NDArray[np.float32]"
"""Mono samples from -1 to 1. Named here so that what only passes them on need not import numpy."""


SAMPLE_RATE = 16_000
"""Hertz."""


def pcm16(samples: Waveform) -> NDArray[np.int16]:
    """Samples as 16-bit integers: for audio that had 16 bits, exactly those of its file. Cut at full scale."""
    import numpy as np

    numbers = np.clip(np.rint(samples * np.float32(_FULL_SCALE)), -_FULL_SCALE, _FULL_SCALE - 1)
    return np.asarray(numbers, dtype=np.int16)


_FULL_SCALE = 32768
"""What 1 is as a 16-bit integer."""
