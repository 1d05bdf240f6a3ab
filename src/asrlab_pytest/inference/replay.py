"""Replays a model from a record, without its engine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.corpus.select import seconds_in_file
from asrlab_pytest.errors import ClipError, ModelError
from asrlab_pytest.inference.observing import as_recorded
from asrlab_pytest.inference.on_demand import Timer
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.model import LoadedModel
from asrlab_pytest.records.observation import FIRST, Observation, Pass
from asrlab_pytest.tasks import NOUNS

if TYPE_CHECKING:
    from asrlab_pytest.corpus.dialogues import Dialogue
    from asrlab_pytest.corpus.prompts import Prompt
    from asrlab_pytest.records.spoken import Spoken, SpokenTurn

SAME_LENGTH_S = 0.01
"""A part of a file begins and ends with a sample, not with a decimal."""


@dataclass(eq=False, repr=False)
class RecordedModel:
    """Answers with the observations of a record."""

    spec: ModelSpec
    observations: Mapping[tuple[str, Pass], Observation]
    """Its observations, by clip and pass."""
    corpus: str
    source: str
    """The record, as a person named it."""
    loaded: LoadedModel | None = None
    load_error: ModelError | None = None
    remarks: Sequence[str] = ()

    def observe(self, clip: Any, timer: Timer, pass_: Pass = FIRST) -> Observation:  # noqa: ARG002
        """What the record says of a clip, a prompt or a dialogue, under its present reference.

        Raises:
            ClipError: the record has no such observation, or one of other audio or another text.
        """
        recorded = self.observations.get((clip.id, pass_))
        if recorded is None:
            raise ClipError(f"{NOUNS[self.spec.task]} {clip.id}: {self.source} has nothing of it by {self.spec.id}")
        return self._present(recorded, clip)

    def _present(self, recorded: Observation, clip: Clip) -> Observation:
        """The observation under the clip's present reference. Raises ClipError where it is of other audio."""
        # None in a record of transcripts without their audio.
        seconds, digest = recorded.audio_s, recorded.audio_sha256
        present_s = clip.seconds if clip.may_be_part else None
        if _differ(present_s, seconds) and _differ(present_s := seconds_in_file(clip), seconds):
            raise ClipError(
                f"clip {clip.id}: it is now {present_s:.2f} s of its file, and {self.source} has a transcript of "
                f"{seconds:.2f} s",
                hint="transcribe it again, without --asr-rescore",
            )
        if is_other_part(clip, recorded):
            then, now = _place(recorded.start_s, recorded.channel), _place(clip.begin, clip.channel)
            raise ClipError(
                f"clip {clip.id}: it is now {now} of its file, and {self.source} has a transcript of {then}",
                hint="transcribe it again, without --asr-rescore",
            )
        present = None if digest is None else clip.sha256 or _sha256_of(clip.audio)
        if present is not None and digest is not None and present.lower() != digest:
            raise ClipError(
                f"clip {clip.id}: its audio is not what {self.source} has a transcript of "
                f"(sha256 {present[:12]}..., the record says {digest[:12]}...)",
                hint="transcribe it again, without --asr-rescore",
            )
        return as_recorded(recorded, clip, model=self.spec.id, corpus=self.corpus)

    def after_the_first(self, clips: Sequence[Sample]) -> Iterator[tuple[Sample, Pass]]:
        """The later passes that the record has of these clips, clip by clip."""
        chosen = {clip.id: clip for clip in clips}
        for clip_id, pass_ in self.observations:
            if clip_id in chosen and pass_ != FIRST:
                yield chosen[clip_id], pass_

    def close(self) -> None:
        """There is nothing to release."""


class RecordedSpeaker(RecordedModel):
    """Answers with the speech of a record."""

    def _present(self, recorded: Observation, clip: Prompt | Dialogue) -> Observation:  # type: ignore[override]
        other = other_since(clip, recorded)
        if other is not None:
            raise ClipError(
                f"{NOUNS[self.spec.task]} {clip.id}: {self.source} was made with different {other}",
                hint="run it again without --asr-rescore",
            )
        return as_recorded(recorded, clip, model=self.spec.id, corpus=self.corpus)


def other_since(item: Sample, recorded: Observation) -> str | None:
    """What of a prompt or dialogue is not as it was: its text, voice, recording or questions; None if nothing.

    Raises:
        ClipError: the audio of a recording or a question cannot be read.
    """
    from asrlab_pytest.corpus.prompts import Prompt

    if isinstance(item, Prompt):
        if item.text != recorded.reference:
            return "text"
        if item.voice != recorded.speech.voice:
            return "voice"
        return None if _has_recording(item, recorded.speech) else "recorded audio"
    questions, turns = item.recordings, recorded.speech.turns
    return None if len(turns) == len(questions) and all(map(_is_asked, questions, turns)) else "questions"


def _has_recording(prompt: Prompt, spoken: Spoken) -> bool:
    """Whether the recording of a prompt, where that is here, is the one that the judge heard."""
    if prompt.recording is None or spoken.recording_sha256 is None or not prompt.recording.audio.is_file():
        return True
    from asrlab_pytest.corpus.audio import load_audio

    return load_audio(prompt.recording).pcm_sha256 == spoken.recording_sha256


def _is_asked(question: Clip, held: SpokenTurn) -> bool:
    """Whether a question is the one that was answered: by its audio or, where that is not here, its text."""
    if not question.audio.is_file():
        return question.text == held.question
    from asrlab_pytest.corpus.audio import load_audio

    return load_audio(question).pcm_sha256 == held.question_sha256


def is_other_part(clip: Clip, recorded: Observation) -> bool:
    """Whether a clip begins elsewhere in its file, or is another channel of it, than what was transcribed."""
    return _differ(clip.begin, recorded.start_s) or recorded.channel not in (None, clip.channel or 0)


def _place(start_s: float | None, channel: int | None) -> str:
    return (f"channel {channel}" if channel else "the mean of the channels") + f" from {start_s or 0:.2f} s"


def _differ(present_s: float | None, seconds: float | None) -> bool:
    return present_s is not None and seconds is not None and abs(present_s - seconds) > SAME_LENGTH_S


@cache
def _sha256_of(path: Path) -> str | None:
    """Of a file's bytes; None if it is not here, as a transcript can be scored without its audio."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
