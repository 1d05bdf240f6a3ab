"""The page to listen to the speech of a session, next to the audio."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from asrlab_pytest.errors import ClipError, ConfigError
from asrlab_pytest.records.speech import SpeechFolder
from asrlab_pytest.suite.paths import speech_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from asrlab_pytest.corpus.clip import Clip
    from asrlab_pytest.records.observation import Observation
    from asrlab_pytest.records.spoken import Utterance
    from asrlab_pytest.suite.items import AnySample
    from asrlab_pytest.suite.suite import Suite
    from asrlab_pytest.tasks import Task

PAGE = "index.html"
_TITLE = b"<title>Speech of "
QUESTIONS, RECORDINGS = "questions", "recordings"
"""What the folders of what models did not say are called, among those of the models."""


def write_page(suite: Suite, observations: Iterable[Observation], started: datetime) -> str | None:
    """Write the page over that of the run before; where it is, in words, or None if no speech is kept.

    Args:
        suite: What was evaluated.
        observations: The first pass of the run.
        started: When the run began.

    Raises:
        ConfigError: the page cannot be written.
    """
    spoken = [observation for observation in observations if observation.spoken is not None]
    folder = speech_folder(suite.settings, suite.root)
    if folder is None or not any(map(_is_kept, spoken)):
        return None
    from asrlab_pytest.records.outputs import refuse_foreign
    from asrlab_pytest.records.writing import write_whole
    from asrlab_pytest.report.listening import entry, page

    rules = suite.rules
    title = f"Speech of {started:%Y-%m-%d %H:%M} UTC"
    try:
        items = dict.fromkeys((observation.task, observation.clip) for observation in spoken)
        recorded = {(task, name): _recorded(task, suite.listed(task).by_id.get(name), folder) for task, name in items}
        entries = [
            entry(_with_files(observation, folder), rules, recorded[observation.task, observation.clip])
            for observation in spoken
        ]
        refuse_foreign(folder / PAGE, lambda head: _TITLE in head, what="page", option="--asr-speech")
        write_whole(folder / PAGE, page(entries, title, rules))
    except OSError as error:
        raise ConfigError(f"the page {folder / PAGE} was not written: {error.strerror}") from None
    return f"listen to the speech: {folder / PAGE}"


def _is_kept(observation: Observation) -> bool:
    return any(utterance.file is not None for utterance in observation.speech.utterances)


def _with_files(observation: Observation, folder: Path) -> Observation:
    """The observation with the files that are there: a record that is scored may have been made elsewhere."""

    def present(utterance: Utterance | None) -> Utterance | None:
        if utterance is None or utterance.file is None or (folder / utterance.file).is_file():
            return utterance
        return replace(utterance, file=None)

    spoken = observation.speech
    turns = tuple(replace(turn, utterance=present(turn.utterance)) for turn in spoken.turns)
    return replace(observation, spoken=replace(spoken, utterance=present(spoken.utterance), turns=turns))


def _recorded(task: Task, sample: AnySample | None, folder: Path) -> list[str | None]:
    """The audio of a prompt's recording, or of each question of a dialogue, from the page; None if it is not here.

    It is kept next to the speech, so that the folder is complete.
    """
    speech = SpeechFolder(folder)
    name = QUESTIONS if task == "conversation" else RECORDINGS
    return [_path_of(clip, name, speech) for clip in sample.recordings] if sample else []


def _path_of(clip: Clip, name: str, speech: SpeechFolder) -> str | None:
    from asrlab_pytest.corpus.audio import load_audio
    from asrlab_pytest.corpus.rate import SAMPLE_RATE

    try:
        file = speech.keep(name, clip.id, load_audio(clip).samples, SAMPLE_RATE)
    except ClipError:
        return None
    if file is not None and speech.path is not None:
        # No record refers to it: with its time as new as the page's, it is not pruned before the page.
        os.utime(speech.path / file)
    return file
