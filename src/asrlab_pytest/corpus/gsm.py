"""The samples of GSM 6.10 in WAV and Wave64, of which libsndfile decodes the padding after the last block, too."""

from __future__ import annotations

from typing import BinaryIO

from asrlab_pytest.corpus.scanning import length_of
from asrlab_pytest.corpus.stated_samples import stated_samples
from asrlab_pytest.corpus.wave64 import wave64_samples

FORMATS = ("WAV", "WAVEX", "W64")
"""Containers in which GSM is padded, as libsndfile names them."""
_BLOCK, _SAMPLES = 65, 320
"""Bytes and samples of a block."""


def most_frames(file: BinaryIO) -> int:
    """How many samples the whole blocks of a file have."""
    length = length_of(file)
    samples = stated_samples(file) or wave64_samples(file, length)
    start, size = (samples.start, samples.size) if samples else (0, length)
    return min(size or length, length - start) // _BLOCK * _SAMPLES
