"""Keeps speech that a model made as a file that any player plays."""

from __future__ import annotations

from pathlib import Path

from asrlab_pytest.content import replacing
from asrlab_pytest.waveform import Waveform


def write_speech(path: Path, samples: Waveform, sample_rate: int) -> None:
    """Write a WAV file of 16 bits in one piece: a reader sees the older one or the new one, and never a half.

    Samples beyond full scale are cut there, and those that are no numbers are silence.

    Raises:
        OSError: it cannot be written.
    """
    import numpy as np
    import soundfile

    bounded = np.clip(np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0)
    with replacing(path) as file:
        soundfile.write(file, np.round(bounded * 32767).astype(np.int16), sample_rate, "PCM_16", format="WAV")
