"""The record's format: what each kind of line holds, published as a JSON Schema.

A record is JSON Lines: an environment, then observations and failures as they are made, then an end. A run that was
killed has no end. Scores are not stored: they follow from reference, hypothesis and protocol.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from asrlab_pytest.tasks import Task
from asrlab_pytest.validation import faults

VERSION = (2, 0)
OLDEST = (0, 1)
"""The oldest version that is read."""
SCHEMA = f"asrlab-record/{VERSION[0]}.{VERSION[1]}"

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Seconds = Annotated[float, Field(ge=0)]


class _Line(BaseModel):
    """A line of the record, or a part of one. Keys of later minor versions are kept."""

    model_config = ConfigDict(strict=True, extra="allow", use_attribute_docstrings=True)


class Git(_Line):
    """The state of the project's checkout."""

    commit: str
    dirty: bool


class CorpusLine(_Line):
    """Which clips the run was given."""

    name: str
    manifest_sha256: Sha256
    """Of the manifest's bytes."""
    listed: int | None = None
    """How many the manifest lists; None in records of versions that did not count them."""
    chosen: int | None = None
    """How many of them the run chose and has a model for, whether it ran them itself or left them to another shard."""


class EnvironmentLine(_Line):
    """Where and how the run was made: everything needed to reproduce it, and nothing secret."""

    kind: Literal["environment"]
    schema_: str = Field(alias="schema", pattern=r"^asrlab-record/\d+\.\d+$")
    """Name and version of this format."""
    time: str
    """Start of the run, ISO 8601, UTC."""
    git: Git | None
    python: str
    os: str
    cpu: str
    cores: dict[str, int | None]
    memory_bytes: int
    load_average: list[float] | None
    accelerator: str | None
    """Name and driver of the first GPU."""
    packages: dict[str, str]
    thread_variables: dict[str, str]
    settings: dict[str, Any]
    """Every setting in force; paths within the home folder begin with ~."""
    corpus: CorpusLine | None
    """Which clips; None if the run has no ASR model."""
    prompts: CorpusLine | None = None
    """Which prompts, where TTS models are in the run."""
    dialogues: CorpusLine | None = None
    """Which dialogues, where conversation models are in the run."""
    protocols: dict[str, list[str]] | None
    """Signatures of the normalizations and entity protocols that the chosen clips are scored by."""
    plan: dict[str, list[str]] | None
    """Ids of the clips that are to be transcribed, by model; None if the process that wrote this does not know."""
    seeds: dict[str, int] | None
    """Random seeds: `order` is that of shuffled passes."""
    parts: list[dict[str, Any]] | None = None
    """Environments of the records that were merged into this one."""


class WordLine(_Line):
    """A word with its place in the audio, in seconds."""

    text: str
    start: float | None
    end: float | None
    probability: float | None


class SegmentLine(_Line):
    """A stretch of a transcript with its place in the audio, in seconds."""

    text: str
    start: float | None
    end: float | None
    words: list[WordLine]
    details: dict[str, float | None]
    """What the engine says of it."""


class TranscriptLine(_Line):
    """What the engine wrote, untouched."""

    text: str
    segments: list[SegmentLine]
    language: str | None
    """What it decoded in, or detected."""
    cuts: list[float] = []
    """Seconds at which the audio was cut, because it is longer than the engine takes; empty in older records."""


class EntityLine(BaseModel):
    """An amount, a date, a name or the like that was said, as the manifest lists it."""

    model_config = ConfigDict(strict=True, extra="forbid", use_attribute_docstrings=True)

    type: str
    value: str
    text: str | None = None
    """As it is in the reference."""

    @model_validator(mode="after")
    def _can_be_scored(self) -> Self:
        from asrlab_pytest.protocols.entities import ENTITY_TYPES, ListedEntity

        for kind in ENTITY_TYPES:
            if kind == self.type:
                ListedEntity(type=kind, value=self.value, text=self.text)
                return self
        raise ValueError(f"no entity type {self.type!r}; there are {', '.join(ENTITY_TYPES)}")


class HearerLine(_Line):
    """The judge: the model that heard the speech."""

    model: str
    engine: str
    engine_version: str
    weights_sha256: str | None
    weights_revision: str | None
    device: str
    compute_type: str
    fingerprint: Sha256 | None = None
    """Digest of all that its texts depend on."""


class SoundLine(_Line):
    """What was measured of speech: levels in decibels below full scale, times in seconds."""

    seconds: Seconds
    sample_rate: Annotated[int, Field(gt=0)]
    pcm_sha256: Sha256
    """Of the samples as little-endian float32."""
    finite: bool
    """Whether no sample is NaN or infinite."""
    peak: float
    rms: float
    clipped: float
    """Share of samples at full scale."""
    clipped_runs: int
    """Places where several samples in a row are at full scale."""
    offset: float
    """Mean of the samples."""
    speech_s: Seconds
    voiced_s: Seconds
    leading_silence_s: Seconds
    trailing_silence_s: Seconds
    longest_pause_s: Seconds
    ends_in_speech: bool
    """Whether it is at full voice to the very end."""
    repeats: list[Annotated[list[Seconds], Field(min_length=3, max_length=3)]]
    """Stretches that come again: start, start of the repetition, length."""


class UtteranceLine(_Line):
    """Speech that a model made."""

    sound: SoundLine
    file: str | None
    """Where it is kept, from the folder for speech."""
    first_audio_s: Annotated[list[Seconds], Field(min_length=1)]
    """Time until the first of it could be played, in each round."""


def _is_fact(stored: dict[str, Any]) -> dict[str, Any]:
    try:
        _facts().validate_json(json.dumps(stored))
    except ValidationError as error:
        raise ValueError(faults(error)) from None
    return stored


@cache
def _facts() -> TypeAdapter[Any]:
    from asrlab_pytest.corpus.fact import Fact

    return TypeAdapter(Fact)


FactLine = Annotated[dict[str, Any], AfterValidator(_is_fact)]


class SpokenTurnLine(_Line):
    """One turn of a dialogue."""

    question: str
    question_sha256: Sha256
    """Of the question's samples as the model was given them."""
    answer: str
    """The text that the model wrote."""
    heard: str
    """What the judge heard in its speech."""
    utterance: UtteranceLine | None
    latencies_s: list[Seconds]
    """Wall time of the turn in each round."""
    first_token_s: list[Seconds | None]
    """Time until the first text, in each round."""
    facts: list[FactLine]
    """What the answer must say."""
    forbidden: list[FactLine]
    """What the answer must not say."""


class SpokenLine(_Line):
    """What a model said, and who heard it."""

    hearer: HearerLine
    voice: str | None
    utterance: UtteranceLine | None
    """Of a prompt; a dialogue has one in each turn."""
    recording_heard: str | None
    """What the judge heard in the recording of the same text."""
    turns: list[SpokenTurnLine]
    """Of a dialogue."""


class ObservationLine(_Line):
    """What one model wrote for one clip in one pass, or what was heard of one prompt or dialogue, and what it cost."""

    kind: Literal["observation"]
    model: str
    task: Task
    engine: str
    engine_version: str
    weights_sha256: str | None
    weights_revision: str | None
    device_requested: str
    device: str
    compute_type: str
    settings: dict[str, Any]
    """Load and decode options in force, in the engine's words."""
    profile: str
    """Name of the decoding profile."""
    decoding: dict[str, Any] | None
    """How it decoded, in words that all engines share."""
    load_s: Seconds | None
    """Null, as every time and size below, where no engine ran: transcripts that existed already were scored."""
    warmup_s: Seconds | None
    clip: str
    corpus: str
    group: str | None
    """Speaker or session."""
    tags: list[str]
    language: str | None
    audio_s: Annotated[float, Field(ge=0)] | None
    """Of the clip, or of the speech that was made: 0 where a model that speaks made none."""
    audio_sha256: Sha256 | None
    """Of the audio file's bytes."""
    pcm_sha256: Sha256 | None
    """Of the samples that the engine was given: mono float32 at 16 kHz."""
    key: Sha256 | None
    """Digest of all that determines the text."""
    repeat: Annotated[int, Field(ge=0)]
    """Which pass over the clips, from 0."""
    order: Literal["given", "shuffled"]
    """The order of the clips in that pass."""
    recorded: bool
    """Whether the observation was taken from a store or record: then its times are not this run's."""
    reference: str
    reference_entities: list[EntityLine] | None
    keywords: list[str]
    clip_normalization: str | None
    """Name of the normalization that the manifest states for the clip."""
    quarantined: bool = False
    """Whether the audit or a review put the clip's text in doubt: its figures stay out of the pooled ones."""
    hypothesis: str
    transcript: TranscriptLine | None
    latencies_s: list[Seconds]
    """Wall time of each round."""
    cpu_s: list[Seconds]
    """Processor time of the process in each round."""
    latency_s: Seconds | None
    """Median of `latencies_s`."""
    rtf: Seconds | None
    """`latency_s` over `audio_s`; null where that is 0."""
    cpu_percent: float | None
    load_per_core: float | None = None
    """Load average of the last minute over the number of processors."""
    peak_rss_bytes: int | None
    device_memory_bytes: int | None
    spoken: SpokenLine | None
    """What the model said, where that is its task; the hypothesis is then what a judge heard in it."""

    @field_validator("audio_s")
    @classmethod
    def _is_there(cls, audio_s: float | None, info: ValidationInfo) -> float | None:
        if audio_s == 0 and info.data.get("task") == "asr":
            raise ValueError("a clip that was transcribed has a length")
        return audio_s

    @field_validator("latency_s")
    @classmethod
    def _is_of_its_rounds(cls, latency_s: float | None, info: ValidationInfo) -> float | None:
        if (latency_s is None) != (not info.data.get("latencies_s", True)):
            raise ValueError("a time without rounds, or rounds without one")
        return latency_s

    @field_validator("spoken")
    @classmethod
    def _is_of_its_task(cls, spoken: SpokenLine | None, info: ValidationInfo) -> SpokenLine | None:
        task = info.data.get("task")
        if spoken is not None and None in (info.data.get("latency_s", 0), info.data.get("audio_s", 0)):
            raise ValueError("speech that was made has a length, and the time that it took")
        if task == "asr" and spoken is not None:
            raise ValueError("an observation of ASR has no speech of its own")
        if task == "tts" and spoken is None:
            raise ValueError("an observation of TTS has what was spoken")
        if task == "conversation" and (spoken is None or not spoken.turns):
            raise ValueError("an observation of conversation has turns")
        return spoken


class FailureLine(_Line):
    """A clip, prompt or dialogue that gave no observation, and why."""

    kind: Literal["failure"]
    task: Task = "asr"
    """What the model was to do with it."""
    model: str
    clip: str
    problem: str


class StateLine(_Line):
    """What is known of a model at the end of a run."""

    task: Task = "asr"
    status: str = "recorded"
    """Whether it could run."""
    reason: str = ""
    hint: str = ""
    load_s: Seconds | None = None
    warmup_s: Seconds | None = None
    self_check: list[Annotated[list[str | bool | float | None], Field(min_length=3, max_length=3)]] = []
    """Clips on which it was compared with itself on the CPU in float32: id, whether the text is the same, speedup."""
    unread: dict[str, str] = {}
    """Why a clip, prompt or dialogue gave no observation, by id."""
    untimed: str = ""
    """Why its times say nothing of the model: the machine was busy, tests ran in parallel, or they were read back."""
    times: dict[str, Any] | None = None
    """Its times beside the reference model's, clip by clip in turn."""
    memory: dict[str, Any] | None = None
    """The peak memory of a process of its own."""


class EndLine(_Line):
    """The run finished."""

    kind: Literal["end"]
    time: str
    """ISO 8601, UTC."""
    models: dict[str, StateLine]
    """By model id."""


Line = Annotated[EnvironmentLine | ObservationLine | FailureLine | EndLine, Field(discriminator="kind")]
"""A line of any kind."""
