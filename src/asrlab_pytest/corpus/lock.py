"""Pins the audio of a list: sha256 of each file and, of clips, of the samples that engines are given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypedDict, cast

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError

PINS = ("sha256", "pcm_sha256")
MEASURED = (*PINS, "duration", "sample_rate")
"""What a clip's line can say of its audio."""


class Pins(TypedDict, total=False):
    """The pinned properties of a clip's audio."""

    sha256: str
    pcm_sha256: str
    duration: float
    sample_rate: int


@dataclass(frozen=True, slots=True)
class Lock:
    """What the audio of a list is, against what its lines say."""

    pins: dict[str, Pins]
    """What lines lack or have otherwise, by clip id."""
    changed: tuple[str, ...]
    """Ids of clips whose lines pin something else."""
    unusable: tuple[ClipError, ...]


def measured(clips: Iterable[Clip], keys: Iterable[str] = MEASURED) -> Lock:
    """Read the audio of all clips, one at a time, whatever their lines pin.

    Args:
        clips: The clips.
        keys: What their lines can say of it.
    """
    from asrlab_pytest.corpus.audio import load_audio

    keys = frozenset(keys)
    pins: dict[str, Pins] = {}
    changed: list[str] = []
    unusable: list[ClipError] = []
    for clip in clips:
        try:
            audio = load_audio(replace(clip, sha256=None, pcm_sha256=None))
        except ClipError as error:
            unusable.append(error)
            continue
        digests = {"sha256": audio.sha256, "pcm_sha256": audio.pcm_sha256}
        stated = {key: value.lower() for key in PINS if (value := getattr(clip, key)) is not None}
        if any(digests[key] != value for key, value in stated.items()):
            changed.append(clip.id)
        unpinned = cast("Pins", {key: value for key, value in digests.items() if stated.get(key) != value})
        if clip.duration is None or clip.id in changed:
            unpinned["duration"] = round(audio.seconds, 3)
        if clip.sample_rate is not None and clip.id in changed:
            unpinned["sample_rate"] = audio.file_rate
        if keys & {*unpinned}:
            pins[clip.id] = cast("Pins", {key: value for key, value in unpinned.items() if key in keys})
    return Lock(pins, tuple(changed), tuple(unusable))
