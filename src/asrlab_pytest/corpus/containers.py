"""Reads what libsndfile does not know (M4A, WebM, WMA, AAC, FLAC and Speex in Ogg), where PyAV is installed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any, BinaryIO

import numpy as np

from asrlab_pytest.corpus import mp4
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.seen import Held, Seen
from asrlab_pytest.corpus.track import LEAST_GAP, UNKNOWN_ENCODING, UNKNOWN_FORMAT, Gap, Track, unreadable
from asrlab_pytest.errors import ClipError
from asrlab_pytest.waveform import Waveform

_BEGINNING = re.compile(rb"\x1a\x45\xdf\xa3|\x30\x26\xb2\x75|\xff[\xf0\xf1\xf8\xf9]|" + mp4.BEGINNING, re.DOTALL)
"""Of Matroska, ASF, ADTS and MP4."""
_OGG = b"OggS"
_LONGEST_DELAY = 0.5
"""Seconds of pictures that FFmpeg holds back: in fragments, all audio but its first frame is later by as much."""
_MOST_CHANNELS = 64
"""That FFmpeg converts to floats."""
_FIRST_PACKET = 28
"""Where the first packet of an Ogg stream begins, which has a page of its own."""
_IN_OGG = (b"\x7fFLAC", b"Speex   ")
LONGEST_HEAD = _FIRST_PACKET + max(map(len, _IN_OGG))
"""How many bytes of a file say that it is one of these containers."""


def is_other_container(head: bytes) -> bool:
    """Whether a file begins as one of the containers that libsndfile does not know: MP4, Matroska, ASF, ADTS, Ogg."""
    if head.startswith(_OGG):
        return head.startswith(_IN_OGG, _FIRST_PACKET)
    return bool(_BEGINNING.match(head))


@contextmanager
def track(clip: Clip, file: BinaryIO) -> Iterator[Track]:
    """The audio track of a file that players play: the first that is marked as the default, or else the first.

    Its length is known when it was read.

    Raises:
        ClipError: PyAV is not installed, or cannot read the file.
    """
    av = _package(clip)
    file.seek(0)
    try:
        # A damaged header makes FFmpeg seek to before the start, too.
        container = av.open(file if isinstance(file, Held) else Seen(file), mode="r")
    except (av.FFmpegError, ValueError) as error:
        raise unreadable(clip, error) from None
    with container:
        if not container.streams.audio:
            raise ClipError(f"{clip.label}: {clip.audio} has no audio track", hint="name another file")
        tracks = container.streams.audio
        sound = next((track for track in tracks if _is_marked(track, "default")), tracks[0])
        _refuse_late(clip, container, sound)
        decoder = sound.codec_context
        if decoder is None:
            raise unreadable(clip, UNKNOWN_ENCODING)
        if not decoder.rate:
            raise unreadable(clip, UNKNOWN_FORMAT)
        channels = _channels(decoder)
        if channels > _MOST_CHANNELS:
            raise unreadable(clip, f"more than {_MOST_CHANNELS} channels are not supported")
        gaps: list[Gap] = []
        yield Track(
            rate=int(decoder.rate),
            channels=channels,
            frames=None,
            read=lambda first, count: _part(_blocks(clip, av, _frames(container, sound, gaps)), first, count),
            gaps=gaps,
        )


def _refuse_late(clip: Clip, container: Any, sound: Any) -> None:
    """Raise ClipError for a part of a file whose audio begins later than its picture.

    Players count from the beginning of the picture, and FFmpeg from that of the audio where it extracts it.
    """
    videos = (stream for stream in container.streams.video if not _is_marked(stream, "attached_pic"))
    starts = [start for stream in videos if (start := _start(stream)) is not None]
    start = _start(sound)
    if not clip.is_segment or start is None or not starts:
        return
    late = start - min(starts)
    if late > LEAST_GAP:
        raise ClipError(
            f"{clip.label}: the audio of {clip.audio} begins {late:.2f} s after its picture, so that start and end may "
            "count from either",
            hint="let them count from the picture, and extract the audio with silence before it:  "
            "ffmpeg -i FILE -vn -af aresample=async=1:first_pts=0 new.flac",
        )


def _is_marked(stream: Any, mark: str) -> bool:
    """Whether a file marks a stream, such as one of video that is a single picture. PyAV 14.0 does not say."""
    disposition = getattr(stream, "disposition", None)
    return disposition is not None and getattr(type(disposition), mark) in disposition


def _start(stream: Any) -> float | None:
    """When a stream begins, in seconds; None if its file does not say."""
    return None if stream.start_time is None else float(stream.start_time * stream.time_base)


def _package(clip: Clip) -> Any:
    try:
        import av
    except ImportError:
        raise ClipError(
            f"{clip.label}: {clip.audio} is in a container that libsndfile does not read, and PyAV is not installed",
            hint='uv add --dev "asrlab-pytest[av]", or convert the file to WAV or FLAC',
        ) from None
    return av


def _channels(decoder: Any) -> int:
    """How many channels a decoder that is not open yet has, which from then on knows their number and not their places.

    A layout with its channels in an order of its own, as in QuickTime, has a map of them. PyAV copies the address of
    the map alone, and frees it with each copy: with that of each frame, too, which ends the process.
    """
    layout = decoder.layout
    if layout.nb_channels:
        decoder.layout = f"{layout.nb_channels} channels"
    return int(layout.nb_channels)


def _frames(container: Any, sound: Any, gaps: list[Gap]) -> Iterator[Any]:
    """The frames of a stream. The first gap in their time stamps is added to the gaps."""
    count, start = 0, None
    for frame in container.decode(sound):
        if frame.pts is not None and not gaps:
            place = count / frame.sample_rate
            late = float(frame.pts * frame.time_base) - place
            is_delay = start is None or (place < LEAST_GAP and late - start < _LONGEST_DELAY)
            start = late if is_delay else start
            if abs(late - start) > LEAST_GAP:
                gaps.append(Gap(place, late - start))
        count += frame.samples
        yield frame


def _blocks(clip: Clip, av: Any, frames: Iterator[Any]) -> Iterator[Waveform]:
    """Blocks of shape (n, channels)."""
    try:
        # Interleaved: PyAV reads memory that is not its own where each of eight or more channels has a plane.
        resampler = av.AudioResampler(format="flt")
        for frame in chain(frames, [None]):
            for block in resampler.resample(frame):
                yield np.asarray(block.to_ndarray(), np.float32).reshape(-1, block.layout.nb_channels)
    except (av.FFmpegError, ValueError) as error:
        raise unreadable(clip, error) from None


def _part(blocks: Iterator[Waveform], first: int, count: int | None) -> Iterator[Waveform]:
    """So many frames of these blocks from the first on; all of them where the number is None."""
    end = None if count is None else first + count
    place = 0
    for block in blocks:
        chosen = block[max(0, first - place) : None if end is None else end - place]
        if len(chosen):
            yield chosen
        place += len(block)
        if end is not None and place >= end:
            return
