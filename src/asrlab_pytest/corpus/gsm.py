"""The samples of GSM 6.10 in WAV and Wave64, of which libsndfile decodes the padding after the last block, too."""

from __future__ import annotations

import os
from typing import BinaryIO, cast

from asrlab_pytest.corpus.seen import Seen
from asrlab_pytest.corpus.stated_samples import stated_samples
from asrlab_pytest.corpus.wave64 import wave64_chunks

FORMATS = ("WAV", "WAVEX", "W64")
"""Containers in which GSM is padded, as libsndfile names them."""
_BLOCK, _SAMPLES = 65, 320
"""Bytes and samples of a block."""


def most_frames(file: BinaryIO | Seen) -> int:
    """How many samples the whole blocks of a file have.

    The file is left where it was: a decoder is at work on it.
    """
    file = cast("BinaryIO", file)
    place = file.tell()
    try:
        length = file.seek(0, os.SEEK_END)
        samples = stated_samples(file, length)
        data = next((chunk for chunk in wave64_chunks(file, length) if chunk.name[:4] == b"data"), None)
    finally:
        file.seek(place)
    start, size = (samples.start, samples.size) if samples else (data.start, data.size) if data else (0, length)
    return min(size or length, length - start) // _BLOCK * _SAMPLES
