"""Reads the plainest WAV files, of 16-bit samples behind a head of 44 bytes: of a short clip, in a fifth of the time.

What soundfile and the search for faults do once a file takes longer than to read the samples. Whatever is not exactly
so is left to them.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

import numpy as np

from asrlab_pytest.corpus.stated_samples import at
from asrlab_pytest.corpus.track import Track
from asrlab_pytest.waveform import Waveform

_HEAD = struct.Struct("<4sI4s4sIHHIIHH4sI")
_NAMES = (b"RIFF", b"WAVE", b"fmt ", b"data")
_PCM = 1
_BYTES = 2
"""Of a sample."""
_MOST_CHANNELS = 1024
_HIGHEST_RATE = (1 << 31) - 1
"""libsndfile refuses more, as it does more channels."""
_MOST_FRAMES = 1 << 31
"""More than a head of 32 bits can state."""
_BLOCK = 1 << 20
"""Samples of a block, over all channels."""
_STEP = np.float32(1 / (1 << 15))


def track(file: BinaryIO) -> Track | None:
    """The sound of a plain WAV file that ends with its samples; None of any other. The file is left at its start."""
    length = file.seek(0, os.SEEK_END)
    head = at(file, 0, _HEAD.size)
    file.seek(0)
    if len(head) < _HEAD.size:
        return None
    riff, rest, wave, form, form_size, coding, channels, rate, speed, frame, bits, data, size = _HEAD.unpack(head)
    stated = (rest, form_size, coding, bits, frame, speed, size)
    plain = (length - 8, 16, _PCM, 8 * _BYTES, channels * _BYTES, rate * frame, length - _HEAD.size)
    is_plain = (riff, wave, form, data) == _NAMES and stated == plain
    if not is_plain or not 0 < channels <= _MOST_CHANNELS or not 0 < rate <= _HIGHEST_RATE or not size or size % frame:
        return None
    return Track(rate=rate, channels=channels, frames=size // frame, read=partial(_blocks, file, channels))


def _blocks(file: BinaryIO, channels: int, first: int, count: int | None) -> Iterator[Waveform]:
    frame = channels * _BYTES
    file.seek(_HEAD.size + first * frame)
    left = _MOST_FRAMES if count is None else count
    while left and (content := file.read(frame * min(_BLOCK // channels, left))):
        frames = len(content) // frame
        left -= frames
        samples = np.frombuffer(content, "<i2", frames * channels).astype(np.float32)
        # A power of two: the samples are to the bit those of libsndfile.
        samples *= _STEP
        yield samples.reshape(frames, channels)
