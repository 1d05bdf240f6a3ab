"""Reads a clip's audio: any format that soundfile reads, to float32 mono at 16 kHz; of a segment, only its part."""

from __future__ import annotations

import hashlib
import io
import os
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import soundfile
import soxr

from asrlab_pytest.corpus import containers
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLE_RATE = 16_000
"""Hertz; what every engine is given."""
OVERSHOOT = 0.5
"""Seconds that a segment may end after its file, as in Kaldi's extract-segments; it then ends with the file."""


@dataclass(frozen=True, slots=True)
class Audio:
    """Decoded audio of one clip."""

    samples: NDArray[np.float32]
    """Shape (n,), mono, 16 kHz, nominally within -1 to 1."""
    sha256: str
    """Of the file's bytes."""
    file_rate: int = SAMPLE_RATE
    """Hertz of the file."""

    @property
    def seconds(self) -> float:
        return len(self.samples) / SAMPLE_RATE

    @property
    def pcm_sha256(self) -> str:
        """Of the samples as little-endian float32: the same for two files that an engine cannot tell apart."""
        return hashlib.sha256(self.samples.astype("<f4", copy=False).tobytes()).hexdigest()


def load_audio(clip: Clip) -> Audio:
    """Read, check, downmix and resample a clip.

    Raises:
        ClipError: the file is missing, changed, truncated, empty, not audio, too short for the segment, or holds
            values that are not numbers.
    """
    if clip.is_segment:
        sha256 = _checked_hash(clip, _hash_of_file(clip))
        with _opened(clip) as file:
            frames, sample_rate = _decode(clip, file)
    else:
        with _opened(clip) as file:
            content = file.read()
        sha256 = _checked_hash(clip, hashlib.sha256(content).hexdigest())
        frames, sample_rate = _decode(clip, io.BytesIO(content))
    if not len(frames):
        raise ClipError(f"{clip.label}: {clip.audio} holds zero samples")
    if not np.isfinite(frames).all():
        raise ClipError(f"{clip.label}: {clip.audio} holds samples that are NaN or infinite")
    mono = resampled(frames.mean(axis=1, dtype=np.float32), sample_rate)
    if not len(mono):
        raise ClipError(f"{clip.label}: {clip.audio} is too short: {len(frames)} frames at {sample_rate} Hz")
    audio = Audio(mono, sha256, sample_rate)
    if clip.pcm_sha256 is not None and clip.pcm_sha256.lower() != audio.pcm_sha256:
        raise ClipError(
            f"{clip.label}: {clip.audio} decodes to other samples than those of the manifest "
            f"(sha256 {audio.pcm_sha256[:12]}..., the manifest says {clip.pcm_sha256[:12]}...)",
            mend="use the decoder and resampler that it was locked with, or lock it anew: asrlab corpus lock --force",
        )
    return audio


def resampled(mono: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """Mono samples at the rate that every engine is given."""
    if sample_rate != SAMPLE_RATE:
        mono = soxr.resample(mono, sample_rate, SAMPLE_RATE, quality="HQ")
    return np.ascontiguousarray(mono, dtype=np.float32)


def header(clip: Clip) -> tuple[float, int]:
    """Seconds of a clip and hertz of its file, by a look at the file's header.

    Raises:
        ClipError: the file is missing or not audio.
    """
    with _opened(clip) as file:
        if not file.seek(0, os.SEEK_END):
            raise ClipError(f"{clip.label}: {clip.audio} is empty (0 bytes)")
        file.seek(0)
        if _is_other_container(file):
            frames, sample_rate = containers.decode(clip, file)
            announced = len(frames)
        else:
            with _sound(clip, file) as sound:
                announced, sample_rate = sound.frames, sound.samplerate
    first, last = _range(clip, announced, sample_rate)
    return (last - first) / sample_rate, sample_rate


def _opened(clip: Clip) -> BinaryIO:
    try:
        return clip.audio.open("rb")
    except FileNotFoundError:
        raise ClipError(
            f"{clip.label}: no file {clip.audio}", mend="correct its path in the manifest, or put the file there"
        ) from None
    except OSError as error:
        raise ClipError(f"{clip.label}: cannot read {clip.audio}: {error.strerror}") from None


def _hash_of_file(clip: Clip) -> str:
    """The sha256 of a long file, which is taken once for all of its segments."""
    with _opened(clip) as file:
        status = os.fstat(file.fileno())
    return _hash_of(clip.audio, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=1024)
def _hash_of(path: Path, size: int, mtime_ns: int) -> str:  # noqa: ARG001 - a changed file is another key
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked_hash(clip: Clip, sha256: str) -> str:
    if clip.sha256 is not None and clip.sha256.lower() != sha256:
        raise ClipError(
            f"{clip.label}: {clip.audio} is not the file of the manifest "
            f"(sha256 {sha256[:12]}..., the manifest says {clip.sha256[:12]}...)",
            mend="restore the file, or check that it still says its reference and correct the manifest",
        )
    return sha256


def _decode(clip: Clip, file: BinaryIO) -> tuple[NDArray[np.float32], int]:
    """The clip's frames of shape (n, channels), and their sample rate in hertz."""
    if not file.seek(0, os.SEEK_END):
        raise ClipError(f"{clip.label}: {clip.audio} is empty (0 bytes)")
    missing = _missing_wav_bytes(file)
    if missing:
        raise ClipError(f"{clip.label}: {clip.audio} is truncated: {missing} bytes of its samples are missing")
    if _is_other_container(file):
        frames, sample_rate = containers.decode(clip, file)
        first, last = _range(clip, len(frames), sample_rate)
        return frames[first:last], sample_rate
    with _sound(clip, file) as sound:
        announced, sample_rate = sound.frames, sound.samplerate
        first, last = _range(clip, announced, sample_rate)
        try:
            if first:
                sound.seek(first)
            frames = sound.read(last - first, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            raise _unreadable(clip, error) from None
    if len(frames) < last - first:
        raise ClipError(
            f"{clip.label}: {clip.audio} is truncated: {first + len(frames)} of {announced} frames can be read"
        )
    return frames, sample_rate


def _sound(clip: Clip, file: BinaryIO) -> soundfile.SoundFile:
    try:
        sound = soundfile.SoundFile(file)
    except soundfile.LibsndfileError as error:
        raise _unreadable(clip, error) from None
    if sound.frames >= _UNKNOWN_FRAMES:
        sound.close()
        raise ClipError(
            f"{clip.label}: {clip.audio} does not say how long it is",
            mend="write it again from a file, not through a pipe",
        )
    return sound


def _unreadable(clip: Clip, error: soundfile.LibsndfileError) -> ClipError:
    return ClipError(
        f"{clip.label}: {clip.audio} is not audio that can be read ({error.error_string.rstrip('.')})",
        mend="convert it to WAV or FLAC",
    )


def _range(clip: Clip, frames: int, sample_rate: int) -> tuple[int, int]:
    """The first frame of the clip and the one after its last, in a file of so many frames."""
    if not clip.is_segment:
        return 0, frames
    first = round((clip.start or 0.0) * sample_rate)
    last = frames if clip.end is None else round(clip.end * sample_rate)
    if first >= frames or last > frames + round(OVERSHOOT * sample_rate):
        end = "its end" if clip.end is None else f"{clip.end:g} s"
        raise ClipError(
            f"{clip.label}: the segment from {clip.start or 0.0:g} s to {end} is not within {clip.audio}, "
            f"which is {frames / sample_rate:.3f} s long",
            mend="correct the times, or name the right file",
        )
    return first, min(last, frames)


_UNKNOWN_FRAMES = 2**62
"""From here up, what libsndfile says of a FLAC file whose writer did not know its length."""
_UNKNOWN_SIZE = 0xFFFFFF00
"""From here up, what a streaming writer leaves behind where it meant "to the end"."""


def _is_other_container(file: BinaryIO) -> bool:
    head = file.read(12)
    file.seek(0)
    return containers.is_other_container(head)


def _missing_wav_bytes(file: BinaryIO) -> int:
    """How many bytes a RIFF data chunk lacks: libsndfile silently shortens it to what is there."""
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(12)
    position = 12 if head[:4] == b"RIFF" and head[8:12] == b"WAVE" else length
    missing = 0
    while position + 8 <= length:
        file.seek(position)
        name, size = struct.unpack("<4sI", file.read(8))
        position += 8
        if name == b"data":
            missing = 0 if size >= _UNKNOWN_SIZE else max(0, position + size - length)
            break
        position += size + size % 2
    file.seek(0)
    return missing
