"""Reads a clip's audio: any format that soundfile reads, to float32 mono at 16 kHz; of a segment, only its part."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import BinaryIO

import numpy as np
import psutil
import soxr
from numpy.typing import NDArray

from asrlab_pytest.corpus import containers, flac, libsndfile, mpeg, unfinished, wave64, whole
from asrlab_pytest.corpus.audio_file import hash_of_open, in_memory, opened
from asrlab_pytest.corpus.clip import OVERSHOOT, Clip
from asrlab_pytest.corpus.downmix import Downmix
from asrlab_pytest.corpus.scanning import at
from asrlab_pytest.corpus.track import Gap, Track, several_streams
from asrlab_pytest.corpus.whole import Whole
from asrlab_pytest.errors import ClipError
from asrlab_pytest.waveform import SAMPLE_RATE

ROUNDING = 0.001
"""Seconds by which a stated duration may miss the end of the file, as `corpus lock` writes three decimals."""
LONGER = 0.02
"""Seconds by which a file must exceed the limit of a clip: a stated duration may be rounded."""
_BYTES = 4
"""Of a sample."""
_FEW = 64
"""Frames that are read to see whether the last one is there."""
_NEVER_ASKED = 16 << 20
"""Bytes, of 4 minutes of audio, that are taken to fit in memory."""
_LOUDEST = 8
"""Beyond full scale, which is 1, by more than recorders of floats go: integers that were saved as floats."""
_AGES = 1e12
"""Seconds, which can be counted in frames."""
_PART = SAMPLE_RATE * 60
"""Samples at 16 kHz that are made at once, at most: of a file of 1 Hz, each frame becomes 16,000."""


@dataclass(frozen=True)
class Audio:
    """Decoded audio of one clip."""

    samples: NDArray[np.float32]
    """Shape (n,), mono, 16 kHz, nominally within -1 to 1; not to be written to."""
    sha256: str
    """Of the file's bytes."""
    file_rate: int = SAMPLE_RATE
    """Hertz of the file."""
    downmix_db: float = 0.0
    """Level of the mean of the file's channels over what it is of unlike ones: far below 0 where they cancel."""
    gap: Gap | None = None
    """In the time stamps of the file, with audio before and after it."""

    @property
    def seconds(self) -> float:
        return len(self.samples) / SAMPLE_RATE

    @cached_property
    def pcm_sha256(self) -> str:
        """Digest of the samples as little-endian float32: equal for two files that are the same to an engine."""
        return hashlib.sha256(np.ascontiguousarray(self.samples, "<f4").data).hexdigest()


def load_audio(clip: Clip) -> Audio:
    """Read, check, downmix and resample a clip, block by block.

    Raises:
        ClipError: the file is missing, changed, truncated, empty, not audio, too long for this machine's memory, too
            short for the segment, or holds values that are not numbers.
    """
    try:
        with opened(clip) as file:
            held = file if clip.is_segment else in_memory(file)
            sha256 = _checked_hash(clip, hash_of_open(clip, held))
            with _sound(clip, held) as sound:
                audio = _decoded(clip, sound, sha256)
    except MemoryError:
        raise _too_long(clip) from None
    if clip.pcm_sha256 is not None and clip.pcm_sha256.lower() != audio.pcm_sha256:
        raise ClipError(
            f"{clip.label}: {clip.audio} decodes to samples that differ from the manifest "
            f"(sha256 {audio.pcm_sha256[:12]}..., the manifest says {clip.pcm_sha256[:12]}...)",
            hint="use the decoder and resampler that it was locked with, or lock it again: asrlab corpus lock --force",
        )
    return audio


def resampled(mono: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """Mono samples at the rate that every engine is given."""
    if sample_rate != SAMPLE_RATE:
        mono = soxr.resample(mono, sample_rate, SAMPLE_RATE, quality="HQ")
    return np.ascontiguousarray(mono, dtype=np.float32)


def header(clip: Clip) -> tuple[float, int]:
    """Seconds of a clip and hertz of its file, by a look at the file's header; by reading it where that has no length.

    Raises:
        ClipError: the file is missing, truncated or not audio.
    """
    try:
        with opened(clip) as file, _sound(clip, file) as sound:
            Downmix(clip, sound.channels)  # Refuses a channel that the file does not have.
            (frames, gap), rate = _length(clip, sound), sound.rate
            if sound.frames is not None and not clip.is_segment:
                _probe(clip, sound, frames)
    except MemoryError:
        raise _too_long(clip) from None
    first, last = _range(clip, rate, frames, gap)
    if not last:
        raise _no_samples(clip)
    if 2 * (last - first) * SAMPLE_RATE < rate:
        raise _too_short(clip, last - first, rate)
    return (last - first) / rate, rate


# ---------------------------------------------------------------------------------------------------------------------
# Decoding


@contextmanager
def _sound(clip: Clip, file: BinaryIO) -> Iterator[Track]:
    """The audio of a clip's file after its ID3 tags, which libsndfile would read as audio in WAV."""
    file = whole.after_tags(file)
    if mpeg.is_joined(file):
        raise several_streams(clip)
    if unfinished.is_finished(file):
        # Nothing is missing, and nothing follows: no other search can find anything.
        with libsndfile.track(clip, file) as sound:
            yield sound
        return
    findings = whole.examined(clip, file)
    if findings.is_joined:
        raise several_streams(clip)
    if findings.fault is not None:
        raise ClipError(f"{clip.label}: {clip.audio} is {findings.fault}", hint="restore the file, or fetch it again")
    head = at(file, 0, containers.LONGEST_HEAD)
    if findings.times.ends_early or containers.is_other_container(head):
        track = containers.track(clip, file)
    else:
        times = findings.times
        track = libsndfile.track(clip, file, patch=_patch(file), gap=times.gap, is_sought=not times.are_split)
    with track as sound:
        yield sound


def _patch(file: BinaryIO) -> tuple[int, bytes] | None:
    """What a decoder must see in place of what it would read wrongly, and where; None if nothing is."""
    return unfinished.size_of_unfinished(file) or flac.number_to_drop(file) or wave64.coding_to_state(file)


def _decoded(clip: Clip, sound: Track, sha256: str) -> Audio:
    """The samples of a clip. Beside them, memory holds one block of the file."""
    first, count = 0, sound.frames
    if clip.may_be_part:
        first, last = _range(clip, sound.rate, *_length(clip, sound))
        count = last - first
    if count is not None:
        _refuse_too_long(clip, count / sound.rate)
    downmix = Downmix(clip, sound.channels)
    samples = _Samples(clip, sound.rate)
    for block in sound.read(first, count):
        samples.add(downmix.mono(block))
    if count is not None and samples.frames < count:
        can = f"{first + samples.frames} of {sound.frames or first + count}"
        raise ClipError(f"{clip.label}: {clip.audio} is truncated: {can} frames can be read")
    if not samples.frames:
        raise _no_samples(clip)
    within = (gap for gap in sound.gaps if first < gap.place * sound.rate < first + samples.frames)
    return Audio(samples.done(), sha256, sound.rate, downmix.db, next(within, None))


class _Samples:
    """Mono samples at 16 kHz, resampled as they come: bit for bit what resampling all at once gives."""

    def __init__(self, clip: Clip, rate: int) -> None:
        self._clip = clip
        self._rate = rate
        self._stream = None if rate == SAMPLE_RATE else soxr.ResampleStream(rate, SAMPLE_RATE, 1, "float32", "HQ")
        self._content = bytearray()
        self.frames = 0
        """Of the file, so far."""

    def add(self, mono: NDArray[np.float32]) -> None:
        peak = np.abs(mono).max(initial=0)
        if not np.isfinite(peak):
            raise ClipError(f"{self._clip.label}: {self._clip.audio} contains NaN or infinite samples")
        if peak > _LOUDEST:
            raise ClipError(
                f"{self._clip.label}: {self._clip.audio} contains samples of {peak:.0f}, far beyond 1",
                hint="divide them by their full scale, such as 32768, or save them as integers",
            )
        # The samples grow in steps of an eighth.
        _refuse_too_long(self._clip, len(mono) / self._rate + len(self._content) / _BYTES / SAMPLE_RATE / 8)
        self.frames += len(mono)
        part = max(1, _PART * self._rate // SAMPLE_RATE)
        for start in range(0, len(mono), part):
            self._keep(mono[start : start + part], last=False)

    def done(self) -> NDArray[np.float32]:
        self._keep(np.zeros(0, np.float32), last=True)
        if not self._content:
            raise _too_short(self._clip, self.frames, self._rate)
        samples = np.frombuffer(self._content, np.float32)
        samples.flags.writeable = False
        return samples

    def _keep(self, mono: NDArray[np.float32], *, last: bool) -> None:
        if self._stream is not None:
            mono = self._stream.resample_chunk(mono, last=last)
        self._content += np.ascontiguousarray(mono, np.float32).data.cast("B") if len(mono) else b""


# ---------------------------------------------------------------------------------------------------------------------
# Length


def _length(clip: Clip, sound: Track) -> tuple[int, Gap | None]:
    """How many frames the whole file has, and the first gap in its time stamps."""
    return (sound.frames, None) if sound.frames is not None else _counted(Whole.of(clip))


@lru_cache(maxsize=1024)
def _counted(file: Whole) -> tuple[int, Gap | None]:
    """How many frames can be read, where nothing states it, and the first gap in their time stamps."""
    with opened(file.clip) as content, _sound(file.clip, content) as sound:
        return sum(map(len, sound.read(0, None))), next(iter(sound.gaps), None)


def _probe(clip: Clip, sound: Track, frames: int) -> None:
    """Look for the last frame that a header claims, by a few: asked for one, libsndfile finds none in SDS and PAF."""
    few = min(frames, _FEW)
    if sum(map(len, sound.read(frames - few, few))) < few:
        raise ClipError(f"{clip.label}: {clip.audio} is truncated: its last frame, of {frames}, cannot be read")


def _refuse_too_long(clip: Clip, seconds: float) -> None:
    needed = seconds * SAMPLE_RATE * _BYTES
    # Asking the system takes longer than decoding a short clip.
    if needed > _NEVER_ASKED and needed > psutil.virtual_memory().available:
        raise _too_long(clip)


def _too_long(clip: Clip) -> ClipError:
    return ClipError(
        f"{clip.label}: {clip.audio} does not fit in memory",
        hint="split it into clips, or select a part with start and end",
    )


def _too_short(clip: Clip, frames: int, rate: int) -> ClipError:
    return ClipError(f"{clip.label}: {clip.audio} is too short: {frames} frames at {rate} Hz")


def _no_samples(clip: Clip) -> ClipError:
    return ClipError(f"{clip.label}: {clip.audio} has no samples")


def _checked_hash(clip: Clip, sha256: str) -> str:
    if clip.sha256 is not None and clip.sha256.lower() != sha256:
        raise ClipError(
            f"{clip.label}: {clip.audio} is not the file of the manifest "
            f"(sha256 {sha256[:12]}..., the manifest says {clip.sha256[:12]}...)",
            hint="restore the file, or check that it still matches its reference and update the manifest",
        )
    return sha256


def _range(clip: Clip, sample_rate: int, frames: int, gap: Gap | None) -> tuple[int, int]:
    """The first frame of the clip and the one after its last, in a file of so many frames with this gap."""
    if not clip.is_segment:
        last = frames if clip.limit is None else _frame(clip.limit, sample_rate)
        if frames - last <= LONGER * sample_rate:
            return 0, frames
        _refuse_shifted(clip, last / sample_rate, gap)
        return 0, last
    _refuse_shifted(clip, clip.begin if clip.until is None else clip.until, gap)
    first = _frame(clip.start or 0.0, sample_rate)
    last = frames if clip.until is None else _frame(clip.until, sample_rate)
    if clip.end is None and frames - last <= ROUNDING * sample_rate:
        last = max(last, frames)
    if first >= frames or last > frames + round(OVERSHOOT * sample_rate):
        end = "its end" if clip.until is None else f"{clip.until:g} s"
        raise ClipError(
            f"{clip.label}: the segment from {clip.start or 0.0:g} s to {end} is not within {clip.audio}, "
            f"which is {frames / sample_rate:.3f} s long",
            hint="correct the times or the file",
        )
    last = min(last, frames)
    if not 0 <= first < last:
        raise ClipError(
            f"{clip.label}: the segment from {clip.start or 0.0:g} s on has no samples in {clip.audio}",
            hint="correct the times; they are seconds into the file, and the end is after the start",
        )
    return first, last


def _refuse_shifted(clip: Clip, time: float, gap: Gap | None) -> None:
    """Raise ClipError for a time into a file after a gap, which players and FFmpeg count and decoders do not."""
    if gap is not None and time > gap.place:
        raise ClipError(
            f"{clip.label}: the time stamps of {clip.audio} {gap.words}, so that start and end may count with or "
            "without it",
            hint="let them count as players do, and extract the audio with silence in its gaps:  "
            "ffmpeg -i FILE -vn -af aresample=async=1:first_pts=0 new.flac",
        )


def _frame(seconds: float, sample_rate: int) -> int:
    """The frame at a time; of an absurd one, a frame that no file has."""
    return round(min(seconds, _AGES) * sample_rate)
