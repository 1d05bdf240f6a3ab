"""The baseline: what models wrote at a commit, small enough to be kept in git and read in a diff.

JSON Lines: a line of where it comes from, a line for each text, sorted by model and clip, and a line for the times of
each model beside the reference model, where a speed gate measured them. A record and a pytest-benchmark JSON serve as
baselines too.
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PlainSerializer, ValidationError, ValidationInfo, field_validator

from asrlab_pytest.content import refuse_device
from asrlab_pytest.records.case_set import contradictions
from asrlab_pytest.records.entity import RecordedEntity
from asrlab_pytest.records.environment import Environment, Git, Listing
from asrlab_pytest.records.identity import Identities, IdentitiesOf, Stated, stated, unstated
from asrlab_pytest.records.measured import PairedTimes, PeakMemory
from asrlab_pytest.records.observation import UNMEASURED, Observation
from asrlab_pytest.records.reading import RecordError, Run, parsed, read_run
from asrlab_pytest.records.record_file import BYTE_ORDER_MARK
from asrlab_pytest.records.rows_by_clip import rows_by_clip
from asrlab_pytest.records.spoken import Hearer, Spoken, SpokenTurn
from asrlab_pytest.records.stored_rows import by_model_id
from asrlab_pytest.records.types import Extensible, Part, Seconds
from asrlab_pytest.records.upgrading import in_present_words
from asrlab_pytest.records.writing import write_record
from asrlab_pytest.tasks import WORDS, Task
from asrlab_pytest.validation import adapter_of, faults

SCHEMA = "asrlab-baseline/1.1"
OLDER = "asrlab-baseline/1.0"
"""What is still read: its tasks had other names."""
Texts = Mapping[str, Mapping[str, Observation]]
"""Observations by model id, then clip id. Of a baseline's own they have the text, and no cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a run is compared with."""

    path: Path
    commit: str | None
    texts: Texts
    times: Mapping[str, PairedTimes] = field(default_factory=dict)
    """Times paired with the reference model's, by model id, from a speed gate."""
    memory: Mapping[str, PeakMemory] = field(default_factory=dict)
    """Peak memory by model id."""
    missing: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Clips that the corpus had when it was written and that it has no text of, by model; no key where not known."""
    models: Mapping[str, Identities] = field(default_factory=dict)
    """Engine, weights, device and decoding of each model when it wrote its texts; no key where not known."""
    time: str | None = None
    """When it was made, ISO 8601."""

    @property
    def origin(self) -> str:
        """When and of which commit it was made, in words."""
        commit = f" ({self.commit[:7]})" if self.commit else ""
        return f"the baseline of {self.time[:10]}{commit}" if self.time else f"the baseline{commit}"

    def is_newer(self, model: str, clip: str) -> bool:
        """Whether a clip that it has no text of came into the corpus after it was written."""
        return model in self.missing and clip not in self.missing[model]

    @property
    def tasks(self) -> set[str]:
        """What its models were evaluated in."""
        return {stored.task for texts in self.texts.values() for stored in texts.values()}


def read_baseline(path: Path) -> Baseline:
    """Read a baseline, a record or a pytest-benchmark JSON.

    Raises:
        RecordError: there is no such file, it is none of these, a newer version wrote it, or a line is damaged: what
            is missing from a baseline would be taken for new.
    """
    if _first_line(path).get("kind") == "baseline":
        return _baseline(path)
    run = read_run(path)
    lost = [damage for damage in run.damages if not damage.is_tail]
    if lost:
        raise RecordError(f"the baseline {path} is damaged: {lost[0]}", hint="restore it, or record it again")
    return baseline_of(path, run)


_RESTORE = "restore it, or remove it and write it again with --asr-update-baseline"


def is_baseline(path: Path) -> bool:
    """Whether a file is a baseline of this package's own format, rather than a record or a pytest-benchmark JSON."""
    try:
        return _first_line(path).get("kind") == "baseline"
    except RecordError:
        return False


def refuse_unreadable(path: Path) -> None:
    """Refuse a file that no baseline can be read from, whatever it holds.

    Raises:
        RecordError: it is a pipe, a device or a pointer of Git LFS, or cannot be read.
    """
    _first_line(path)


def write_baseline(  # noqa: PLR0913
    path: Path,
    environment: Environment,
    texts: Texts,
    *,
    times: Mapping[str, PairedTimes] | None = None,
    memory: Mapping[str, PeakMemory] | None = None,
    missing: Mapping[str, Sequence[str]] | None = None,
    models: Mapping[str, Identities] | None = None,
) -> None:
    """Write a baseline whole, or not at all. Its head states how many texts follow, so that a cut file is found out.

    Raises:
        OSError: it cannot be written.
    """
    head = HeadLine(
        kind="baseline",
        schema=SCHEMA,
        time=environment.time,
        git=environment.git,
        corpus=environment.corpus,
        protocols=environment.protocols,
        texts=sum(map(len, texts.values())),
        missing={model: list(clips) for model, clips in (missing or {}).items()},
        clips={model: len(texts[model]) + len(clips) for model, clips in (missing or {}).items()},
        models={model: stated(of_clips) for model, of_clips in sorted((models or {}).items())},
    )
    lines = [head.as_json()]
    lines += [text_line(texts[model][clip]) for model in sorted(texts) for clip in sorted(texts[model])]
    lines += [{"kind": "times", "model": model, **row.as_json()} for model, row in sorted((times or {}).items())]
    lines += [{"kind": "memory", "model": model, **row.as_json()} for model, row in sorted((memory or {}).items())]
    write_record(path, lines)


def by_model(observations: Iterable[Observation]) -> Texts:
    """Observations by model id, then clip id."""
    return {model: rows_by_clip(rows) for model, rows in by_model_id(observations).items()}


def _first_line(path: Path) -> dict[str, Any]:
    if path.is_fifo():
        raise RecordError(f"the baseline {path} is a pipe, but is read twice", hint="write it to a file first")
    try:
        refuse_device(path)
        with path.open("rb") as file:
            line = file.readline().removeprefix(BYTE_ORDER_MARK)
    except OSError as error:
        hint = "correct its permissions, or name another file with --asr-baseline"
        if isinstance(error, FileNotFoundError):
            hint = f"write one: pytest --asr-baseline {shlex.quote(str(path))} --asr-update-baseline"
        raise RecordError(f"the baseline {path} cannot be read: {error.strerror}", hint=hint) from None
    if line.startswith(b"version https://git-lfs.github.com/spec/"):
        raise RecordError(f"the baseline {path} is a pointer of Git LFS", hint="fetch the file: git lfs pull")
    try:
        return parsed(line)
    except ValueError:
        return {}


def baseline_of(path: Path, run: Run) -> Baseline:
    """A run as what another is compared with."""
    texts = by_model(run.first_pass)
    return Baseline(
        path=path,
        commit=run.commit,
        texts=texts,
        missing={model: clips for model, clips in run.plan.items() if model not in texts},
        models={model: IdentitiesOf(rows) for model, rows in texts.items()},
        time=run.started or None,
    )


def _baseline(path: Path) -> Baseline:
    head = HeadLine(schema="")
    observations: list[Observation] = []
    places: list[int] = []
    times: dict[str, PairedTimes] = {}
    memory: dict[str, PeakMemory] = {}
    for number, line in enumerate(path.read_bytes().removeprefix(BYTE_ORDER_MARK).splitlines(), start=1):
        try:
            row = parsed(line)
            if OLDER in (row.get("schema"), head.schema_):
                row = in_present_words(row)
            if number == 1:
                head = _head(path, row)
            elif row.get("kind") == "text":
                observations.append(read_text(row))
                places.append(number)
            elif row["kind"] == "times":
                times[row["model"]] = PairedTimes.model_validate(row)
            elif row["kind"] == "memory":
                memory[row["model"]] = PeakMemory.model_validate(row)
            else:
                raise ValueError(f"unknown kind {row['kind']!r}; there are text, times, memory")  # noqa: TRY301
        except (ValueError, KeyError) as error:
            why = f"no key {error}" if isinstance(error, KeyError) else str(error)
            why = faults(error) if isinstance(error, ValidationError) else why
            raise RecordError(f"the baseline {path} is damaged: line {number}: {why}", hint=_RESTORE) from None
    texts = by_model(observations)
    _refuse_cut(path, head, texts)
    if contradiction := next(contradictions(observations, places, "line"), None):
        raise RecordError(
            f"the baseline {path} is damaged: {contradiction}", hint="keep the correct one, or write the baseline again"
        )
    return Baseline(
        path=path,
        commit=head.git.commit if head.git else None,
        texts=texts,
        missing=head.missing,
        models={model: unstated(identity, texts.get(model, ())) for model, identity in head.models.items()},
        time=head.time,
        times=times,
        memory=memory,
    )


def _refuse_cut(path: Path, head: HeadLine, texts: Texts) -> None:
    """Refuse a file that lacks texts that it was written with: their clips would be taken for new."""
    count = sum(map(len, texts.values()))
    known = {model: len(texts.get(model, ())) + len(head.missing.get(model, ())) for model in head.clips}
    cut = next((model for model, clips in head.clips.items() if known[model] < clips), None)
    if count < head.texts:
        why = f"its first line states {head.texts} texts, and {count} follow"
    elif cut is not None:
        why = f"it was written with {head.clips[cut]} clips of {cut}, and has {known[cut]}"
    else:
        return
    raise RecordError(f"the baseline {path} is damaged: {why}", hint=_RESTORE)


def _head(path: Path, row: dict[str, Any]) -> HeadLine:
    if row.get("schema") not in (SCHEMA, OLDER):
        raise RecordError(
            f"{path}: its schema is {row.get('schema')!r}, and this asrlab-pytest reads {SCHEMA}",
            hint="upgrade asrlab-pytest: python -m pip install -U asrlab-pytest",
        )
    return HeadLine.model_validate(row)


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
