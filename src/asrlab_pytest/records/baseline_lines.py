"""The lines of a baseline as they are read and written."""

from __future__ import annotations

from dataclasses import MISSING, asdict, dataclass, fields
from typing import Annotated, Any, Literal

from pydantic import Field, PlainSerializer, ValidationError, ValidationInfo, field_validator

from asrlab_pytest.records.entity import RecordedEntity
from asrlab_pytest.records.environment import Git, Listing
from asrlab_pytest.records.identity import Stated
from asrlab_pytest.records.observation import UNMEASURED, Observation
from asrlab_pytest.records.spoken import Hearer, Spoken, SpokenTurn
from asrlab_pytest.records.types import Extensible, Part, Seconds
from asrlab_pytest.tasks import WORDS, Task
from asrlab_pytest.validation import adapter_of, faults


class HeadLine(Extensible):
    """Where a baseline comes from, and what follows."""

    kind: Literal["baseline"] = "baseline"
    schema_: str = Field(alias="schema")
    time: str | None = None
    """When it was made, ISO 8601."""
    git: Git | None = None
    corpus: Listing | None = None
    protocols: dict[str, list[str]] | None = None
    texts: int = 0
    """How many follow."""
    times: int = 0
    """How many lines of times follow."""
    memory: int = 0
    """How many lines of memory follow."""
    missing: dict[str, list[str]] = Field(default={})
    """Clips that the corpus has and that there is no text of, by model."""
    clips: dict[str, int] = Field(default={})
    """How many clips the corpus had for each of these models: those that are missing, and those of its texts."""
    models: dict[str, Annotated[Stated, PlainSerializer(Stated.as_json)]] = Field(default={})


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnLine(Part):
    """What was answered to what, in one turn of a dialogue."""

    question_sha256: str
    answer: str
    heard: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechLine(Part):
    """Who heard the speech of a text."""

    hearer: Hearer
    voice: str | None = None
    turns: tuple[TurnLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine(Part):
    """What a model wrote for a sample. A missing key means the default."""

    kind: Literal["text"] = "text"
    model: str
    clip: str
    task: Task = "asr"
    audio_sha256: str | None = None
    audio_s: Seconds | None = None
    start_s: Seconds | None = None
    channel: int | None = None
    language: str | None = None
    group: str | None = None
    clip_normalization: str | None = None
    reference_entities: tuple[RecordedEntity, ...] | None = None
    keywords: tuple[str, ...] = ()
    reference: str
    hypothesis: str
    spoken: SpeechLine | None = None

    @field_validator("spoken")
    @classmethod
    def _is_of_its_task(cls, spoken: SpeechLine | None, info: ValidationInfo) -> SpeechLine | None:
        task = info.data.get("task", "asr")
        if spoken is None and WORDS[task].speaks:
            raise ValueError(f"a text of {task} has what was spoken")
        return spoken


_ALWAYS = frozenset({"model", "clip", "reference", "hypothesis"})
"""Keys that are written whatever they hold."""


def read_text(row: dict[str, Any]) -> Observation:
    """The observation of which a line keeps the text.

    Raises:
        ValueError: it is none; the message says what is wrong, key by key.
    """
    try:
        line = adapter_of(TextLine).validate_python(row)
    except ValidationError as error:
        raise ValueError(faults(error)) from None
    return Observation(
        **UNMEASURED,
        **{name: getattr(line, name) for name in _SHARED},
        corpus="",
        tags=(),
        transcript=None,
        spoken=None if line.spoken is None else _spoken(line.spoken),
    )


_SHARED = tuple(key.name for key in fields(TextLine) if key.name not in ("kind", "spoken"))


def _spoken(line: SpeechLine) -> Spoken:
    turns = tuple(
        SpokenTurn(
            **asdict(turn), question="", utterance=None, latencies_s=(), first_token_s=(), facts=(), forbidden=()
        )
        for turn in line.turns
    )
    return Spoken(hearer=line.hearer, voice=line.voice, utterance=None, recording_heard=None, turns=turns)


def text_line(observation: Observation) -> dict[str, Any]:
    """The line that keeps the text of an observation, as plain JSON."""
    whole = observation.as_json()
    values = {name: whole[name] for name, default in _DEFAULTS.items() if name in _ALWAYS or whole[name] != default}
    for name in values.keys() & {"audio_s", "start_s"}:
        values[name] = round(values[name], 3)
    if "spoken" in values:
        values["spoken"] = _short_speech(values["spoken"])
    return {"kind": "text", **values}


_DEFAULTS: dict[str, Any] = {
    key.name: [] if key.default == () else None if key.default is MISSING else key.default
    for key in fields(TextLine)
    if key.name != "kind"
}


def _short_speech(spoken: dict[str, Any]) -> dict[str, Any]:
    turns = [{key.name: turn[key.name] for key in fields(TurnLine)} for turn in spoken["turns"]]
    return {"hearer": spoken["hearer"], "voice": spoken["voice"], "turns": turns}
