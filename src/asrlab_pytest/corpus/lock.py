"""Pins the audio of our lists: clips, the recordings of prompts, and the questions of dialogues.

What is pinned is the sha256 of each file and, of clips, of the samples that engines are given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.dialogues import DIALOGUES_NAME, read_dialogues
from asrlab_pytest.corpus.manifest import MANIFEST_NAME, read_manifest
from asrlab_pytest.corpus.prompts import PROMPTS_NAME, read_prompts
from asrlab_pytest.corpus.samples import Sample, SampleSet
from asrlab_pytest.corpus.write import Keys
from asrlab_pytest.errors import ClipError

PINS = ("sha256", "pcm_sha256")
MEASURED = (*PINS, "duration", "sample_rate")
"""What a clip's line can say of its audio."""
Pins = Mapping[str, Keys]
"""What to write of each clip, by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lockable:
    """The audio of one of our lists, as clips."""

    file: Path
    noun: str
    """What each of its clips is."""
    clips: tuple[Clip, ...]
    keys: tuple[str, ...]
    """What its lines can say of their audio."""
    of_lines: Callable[[Pins], Iterator[Keys]]
    """The keys of each of its lines that say so."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What the audio of a list is, against what its lines say."""

    pins: Pins
    """What lines lack or have otherwise, by clip id."""
    changed: tuple[str, ...]
    """Ids of clips whose lines pin something else."""
    unusable: tuple[ClipError, ...]


def lockable(path: Path, language: str | None = None) -> Lockable:
    """The list of a folder or a file; a manifest where it is neither of the other two.

    Args:
        path: The folder or the file.
        language: Of what states none.

    Raises:
        CorpusError: there is none, or a line of it is wrong.
    """
    kind = _LISTS.get(_name_of(path), _LISTS[MANIFEST_NAME])
    listed = kind.read(path, language)
    return Lockable(
        file=listed.manifest,
        noun=kind.noun,
        clips=tuple(clip for sample in listed.samples for clip in sample.recordings),
        keys=kind.keys,
        of_lines=lambda pins: (kind.of_line(sample, pins) for sample in listed.samples),
    )


def measured(clips: Iterable[Clip], keys: Iterable[str] = MEASURED) -> Lock:
    """Read the audio of all clips, one at a time, whatever their lines pin.

    Args:
        clips: The clips.
        keys: What their lines can say of it.
    """
    from asrlab_pytest.corpus.audio import load_audio

    keys = frozenset(keys)
    pins: dict[str, Keys] = {}
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
        unpinned: dict[str, object] = {key: value for key, value in digests.items() if stated.get(key) != value}
        if clip.duration is None or clip.id in changed:
            unpinned["duration"] = round(audio.seconds, 3)
        if clip.sample_rate is not None and clip.id in changed:
            unpinned["sample_rate"] = audio.file_rate
        if keys & {*unpinned}:
            pins[clip.id] = {key: value for key, value in unpinned.items() if key in keys}
    return Lock(pins, tuple(changed), tuple(unusable))


class _Kind(NamedTuple):
    """How the audio of one kind of list is pinned."""

    read: Callable[[Path, str | None], SampleSet[Any]]
    noun: str
    keys: tuple[str, ...]
    prefix: str
    """Of the keys of a recording in its line, with its place."""

    def of_line(self, sample: Sample, pins: Pins) -> Keys:
        """The keys of a sample's line."""
        return {
            f"{self.prefix.format(place=place)}{key}": value
            for place, recording in enumerate(sample.recordings)
            for key, value in pins.get(recording.id, {}).items()
        }


_LISTS = {
    MANIFEST_NAME: _Kind(read_manifest, "clip", MEASURED, ""),
    PROMPTS_NAME: _Kind(read_prompts, "recording", ("sha256",), "recording_"),
    DIALOGUES_NAME: _Kind(read_dialogues, "question", ("sha256",), "turns.{place}."),
}
"""By standard name."""


def _name_of(path: Path) -> str:
    """The standard name of a list; a file with another name is recognized by the keys of its first line."""
    if path.is_dir():
        return next((name for name in _LISTS if (path / name).is_file()), MANIFEST_NAME)
    if path.name in _LISTS or not path.is_file():
        return path.name
    with path.open("rb") as file:
        line = next((line for line in file if line.strip()), b"")
    try:
        keys = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return MANIFEST_NAME
    if not isinstance(keys, dict) or "audio" in keys:
        return MANIFEST_NAME
    return DIALOGUES_NAME if "turns" in keys else PROMPTS_NAME
