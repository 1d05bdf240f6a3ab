"""The record's format: what each kind of line holds, published as a JSON Schema.

A record is JSON Lines: an environment, then observations and failures as they are made, then an end. A run that was
killed has no end. Scores are not stored: they follow from reference, hypothesis and protocol.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from asrlab_pytest.records.failure import Failure
from asrlab_pytest.records.measured import paired_times, peak_memory
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.types import Sha256
from asrlab_pytest.tasks import Task

Seconds = Annotated[float, Field(ge=0)]


class _Line(BaseModel):
    """A line of the record, or a part of one."""

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


class ClusterLine(_Line):
    """Where models ran, if not in the process that wrote the record."""

    engine: str
    """Name and version of the cluster's software."""
    nodes: int
    cpu: float
    """Cores of all nodes."""
    gpu: float
    """GPUs of all nodes."""


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
    excluded: dict[str, str] | None = None
    """Why the audit excluded clips, by id; they are not in the plan."""
    seeds: dict[str, int] | None
    """Random seeds: `order` is that of shuffled passes."""
    cluster: ClusterLine | None = None
    parts: list[dict[str, Any]] | None = None
    """Environments of the merged records; in each, `planned` (the number of cases by model) replaces the plan."""


def _times(row: dict[str, Any]) -> dict[str, Any]:
    paired_times(row)
    return row


def _memory(row: dict[str, Any]) -> dict[str, Any]:
    peak_memory(row)
    return row


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
    nodes: int | None = None
    """On how many nodes of a cluster it ran, in the call that finished the run."""
    times: Annotated[dict[str, Any], AfterValidator(_times)] | None = None
    """Its times beside the reference model's, clip by clip in turn."""
    memory: Annotated[dict[str, Any], AfterValidator(_memory)] | None = None
    """The peak memory of a process of its own."""


class EndLine(_Line):
    """The run finished."""

    kind: Literal["end"]
    time: str
    """ISO 8601, UTC."""
    models: dict[str, StateLine]
    """By model id."""


Line = Annotated[EnvironmentLine | Observation | Failure | EndLine, Field(discriminator="kind")]
"""A line of any kind."""
