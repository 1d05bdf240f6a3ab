"""Reads a clip's audio: any format that soundfile reads, to float32 mono at 16 kHz."""

from __future__ import annotations

import hashlib
import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLE_RATE = 16_000
"""Hertz; what every engine is given."""


@dataclass(frozen=True, slots=True)
class Audio:
    """Decoded audio of one clip."""

    samples: NDArray[np.float32]
    """Shape (n,), mono, 16 kHz, nominally within -1 to 1."""
    sha256: str
    """Of the file's bytes."""

    @property
    def seconds(self) -> float:
        return len(self.samples) / SAMPLE_RATE

    @property
    def pcm_sha256(self) -> str:
        """Of the samples' bytes: the same for two files that an engine cannot tell apart."""
        return hashlib.sha256(self.samples.tobytes()).hexdigest()


def load_audio(clip: Clip) -> Audio:
    """Read, check, downmix and resample a clip.

    Raises:
        ClipError: the file is missing, changed, truncated, empty, not audio, or holds values that are not numbers.
    """
    content = _read(clip)
    sha256 = _checked_hash(clip, content)
    frames, sample_rate = _decode(clip, content)
    if not len(frames):
        raise ClipError(f"clip {clip.id}: {clip.audio} holds zero samples")
    if not np.isfinite(frames).all():
        raise ClipError(f"clip {clip.id}: {clip.audio} holds samples that are NaN or infinite")
    mono = frames.mean(axis=1, dtype=np.float32)
    if sample_rate != SAMPLE_RATE:
        mono = soxr.resample(mono, sample_rate, SAMPLE_RATE, quality="HQ")
    if not len(mono):
        raise ClipError(f"clip {clip.id}: {clip.audio} is too short: {len(frames)} frames at {sample_rate} Hz")
    return Audio(np.ascontiguousarray(mono, dtype=np.float32), sha256)


def _read(clip: Clip) -> bytes:
    try:
        return clip.audio.read_bytes()
    except FileNotFoundError:
        raise ClipError(
            f"clip {clip.id}: no file {clip.audio}", mend='correct "audio" in the manifest, or put the file there'
        ) from None
    except OSError as error:
        raise ClipError(f"clip {clip.id}: cannot read {clip.audio}: {error.strerror}") from None


def _checked_hash(clip: Clip, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    if clip.sha256 is not None and clip.sha256.lower() != sha256:
        raise ClipError(
            f"clip {clip.id}: {clip.audio} is not the file of the manifest "
            f"(sha256 {sha256[:12]}..., the manifest says {clip.sha256[:12]}...)",
            mend="restore the file, or check that it still says its reference and correct the manifest",
        )
    return sha256


def _decode(clip: Clip, content: bytes) -> tuple[NDArray[np.float32], int]:
    """Frames of shape (n, channels), and their sample rate in hertz."""
    if not content:
        raise ClipError(f"clip {clip.id}: {clip.audio} is empty (0 bytes)")
    missing = _missing_wav_bytes(content)
    if missing:
        raise ClipError(f"clip {clip.id}: {clip.audio} is truncated: {missing} bytes of its samples are missing")
    try:
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            if file.frames >= _UNKNOWN_FRAMES:
                raise ClipError(
                    f"clip {clip.id}: {clip.audio} does not say how long it is",
                    mend="write it again from a file, not through a pipe",
                )
            frames = file.read(dtype="float32", always_2d=True)
            announced, sample_rate = file.frames, file.samplerate
    except soundfile.LibsndfileError as error:
        raise ClipError(
            f"clip {clip.id}: {clip.audio} is not audio that can be read ({error.error_string.rstrip('.')})",
            mend="convert it to WAV or FLAC",
        ) from None
    if len(frames) < announced:
        raise ClipError(f"clip {clip.id}: {clip.audio} is truncated: {len(frames)} of {announced} frames can be read")
    return frames, sample_rate


_UNKNOWN_FRAMES = 2**62
"""From here up, what libsndfile says of a FLAC file whose writer did not know its length."""
_UNKNOWN_SIZE = 0xFFFFFF00
"""From here up, what a streaming writer leaves behind where it meant "to the end"."""


def _missing_wav_bytes(content: bytes) -> int:
    """How many bytes a RIFF data chunk lacks: libsndfile silently shortens it to what is there."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        return 0
    position = 12
    while position + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, position)
        position += 8
        if name == b"data":
            return 0 if size >= _UNKNOWN_SIZE else max(0, position + size - len(content))
        position += size + size % 2
    return 0
