"""The sound of an open file, read in blocks: memory holds one of them, however long the file is or claims to be."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError
from asrlab_pytest.waveform import Waveform


class Gap(NamedTuple):
    """Where the time stamps of a file and its samples part."""

    place: float
    """Seconds of audio before it."""
    seconds: float
    """How long it is; below 0 where the time stamps go back."""

    @property
    def words(self) -> str:
        """What the time stamps do there."""
        what = "leave a gap of" if self.seconds > 0 else "go back by"
        return f"{what} about {abs(self.seconds):.1f} s after {self.place:.1f} s"


LEAST_GAP = 0.1
"""Seconds by which time stamps and samples may differ in the files of most cameras, editors and recorders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """What a file has of sound."""

    rate: int
    """Hertz."""
    channels: int
    frames: int | None
    """As stated in the file; None if it is only known after decoding."""
    read: Callable[[int, int | None], Iterator[Waveform]]
    """Blocks of shape (n, channels): given the first frame and how many, None for all to the end. To be called once.

    Raises ClipError where the file is damaged.
    """
    gaps: list[Gap] = field(default_factory=list)
    """The first gap in its time stamps, once it was read; empty if there is none."""


def several_streams(clip: Clip) -> ClipError:
    """The refusal of a file of which a decoder reads the first stream alone."""
    return ClipError(
        f"{clip.label}: {clip.audio} contains several streams in sequence, but only the first is read",
        hint="join them into one stream, for example:  ffmpeg -i FILE joined.flac",
    )


def unreadable(clip: Clip, error: object) -> ClipError:
    """The refusal of a file that is not audio, is in a format that no decoder knows, or is damaged.

    Args:
        clip: The clip.
        error: What its decoder says.
    """
    said = str(error).removeprefix("Error : ").rstrip(".")
    said = "no whole MPEG frame in it" if said.startswith(_NO_FRAME) else said
    if _UNKNOWN_CODING.search(said):
        why, hint = (
            f"{said}: damaged, or in an encoding that no decoder supports",
            "restore the file, or convert it to FLAC",
        )
    elif not _UNKNOWN_FORMAT.search(said):
        why, hint = f"damaged or truncated: {said}", _RESTORE
    elif (content := _beginning(clip)).startswith(_SPHERE):
        why, hint = (
            "a NIST SPHERE file in an encoding that no decoder supports",
            "convert it:  sph2pipe -f wav FILE new.wav",
        )
    elif (text := _text_of(content)) is not None:
        why, hint = ("it is an HTML page", _FETCH) if _PAGE.match(text) else ("it is text", "name an audio file")
    else:
        is_misnamed = clip.audio.suffix.lower() in {".wav", ".flac"} and "recogni" in said
        why, hint = said, _RESTORE if is_misnamed else "convert it to WAV or FLAC"
    return ClipError(f"{clip.label}: {clip.audio} is not readable audio ({why})", hint=hint)


UNKNOWN_FORMAT = "format not recognised"
"""Said of content that a decoder takes for a format which it is not in."""
UNKNOWN_ENCODING = "no decoder for its encoding, or it is encrypted"
_NO_FRAME = "File does not exist"
"""What libsndfile says of a file whose beginning is that of MP3, without a frame that can be decoded."""
_UNKNOWN_FORMAT = re.compile(
    r"no decoder|not recogni[sz]ed|unimplemented|not (yet )?implemented|unsupported|not supported|decoder not found",
    re.IGNORECASE,
)
"""Messages of decoders about a file that may be intact, but that they do not support."""
_UNKNOWN_CODING = re.compile("Malformed 'fmt ' chunk|VOC sections|more than one sample rate|too many sections")
"""libsndfile's messages about a WAV file in an unknown encoding, and a VOC file of other sections than it reads."""
_BEGINNING = 1024
"""Number of bytes that distinguish text from audio."""
_SPHERE = b"NIST_1A"
"""First bytes of a header that is text, while the audio after it may be compressed with shorten."""
_PAGE = re.compile(r"\s*<(!doctype html|html|head|body)\b", re.IGNORECASE)
_RESTORE = "restore the file, or fetch it again"
_FETCH = "download the audio itself: this may be a server's error page"


def _beginning(clip: Clip) -> bytes:
    try:
        with clip.audio.open("rb") as file:
            return file.read(_BEGINNING)
    except OSError:
        return b"\0"


def _text_of(content: bytes) -> str | None:
    """The text at the start of a file; None if it is not text."""
    try:
        # The last character may be incomplete.
        text = getincrementaldecoder("utf-8-sig")().decode(content)
    except UnicodeDecodeError:
        return None
    return text if all(character.isprintable() or character.isspace() for character in text) else None
