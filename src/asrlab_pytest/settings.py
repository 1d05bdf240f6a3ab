"""What a run is to do: command line and ``[tool.asrlab]``, resolved and validated."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import ValidationError

from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.languages import language_code
from asrlab_pytest.models.spec import Device
from asrlab_pytest.protocols.entities import EntityParameters
from asrlab_pytest.remote import local_path
from asrlab_pytest.secrets import texts
from asrlab_pytest.shards import shard_of
from asrlab_pytest.tasks import Task
from asrlab_pytest.thresholds import ConversationBounds, SynthesisBounds, Thresholds, metric_names
from asrlab_pytest.validation import STRICT, adapter_of, faults

if TYPE_CHECKING:
    from asrlab_pytest.protocols.normalization.own import OwnProfile
else:
    # The protocol compiles its rules when it is imported, which takes longer than collecting thousands of cases.
    OwnProfile = Any

Undecided = Literal["warn", "fail"]
SliceBy = Literal["tag", "language", "group", "duration", "snr"]
READY = "ready"
"""Of witnesses: every chosen ASR model that is ready."""
_LONGEST = 100_000
"""Seconds. Loading may take ten times as long; waits far beyond that are out of the range of the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSettings:
    """How much worse than the baseline is allowed, and how much is measured."""

    __pydantic_config__ = STRICT

    gate: Literal["regression", "noninferior"] = "regression"
    """Whether a pass means "not surely worse by more than is allowed", or "surely not worse by more"."""
    absolute: float = 0.005
    """Of an error rate: 0.005 is 0.5 points. The larger of the two counts."""
    relative: float = 0.10
    """Of the baseline's error rate."""
    cer_rise: float = 0.5
    """The largest rise of a single clip's CER."""
    speed: float = 0.10
    """Of the ratio of a model's time to the reference model's: 0.1 is 10 %. Noise from half of it on fails nothing."""
    speed_rounds: int = 5
    """How often each clip is timed."""
    speed_clips: int = 10
    """How many clips are timed, drawn by the seed."""

    def __post_init__(self) -> None:
        for name in ("absolute", "relative", "cer_rise"):
            if not 0 <= getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be a number from 0, not {getattr(self, name)}")
        if self.absolute > 1:
            raise ValueError(
                f"absolute {self.absolute:g} is {100 * self.absolute:g} points of an error rate: 0.01 is one"
            )
        if not 0 < self.speed < math.inf:
            raise ValueError(f"speed must be a number above 0, not {self.speed}")
        for name, whole in (
            ("relative", "the baseline's error rate"),
            ("cer_rise", "a clip's reference"),
            ("speed", "the baseline's ratio"),
        ):
            if (share := getattr(self, name)) > 1:
                raise ValueError(f"{name} {share:g} is {100 * share:g} % of {whole}: 0.1 is 10 %")
        for name in ("speed_rounds", "speed_clips"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be 1 or more, not {getattr(self, name)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFailure:
    """A pair that is known to miss its thresholds. It still runs, and fails the run when it begins to pass."""

    __pydantic_config__ = STRICT

    model: str
    """A model id or a glob."""
    clip: str
    """A clip id or a glob."""
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("reason must say why it fails")

    def covers(self, model_id: str, clip_id: str) -> bool:
        return fnmatchcase(model_id, self.model) and fnmatchcase(clip_id, self.clip)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One run's settings. Every field is also a key of ``[tool.asrlab]``."""

    __pydantic_config__ = STRICT

    model: tuple[str, ...] = ()
    """Model ids or globs; the default set where it is empty."""
    clip: tuple[str, ...] = ()
    """Clip ids, globs, tags or filters; all clips where it is empty."""
    shard: str | None = None
    """``i/n`` for one of n parts of the chosen samples; all where it is None."""
    corpus: str = "fixtures/audio"
    """A name in `corpora`, or a path."""
    corpora: Mapping[str, CorpusTable] = field(default_factory=dict)
    """Corpora of the project, by name."""
    language: str | None = None
    """Language of the clips, prompts and dialogues that state none; what is scored by `und` where it is None."""
    prompts: str = "fixtures/prompts"
    """What speech synthesis is evaluated on: a folder with a ``prompts.jsonl``, or such a file."""
    prompt: tuple[str, ...] = ()
    """Prompt ids, globs or tags; all prompts where it is empty."""
    dialogues: str = "fixtures/dialogues"
    """What conversation is evaluated on: a folder with a ``dialogues.jsonl``, or such a file."""
    dialogue: tuple[str, ...] = ()
    """Dialogue ids, globs or tags; all dialogues where it is empty."""
    judge: str | None = None
    """Id of the model that transcribes synthesized speech; None for the first of `JUDGES` that is ready."""
    speech: str | None = None
    """The folder that speech is kept in; ``speech`` in the store where it is None, none where it is empty."""
    device: Device = "auto"
    """Also ``cuda:N`` in a table or on the command line, which sets `gpu`."""
    gpu: int | None = None
    """Number of the CUDA device, from 0; None for the engine's first or, on a worker of xdist, one in turn."""
    require_device: bool = False
    self_check: bool = False
    rounds: int = 1
    warmup: int = 1
    batch_size: int = 1
    """Clips in one call of every ASR model that states no batch size, if its engine can."""
    missing: Literal["skip", "error"] | None = None
    """What to do with a model that is not ready; None: skipped, unless it was named."""
    download: Literal["auto", "never"] = "auto"
    record: str | None = None
    store: str = ".asrlab"
    """Folder of the project's store; empty for none."""
    resume: bool = False
    """Whether what the store has is taken from there."""
    rescore: str | None = None
    """A record whose transcripts are scored, with no model."""
    partial: bool = False
    """Whether a record that lacks transcripts of some cases may be scored."""
    witness: tuple[str, ...] = ()
    """ASR models that transcribe the clips before any model is judged on them, by id; `READY` for all that are."""
    slice: tuple[SliceBy, ...] = ()
    """What the scorecard is also broken down by."""
    repeat: int = 1
    """How often each case is transcribed, in passes over the clips."""
    timeout: float | None = None
    """Seconds that a model may take for a clip, 0 for any; None for 600 in CI and any elsewhere."""
    seed: int = 0
    """The random seed."""
    baseline: str | None = None
    """What the run is compared with: a baseline, a record or a pytest-benchmark JSON."""
    baseline_model: tuple[str, ...] = ()
    """``NEW=OLD``: the model NEW is compared with what the baseline has of OLD."""
    update_baseline: bool = False
    undecided: Undecided = "warn"
    """What to do with an undecided gate."""
    gates: GateSettings = field(default_factory=GateSettings)
    markdown: str | None = None
    """The file that the results are written to for a pull request."""
    report: str | None = None
    """The file that the HTML report is written to."""
    no_audio: bool = False
    """Whether the HTML report has no audio."""
    reference: str | None = None
    """Id of the model that the others' speed is compared with; the first that ran where it is None."""
    thresholds: Thresholds = field(default_factory=Thresholds)
    corpus_thresholds: Thresholds = field(default_factory=Thresholds)
    tts: SynthesisBounds = field(default_factory=SynthesisBounds)
    """Bounds on speech synthesis."""
    conversation: ConversationBounds = field(default_factory=ConversationBounds)
    """Bounds on conversation."""
    entities: EntityParameters = field(default_factory=EntityParameters)
    """What a text does not say of its amounts and dates."""
    profile: str = "fair"
    """Decoding profile of the models that state none."""
    profiles: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Decoding profiles of the project, by name."""
    normalization: str | None = None
    """Name of the normalization of all clips; None for each clip's own, or its language's."""
    normalizations: Mapping[str, OwnProfile] = field(default_factory=dict)
    """Normalizations of the project, by name."""
    models: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Tables of the registry, by model id."""
    known_failures: tuple[KnownFailure, ...] = ()

    def __post_init__(self) -> None:
        if self.language is not None:
            object.__setattr__(self, "language", language_code(self.language))
        if self.shard is not None:
            object.__setattr__(self, "shard", str(shard_of(self.shard)))
        self._refuse_urls()
        for name, least in (("rounds", 1), ("warmup", 0), ("repeat", 1), ("batch_size", 1), ("gpu", 0)):
            if getattr(self, name) is not None and getattr(self, name) < least:
                raise ValueError(f"{name} must be {least} or more, not {getattr(self, name)}")
        if self.timeout is not None and not 0 <= self.timeout <= _LONGEST:
            raise ValueError(
                f"timeout must be a number of seconds from 0 (no limit) to {_LONGEST:,}, not {self.timeout}"
            )
        unpaired = [pair for pair in self.baseline_model if not all(pair.partition("="))]
        if unpaired:
            raise ValueError(f"baseline_model {unpaired[0]!r} is not of the form NEW=OLD")
        if self.update_baseline and self.baseline is None:
            raise ValueError("update_baseline needs baseline, the file to write")
        if self.resume and self.rescore is not None:
            raise ValueError("resume and rescore cannot be combined: a run either transcribes the rest or nothing")
        if self.resume and not self.store:
            raise ValueError("resume needs a store, and store is empty")

    def _refuse_urls(self) -> None:
        for path in (self.corpus, self.prompts, self.dialogues, self.store, self.speech):
            local_path(path or "")

    def bounds_of(self, task: Task) -> Self | SynthesisBounds | ConversationBounds:
        """The project's bounds on a task."""
        return self if task == "asr" else getattr(self, task)

    def without_tests(self) -> Settings:
        """The same without what only concerns tests, baselines and runs that are repeated or scored again."""
        gates = {"reference": None, "baseline": None, "baseline_model": (), "update_baseline": False}
        return replace(self, **gates, rescore=None, repeat=1, self_check=False)  # type: ignore[arg-type]

    def counterpart(self, model_id: str) -> str:
        """Id of the model in the baseline that a model is compared with: itself, unless `baseline_model` says other."""
        return self.pairs.get(model_id, model_id)

    @property
    def pairs(self) -> dict[str, str]:
        """The models of `baseline_model`: of the baseline, by those of the run."""
        return dict(pair.split("=", 1) for pair in self.baseline_model)

    def known_failure(self, model_id: str, clip_id: str) -> KnownFailure | None:
        """The declaration that covers a case, if there is one."""
        return next((known for known in self.known_failures if known.covers(model_id, clip_id)), None)


def validated(table: Mapping[str, object], *, source: str) -> Settings:
    """Settings from a table.

    Raises:
        ConfigError: a key is unknown, or a value is of the wrong type or out of range.
    """
    if unusable := [name for name, text in texts(table) if "\0" in text]:
        raise ConfigError(f"{source}: key {unusable[0]!r}: a null character, which no path or name can have")
    try:
        settings = adapter_of(Settings).validate_json(json.dumps(_with_gpu(table), default=str))
        return _with_own_profiles(settings) if settings.normalizations else settings
    except ValidationError as error:
        known = (*Settings.__dataclass_fields__, *metric_names())
        raise ConfigError(f"{source}: {faults(error, known=known, of=Settings, noun='table')}") from None


def _with_gpu(table: Mapping[str, object]) -> Mapping[str, object]:
    """The table with ``cuda:1`` split into the kind of device and its number."""
    device = table.get("device") if isinstance(table, Mapping) else None
    numbered = re.fullmatch(r"cuda:(\d+)", str(device))
    return {**table, "device": "cuda", "gpu": int(numbered[1])} if numbered else table


def _with_own_profiles(settings: Settings) -> Settings:
    """The settings with the project's normalizations as what they are, not as tables.

    Raises:
        ValidationError: a table is wrong.
    """
    from asrlab_pytest.protocols.normalization.own import OwnProfile

    tables = json.dumps({"normalizations": settings.normalizations})
    valid = adapter_of(dict[str, Mapping[str, OwnProfile]]).validate_json(tables)
    return replace(settings, normalizations=valid["normalizations"])
