"""What an engine that speaks hands over, and what of it cannot be speech."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.contained import EngineFault
from asrlab_pytest.models.engine import Loaded
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.waveform import Waveform

LEAST_RATE, MOST_RATE = 1_000, 768_000
"""Sample rates in hertz that can hold speech."""


def speech_of(piece: Any) -> Waveform:
    """A piece of speech as an engine yielded it, copied: an engine may fill the same buffer again.

    Raises:
        EngineFault: it is not speech.
    """
    given = np.asarray(piece)
    if given.dtype.kind != "f" or given.ndim != 1:
        kind = f"{given.dtype} of shape {given.shape}" if isinstance(piece, np.ndarray) else type(piece).__name__
        raise EngineFault(f"a piece of speech is an array of floats of shape (n,), not {kind}")
    return np.array(given, dtype=np.float32)


def joined(pieces: Iterable[Waveform]) -> Waveform:
    """Pieces of speech as one, of shape (n,)."""
    return np.concatenate([np.zeros(0, dtype=np.float32), *pieces]).astype(np.float32, copy=False)


def until_speech(pieces: Iterable[str | Waveform]) -> None:
    """Take pieces until the first speech: that has run all of a model, and a whole answer may take minutes."""
    for piece in pieces:
        if not isinstance(piece, str) and len(piece):
            return


def require_rate(spec: ModelSpec, speaker: Loaded) -> None:
    """Refuse a sample rate that cannot be that of speech, before the model speaks.

    A few samples at a rate of 1 Hz would be hours of speech, and to resample them would take hours and gigabytes.

    Raises:
        ModelError: it states no sample rate, or none that can be.
    """
    rate = getattr(speaker, "sample_rate", None)
    if not isinstance(rate, int) or not LEAST_RATE <= rate <= MOST_RATE:
        raise ModelError(
            f"model {spec.id}: engine {spec.engine} states the sample rate {rate!r} for its speech",
            hint=f"set sample_rate of what load returns to whole hertz from {LEAST_RATE} to {MOST_RATE}, such as 24000",
        )
