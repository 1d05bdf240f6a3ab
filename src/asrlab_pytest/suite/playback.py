"""Finds audio and texts of a report through the samples."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from asrlab_pytest.content import real_path
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.suite.items import Samples
from asrlab_pytest.suite.paths import speech_folder

if TYPE_CHECKING:
    from asrlab_pytest.records.environment import Environment
    from asrlab_pytest.report.clips import AudioName, Listed
    from asrlab_pytest.report.html.sound import Locate
    from asrlab_pytest.tasks import Task


def locator(samples: Samples) -> Locate:
    """Finds the audio of clips, recordings, questions and speech; None if it is not here."""
    folder = speech_folder(samples.settings, samples.root)
    unread: set[Task] = set()

    def locate(name: AudioName) -> Clip | None:
        if name.kind == "speech":
            return _speech(name, folder)
        try:
            return None if name.task in unread else _listed(name, samples)
        except AsrlabError:
            unread.add(name.task)
            return None

    return locate


def listed_by(samples: Samples, environment: Environment | None) -> Listed:
    """What the samples state; None for a task whose list differs from the run's.

    Args:
        samples: Those of this project.
        environment: That of a stored run.
    """

    @cache
    def of(task: Task) -> Mapping[str, Sample]:
        recorded = environment.listing(task) if environment else None
        try:
            listed = samples.listed(task) if recorded else None
        except AsrlabError:
            return {}
        return listed.by_id if recorded and listed and listed.sha256 == recorded.manifest_sha256 else {}

    return lambda task, sample: of(task).get(sample)


def _speech(name: AudioName, folder: Path | None) -> Clip | None:
    if folder is None:
        return None
    path = real_path(folder / name.file)
    # A record says where its speech is stored; nothing outside of the folder is played.
    return Clip(id=name.item, audio=path, text="") if real_path(folder) in path.parents else None


def _listed(name: AudioName, samples: Samples) -> Clip | None:
    sample = samples.listed(name.task).by_id.get(name.item)
    clips = sample.recordings if sample else ()
    return clips[name.turn] if name.turn < len(clips) else None
