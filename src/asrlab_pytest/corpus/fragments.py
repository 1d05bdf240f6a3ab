"""The fragments of an MP4 file: whether one is missing, by their numbers and times.

Neither says it alone: recorders leave gaps in the times where nothing was sent, and number in many ways.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from asrlab_pytest.corpus.boxes import contents

_OF_RUN = (0x100, 0x200, 0x400, 0x800)
"""Flags for what a run states of each sample, 4 bytes each. The first one is its duration."""
_OF_FRAGMENT = ((1, 8), (2, 4))
"""Flags and sizes of what precedes the duration that a fragment states for its samples."""
_STATES_DURATION = 8


class _Samples(NamedTuple):
    """Of a track, in a fragment."""

    place: int
    """Of the fragment."""
    ahead: int
    """Of the number of the fragment, over the count of those before it."""
    start: int
    """In the units of the track."""
    end: int
    number: int


def why_missing(movie: bytes, fragments: Sequence[tuple[int, bytes]]) -> str | None:
    """Before which fragment one with audio is missing, in words; None if none is.

    Args:
        movie: Content of the box that describes the tracks.
        fragments: Place and content of the box of each fragment.

    Raises:
        struct.error, LookupError: a box is damaged, or states no time.
    """
    durations = {int.from_bytes(box[4:8]): int.from_bytes(box[12:16]) for box in contents(movie, b"mvex", b"trex")}
    for track in _audio_tracks(movie):
        place = _place_after_lost(list(_samples(fragments, track, durations[track])))
        if place is not None:
            return f"a fragment is missing before byte {place:,}"
    return None


def _audio_tracks(movie: bytes) -> Iterator[int]:
    """The numbers of the tracks with audio."""
    for track in contents(movie, b"trak"):
        if any(box[8:12] == b"soun" for box in contents(track, b"mdia", b"hdlr")):
            head = contents(track, b"tkhd")[0]
            yield int.from_bytes(head[20:24] if head[0] else head[12:16])


def _place_after_lost(samples: Sequence[_Samples]) -> int | None:
    """The place of the first fragment of which both number and time are too late.

    None, too, where the numbers of others do not follow each other.
    """
    lost = None
    for before, after in pairwise(samples):
        skips = after.ahead - before.ahead
        is_late = (after.start - before.end) * before.number >= before.end - before.start > 0
        if skips and not (is_late and skips > 0):
            return None
        lost = after.place if skips and lost is None else lost
    return lost


def _samples(fragments: Sequence[tuple[int, bytes]], track: int, duration: int) -> Iterator[_Samples]:
    """The samples of a track in each fragment that has some.

    Args:
        fragments: As of `why_missing`.
        track: Its number.
        duration: Of a sample, where the fragment states none.
    """
    for count, (place, fragment) in enumerate(fragments):
        number = int.from_bytes(contents(fragment, b"mfhd")[0][4:8])
        for part in contents(fragment, b"traf"):
            head = contents(part, b"tfhd")[0]
            if int.from_bytes(head[4:8]) == track:
                stated = _stated_duration(head)
                runs = [_run(run, duration if stated is None else stated) for run in contents(part, b"trun")]
                start = _start(part)
                size, spent = (sum(column) for column in zip((0, 0), *runs, strict=True))
                yield _Samples(place, number - count, start, start + spent, size)


def _start(part: bytes) -> int:
    """When the samples of a track in a fragment begin. Raises IndexError where it does not say."""
    time = contents(part, b"tfdt")[0]
    return int.from_bytes(time[4:12] if time[0] else time[4:8])


def _stated_duration(head: bytes) -> int | None:
    """What the head of a track in a fragment states for each sample; None if nothing."""
    flags = int.from_bytes(head[1:4])
    place = 8 + sum(size for flag, size in _OF_FRAGMENT if flags & flag)
    return int.from_bytes(head[place : place + 4]) if flags & _STATES_DURATION else None


def _run(run: bytes, duration: int) -> tuple[int, int]:
    """How many samples a run has, and how long they are.

    Args:
        run: Content of its box.
        duration: Of a sample, where the run states none.
    """
    flags, count = struct.unpack(">II", run[:8])
    if not flags & _OF_RUN[0]:
        return count, count * duration
    size = 4 * sum(bool(flags & flag) for flag in _OF_RUN)
    start = 8 + 4 * bool(flags & 1) + 4 * bool(flags & 4)
    samples = run[start : start + count * size]
    return count, sum(int.from_bytes(samples[place : place + 4]) for place in range(0, len(samples), size))
