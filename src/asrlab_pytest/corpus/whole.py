"""Examines a whole file for what decoders skip without a word: once for all of the clips that are parts of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from asrlab_pytest.corpus import damage, joined, mpeg, ogg, unfinished
from asrlab_pytest.corpus.audio_file import opened
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.seen import Seen


@dataclass(frozen=True)
class Whole:
    """A file as it is at a time, whatever clip asks for it."""

    audio: Path
    size: int
    mtime_ns: int
    clip: Clip = field(compare=False)

    @classmethod
    def of(cls, clip: Clip) -> Whole:
        status = clip.audio.stat()
        return cls(clip.audio, status.st_size, status.st_mtime_ns, clip)


class Findings(NamedTuple):
    """What a file has that a decoder does not say."""

    is_joined: bool
    """Whether a second stream follows the first."""
    fault: str | None
    """In which way it is truncated or damaged."""
    times: ogg.Times


def examined(clip: Clip, file: BinaryIO) -> Findings:
    """What is found in a clip's file.

    Args:
        clip: It.
        file: Its file, after the tags.
    """
    return _of_whole(Whole.of(clip)) if clip.is_segment else _examined(file)


def after_tags(file: BinaryIO) -> BinaryIO:
    """A file without the ID3 tags at its beginning."""
    start = mpeg.end_of_tags(file)
    return cast("BinaryIO", Seen(file, start=start)) if start else file


@lru_cache(maxsize=1024)
def _of_whole(whole: Whole) -> Findings:
    with opened(whole.clip) as file:
        return _examined(after_tags(file))


def _examined(file: BinaryIO) -> Findings:
    if ogg.is_chained(file) or unfinished.is_joined(file) or joined.is_joined(file):
        return Findings(is_joined=True, fault=None, times=ogg.Times(None, ends_early=False))
    return Findings(is_joined=False, fault=damage.fault(file), times=ogg.times(file))
