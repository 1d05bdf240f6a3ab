"""The sound of an open file, read in blocks: memory holds one of them, however long the file is or claims to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """What a file has of sound."""

    rate: int
    """Hertz."""
    channels: int
    frames: int | None
    """As stated in the file; None if only decoding can tell."""
    read: Callable[[int, int | None], Iterator[NDArray[np.float32]]]
    """Blocks of shape (n, channels): given the first frame and how many, None for all to the end. To be called once.

    Raises ClipError where the file is damaged.
    """


def several_streams(clip: Clip) -> ClipError:
    """The refusal of a file of which a decoder reads the first stream alone."""
    return ClipError(
        f"{clip.label}: {clip.audio} contains several streams in sequence, but only the first is read",
        hint="join them into one stream, for example:  ffmpeg -i FILE joined.flac",
    )


def unreadable(clip: Clip, why: object) -> ClipError:
    """The refusal of a file that is not audio, or is damaged."""
    return ClipError(f"{clip.label}: {clip.audio} is not readable audio ({why})", hint="convert it to WAV or FLAC")
