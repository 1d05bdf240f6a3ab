"""What an observation holds where a model spoke: the sound, and who heard it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, NamedTuple

from pydantic import Field

from asrlab_pytest.records.entity import RecordedFact
from asrlab_pytest.records.model import ModelIdentity
from asrlab_pytest.records.types import Bool, Float, Int, Part, Seconds, Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearer(ModelIdentity):
    """The judge: the model that heard the speech. Figures by two judges are not compared."""

    fingerprint: Sha256 | None = None
    """Digest of all that its texts depend on, its decoding included; of weights that cannot be identified, the name."""


class Repeat(NamedTuple):
    """A stretch that comes again, in seconds."""

    start_s: Seconds
    again_s: Seconds
    length_s: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechSound(Part):
    """What was measured of speech. Levels are in decibels below full scale, times in seconds.

    Samples that are NaN or infinite are told by `finite`, and count as zero in all else.
    """

    seconds: Seconds
    sample_rate: Annotated[Int, Field(gt=0)]
    """Hertz."""
    pcm_sha256: Sha256
    """Of the samples as little-endian float32."""
    finite: Bool
    """Whether no sample is NaN or infinite."""
    peak: Float
    """The largest magnitude, of 1."""
    rms: Float
    clipped: Float
    """Share of samples at full scale."""
    clipped_runs: Int
    """Places where several samples in a row are at full scale."""
    offset: Float
    """Mean of the samples, of 1."""
    speech_s: Seconds
    """Seconds of speech by its energy, short gaps included."""
    voiced_s: Seconds
    """Seconds in which the audio is as periodic as a voice."""
    leading_silence_s: Seconds
    trailing_silence_s: Seconds
    longest_pause_s: Seconds
    """Between two stretches of speech."""
    ends_in_speech: Bool
    """Whether it is at full voice to the very end."""
    repeats: tuple[Repeat, ...]
    """Stretches that come again almost identically: start, start of the repetition, length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance(Part):
    """Speech that a model made."""

    sound: SpeechSound
    file: str | None
    """Where it is kept, from the folder for speech; null where it is not."""
    first_audio_s: Annotated[tuple[Seconds, ...], Field(min_length=1)]
    """Seconds until the first of it could be played, in each round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenTurn(Part):
    """One turn of a dialogue: a question that was asked, and the answer in text and speech."""

    question: str
    """What was said."""
    question_sha256: Sha256
    """Of the question's samples as the model was given them."""
    answer: str
    """The text that the model wrote."""
    heard: str
    """What the judge heard in its speech."""
    utterance: Utterance | None
    """Null where it answered without speech."""
    latencies_s: tuple[Seconds, ...]
    """Wall time of the whole turn, in each round."""
    first_token_s: tuple[Seconds | None, ...]
    """Seconds until the first text, in each round; null where there was no text."""
    facts: tuple[RecordedFact, ...]
    """What the answer must say."""
    forbidden: tuple[RecordedFact, ...]
    """What the answer must not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken(Part):
    """What a model said, and who heard it."""

    hearer: Hearer
    voice: str | None
    utterance: Utterance | None
    """Of a prompt, null where no speech was made of it; a dialogue has one in each turn."""
    recording_heard: str | None
    """What the judge heard in the recording of the same text; null where there is none."""
    recording_sha256: Sha256 | None = None
    """Of the recording's samples; null where there is none, and in records of an older version."""
    turns: tuple[SpokenTurn, ...]
    """Of a dialogue."""

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        """All speech, in order."""
        every = (self.utterance, *(turn.utterance for turn in self.turns))
        return tuple(utterance for utterance in every if utterance is not None)
