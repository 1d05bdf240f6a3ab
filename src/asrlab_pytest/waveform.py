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
