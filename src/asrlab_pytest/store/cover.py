"""What a record that is scored again does not cover of the present corpus, and the other way round."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from asrlab_pytest.corpus.clip import Referenced
from asrlab_pytest.models.spec import ModelSpec, Task
from asrlab_pytest.store.reading import Run

_SOME = 3
_WORDS: Mapping[Task, tuple[str, str]] = {
    "recognition": ("clip", "transcript"),
    "synthesis": ("prompt", "speech"),
    "conversation": ("dialogue", "answers"),
}
"""What a task is evaluated on, and what a record has of it."""


@dataclass(frozen=True)
class Present:
    """What there is of one task today."""

    models: Sequence[ModelSpec]
    items: Sequence[Referenced]
    """The chosen clips, prompts or dialogues."""
    ids: Collection[str]
    """Ids of all that the manifest lists."""
    manifest: Path


def uncovered(recording: Run, present: Mapping[Task, Present]) -> list[str]:
    """Clips that the corpus no longer has, and cases that were never recorded, in words."""
    found = []
    for task, now in present.items():
        noun, made = _WORDS[task]
        recorded = {(row["model"], row["clip"]) for row in recording.first_pass if row["task"] == task}
        gone = dict.fromkeys(clip for _, clip in sorted(recorded) if clip not in now.ids)
        if gone:
            found.append(f"not scored, {now.manifest} has no such {noun}: {some(list(gone))}")
        lacking = [
            f"{spec.id} on {item.id}"
            for spec in now.models
            for item in now.items
            if spec.is_meant_for(item) and (spec.id, item.id) not in recorded
        ]
        if lacking:
            found.append(f"not scored, {recording.path} has no {made}: {some(lacking)}")
    return found


def some(names: Sequence[str]) -> str:
    """The first names of a list, and how many there are."""
    more = f" and {len(names) - _SOME} more" if len(names) > _SOME else ""
    return ", ".join(names[:_SOME]) + more
