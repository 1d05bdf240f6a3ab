"""Reads the containers that libsndfile does not know (M4A, WebM, WMA, AAC), where PyAV is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MATROSKA = b"\x1a\x45\xdf\xa3"
_ASF = b"\x30\x26\xb2\x75"
_ADTS = (b"\xff\xf1", b"\xff\xf9")


def is_other_container(head: bytes) -> bool:
    """Whether a file begins as one of the containers that libsndfile does not know: MP4, Matroska, ASF, ADTS."""
    return head[4:8] == b"ftyp" or head[:4] in {_MATROSKA, _ASF} or head[:2] in _ADTS


def decode(clip: Clip, file: BinaryIO) -> tuple[NDArray[np.float32], int]:
    """All frames of a file's first audio track, of shape (n, channels), and their sample rate in hertz.

    Raises:
        ClipError: PyAV is not installed, or cannot read the file.
    """
    try:
        import av
    except ImportError:
        raise ClipError(
            f"{clip.label}: {clip.audio} is in a container that libsndfile does not read, and PyAV is not installed",
            mend='uv add --dev "asrlab-pytest[av]", or convert the file to WAV or FLAC',
        ) from None
    try:
        with av.open(file, mode="r") as container:
            if not container.streams.audio:
                raise ClipError(f"{clip.label}: {clip.audio} has no audio track", mend="name another file")
            track = container.streams.audio[0]
            resampler = av.AudioResampler(format="fltp")
            frames = [*container.decode(track), None]
            blocks = [block.to_ndarray() for frame in frames for block in resampler.resample(frame)]
            rate = int(track.rate)
    except (av.FFmpegError, ValueError) as error:
        raise ClipError(
            f"{clip.label}: {clip.audio} is not audio that can be read ({error})", mend="convert it to WAV or FLAC"
        ) from None
    if not blocks:
        return np.zeros((0, 1), np.float32), rate
    return np.concatenate(blocks, axis=1, dtype=np.float32).T, rate
