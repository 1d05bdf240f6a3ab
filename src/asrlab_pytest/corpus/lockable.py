"""What of our lists can be locked: clips, the recordings of prompts, and the questions of dialogues."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.dialogues import DIALOGUES_NAME, read_dialogues
from asrlab_pytest.corpus.lock import MEASURED, Pins
from asrlab_pytest.corpus.manifest import MANIFEST_NAME, read_manifest
from asrlab_pytest.corpus.prompts import PROMPTS_NAME, read_prompts
from asrlab_pytest.corpus.write import Keys

PinsOfClips = Mapping[str, Pins]
"""What to write into each line, by clip id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lockable:
    """The audio of one of our lists, as clips."""

    file: Path
    noun: str
    """What each of its clips is."""
    clips: tuple[Clip, ...]
    keys: tuple[str, ...]
    """What its lines can say of their audio."""
    of_lines: Callable[[PinsOfClips], Iterator[Keys]]
    """The keys of each of its lines that say so."""


def lockable(path: Path, language: str | None = None) -> Lockable:
    """The list of a folder or a file; a manifest where it is neither of the other two.

    Args:
        path: The folder or the file.
        language: Of what states none.

    Raises:
        CorpusError: there is none, or a line of it is wrong.
    """
    return _LISTS.get(_name_of(path), _clips)(path, language)


def _clips(path: Path, language: str | None) -> Lockable:
    corpus = read_manifest(path, language)
    return Lockable(
        file=corpus.manifest,
        noun="clip",
        clips=corpus.samples,
        keys=MEASURED,
        of_lines=lambda pins: (pins.get(clip.id, {}) for clip in corpus.samples),
    )


def _prompts(path: Path, language: str | None) -> Lockable:
    prompts = read_prompts(path, language)
    return Lockable(
        file=prompts.manifest,
        noun="recording",
        clips=tuple(clip for prompt in prompts.samples for clip in prompt.recordings),
        keys=("sha256",),
        of_lines=lambda pins: (
            {f"recording_{key}": value for key, value in pins.get(prompt.id, {}).items()} for prompt in prompts.samples
        ),
    )


def _dialogues(path: Path, language: str | None) -> Lockable:
    dialogues = read_dialogues(path, language)
    return Lockable(
        file=dialogues.manifest,
        noun="question",
        clips=tuple(clip for dialogue in dialogues.samples for clip in dialogue.recordings),
        keys=("sha256",),
        of_lines=lambda pins: (
            {
                f"turns.{place}.{key}": value
                for place, turn in enumerate(dialogue.turns)
                for key, value in pins.get(turn.question.id, {}).items()
            }
            for dialogue in dialogues.samples
        ),
    )


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


_LISTS: Mapping[str, Callable[[Path, str | None], Lockable]] = {
    MANIFEST_NAME: _clips,
    PROMPTS_NAME: _prompts,
    DIALOGUES_NAME: _dialogues,
}
"""By standard name."""
