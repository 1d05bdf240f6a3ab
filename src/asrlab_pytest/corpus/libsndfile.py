"""Reads libsndfile's formats: WAV, FLAC, MP3, Ogg and others, even if the header does not state the length."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, cast

import soundfile

from asrlab_pytest.corpus import flac, gsm, mpeg
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.seen import Held, Seen
from asrlab_pytest.corpus.stated_samples import stated_samples
from asrlab_pytest.corpus.track import UNKNOWN_FORMAT, Gap, Track, several_streams, unreadable
from asrlab_pytest.errors import ClipError
from asrlab_pytest.waveform import Waveform

BLOCK = 1 << 20
"""Samples of a block, over all channels."""
_UNKNOWN_FRAMES = 2**62
"""From here up, what libsndfile says of a file whose writer did not know its length."""
_MOST_GROWTH = 64
"""How much shorter the frames of an MPEG file may be than its first: 320 kbit/s over 8, with room."""
_TAG = b"ID3\4" + bytes(5) + b"\n" + bytes(10)
"""The shortest ID3 tag that libsndfile skips."""
_OF_FORK = re.compile("resource fork|bad (data|map) (offset|length)")
"""What it says of any file that it does not recognize, MPEG included, where the working folder has a file `._`."""
_RESTORE = "restore the file, or fetch it again"

_FAULTY_SEEKING = "DWVW"
"""Codings that libsndfile fails to seek in, though it says that it can."""
_PAGE = 10
"""Seconds that no page of Ogg Vorbis reaches."""


@contextmanager
def track(
    clip: Clip,
    file: BinaryIO,
    *,
    patch: tuple[int, bytes] | None = None,
    gap: Gap | None = None,
    is_sought: bool = True,
) -> Iterator[Track]:
    """The sound of a clip's file.

    Args:
        clip: The clip.
        file: Its file.
        patch: Offset, and the bytes that replace those of the file; None if none do.
        gap: In its time stamps, which libsndfile counts as audio.
        is_sought: Whether libsndfile finds a place in it without reading what comes before.

    Raises:
        ClipError: it is not audio.
    """
    seen = file if patch is None and isinstance(file, Held) else Seen(file, patch=patch or (0, b""))
    is_sought = is_sought and not flac.begins_later(file)
    try:
        whole = _opened(clip, seen)
    except ClipError:
        start = mpeg.start_behind_junk(file)
        if start is None:
            raise
        seen = Seen(file, start=start)
        whole = _opened(clip, seen)
    with whole as sound:
        sound.is_sought = is_sought
        # The decoder is at work on the file.
        place = seen.tell()
        frames = _stated(sound, cast("BinaryIO", seen))
        part = _mpeg_within(sound, seen)
        seen.seek(place)
        if part is None:
            yield _track(clip, sound, None if gap else frames, gaps=[gap] if gap else ())
            return
    least = mpeg.least_samples(_rows(clip, part))
    # libsndfile reads no further than its own estimate, which goes by the size of the file.
    start, end = mpeg.end_of_header(part), mpeg.end_of_frames(part)
    with _opened(clip, Seen(part, start=start, end=end - start, length=_MOST_GROWTH * end)) as sound:
        yield _track(clip, sound, None, least=least)


def _rows(clip: Clip, file: Seen | Held) -> list[mpeg.Row]:
    """The frames of a stream, which is refused where a decoder would read a part of it alone."""
    if not mpeg.is_stream(file):
        raise unreadable(clip, UNKNOWN_FORMAT)
    rows = mpeg.rows(file)
    if mpeg.is_mixed(rows):
        raise several_streams(clip)
    lack = mpeg.why_cut(file, rows)
    if lack is not None:
        raise ClipError(f"{clip.label}: {clip.audio} is truncated: {lack}", hint=_RESTORE)
    return rows


def _stated(sound: _Sound, file: BinaryIO) -> int | None:
    """How many frames a file has; None if it does not say, or is wrong."""
    frames: int = sound.frames
    if frames >= _UNKNOWN_FRAMES or (sound.format != "MP3" and "MPEG" in sound.subtype):
        return None
    is_gsm = sound.subtype == "GSM610" and sound.format in gsm.FORMATS
    return min(frames, gsm.most_frames(file)) if is_gsm else frames


def _mpeg_within(sound: _Sound, seen: Seen | Held) -> Seen | Held | None:
    """The MPEG frames of a file that does not state their number; None if it does, or is of another format.

    In WAV, libsndfile counts frames that it does not decode, and may end before the last.
    """
    if sound.format == "MP3":
        return None if mpeg.states_length(seen) else seen
    samples = stated_samples(cast("BinaryIO", seen)) if "MPEG" in sound.subtype else None
    return None if samples is None else Seen(seen, start=samples.start, end=samples.size or None)


def _track(clip: Clip, sound: _Sound, frames: int | None, least: int = 0, gaps: Sequence[Gap] = ()) -> Track:
    return Track(
        rate=sound.samplerate,
        channels=sound.channels,
        frames=frames,
        read=lambda first, count: _blocks(clip, sound, first, count, least),
        gaps=list(gaps),
    )


def _opened(clip: Clip, file: Seen | Held) -> _Sound:
    file.seek(0)
    try:
        return _Sound(file)
    except soundfile.LibsndfileError as error:
        if not _OF_FORK.search(error.error_string):
            raise unreadable(clip, error.error_string.rstrip(".")) from None
    try:
        return _Sound(_tagged(file))
    except soundfile.LibsndfileError:
        raise unreadable(clip, UNKNOWN_FORMAT) from None


def _tagged(file: Seen | Held) -> Seen:
    """A file, in memory, with a tag before it: libsndfile takes it for MPEG before it looks for a resource fork."""
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    return Seen(Held(_TAG + file.read()), length=len(_TAG) + length)


def _blocks(clip: Clip, sound: _Sound, first: int, count: int | None, least: int) -> Iterator[Waveform]:
    size = max(1, BLOCK // sound.channels)
    left = end = _UNKNOWN_FRAMES if count is None else count
    try:
        sound.skip(first)
        while left and len(block := sound.read(min(size, left), dtype="float32", always_2d=True)):
            left -= len(block)
            yield block
    except soundfile.LibsndfileError as error:
        raise unreadable(clip, error.error_string.rstrip(".")) from None
    # libmpg123 ends where it takes a damaged frame for one of another kind.
    if count is None and first + end - left < least:
        seconds = (first + end - left) / sound.samplerate
        raise ClipError(
            f"{clip.label}: {clip.audio} is damaged: more frames follow those that can be read, {seconds:.3f} s",
            hint=_RESTORE,
        )


class _Sound(soundfile.SoundFile):  # type: ignore[misc] # soundfile has no types
    """Reads onwards. soundfile would seek after each block, which compressed formats answer with other samples."""

    is_sought = True
    """Whether seeking finds the right place."""

    def seekable(self) -> bool:
        return False

    def skip(self, frames: int) -> None:
        """Go on so many frames; read them where the format cannot be sought in, as GSM 6.10 in WAV."""
        if frames and self.is_sought and super().seekable() and not self.subtype.startswith(_FAULTY_SEEKING):
            # In the last page of Ogg Vorbis, libsndfile ends up some frames late.
            place = max(0, frames - _PAGE * self.samplerate) if self.subtype == "VORBIS" else frames
            self.seek(place)
            frames -= place
        while frames > 0 and (count := len(self.read(min(frames, BLOCK), dtype="float32"))):
            frames -= count
