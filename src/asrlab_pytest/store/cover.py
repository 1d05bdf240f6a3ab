"""What a record that is scored again does not cover of the present corpus, and the other way round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from asrlab_pytest.corpus.clip import Clip, Corpus
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.store.reading import Run

_SOME = 3


def uncovered(recording: Run, models: Iterable[ModelSpec], clips: Sequence[Clip], corpus: Corpus) -> list[str]:
    """Damaged lines, clips that the corpus no longer has, and cases that were never recorded, in words."""
    found = [f"{recording.path}: {damage}: left out" for damage in recording.damages]
    recorded = {(row["model"], row["clip"]) for row in recording.first_pass}
    gone = dict.fromkeys(clip for _, clip in sorted(recorded) if clip not in corpus.by_id)
    if gone:
        found.append(f"not scored, {corpus.manifest} has no such clip: {some(list(gone))}")
    lacking = [
        f"{spec.id} on {clip.id}"
        for spec in models
        for clip in clips
        if spec.is_meant_for(clip) and (spec.id, clip.id) not in recorded
    ]
    if lacking:
        found.append(f"not scored, {recording.path} has no transcript: {some(lacking)}")
    return found


def some(names: Sequence[str]) -> str:
    """The first names of a list, and how many there are."""
    more = f" and {len(names) - _SOME} more" if len(names) > _SOME else ""
    return ", ".join(names[:_SOME]) + more
