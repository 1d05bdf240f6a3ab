"""What a record says of a run before its first observation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, GetPydanticSchema, WithJsonSchema, field_validator
from pydantic.json_schema import SkipJsonSchema

from asrlab_pytest.records.types import Extensible, Sha256
from asrlab_pytest.tasks import LISTS, Task

Plan = Mapping[str, Sequence[str]]
"""Ids of what is to be observed, by model. The lists of a stored run are packed."""


class Git(Extensible):
    """The state of the project's checkout."""

    commit: str
    dirty: bool


class Listing(Extensible):
    """Which clips the run was given."""

    model_config = ConfigDict(title="CorpusLine")

    name: str
    manifest_sha256: Sha256
    """Of the manifest's bytes."""
    listed: int | None = None
    """How many the manifest lists; None in records of versions that did not count them."""
    chosen: int | None = None
    """How many of them the run chose and has a model for, whether it ran them itself or left them to another shard."""


class Cluster(Extensible):
    """Where models ran, if not in the process that wrote the record."""

    model_config = ConfigDict(title="ClusterLine")

    engine: str
    """Name and version of the cluster's software."""
    nodes: int
    cpu: float
    """Cores of all nodes."""
    gpu: float
    """GPUs of all nodes."""


class Environment(Extensible):
    """Where and how the run was made: everything needed to reproduce it, and nothing secret."""

    model_config = ConfigDict(title="EnvironmentLine")

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
    corpus: Listing | None
    """Which clips; None if the run has no ASR model."""
    prompts: Listing | None = None
    """Which prompts, where TTS models are in the run."""
    dialogues: Listing | None = None
    """Which dialogues, where conversation models are in the run."""
    protocols: dict[str, list[str]] | None
    """Signatures of the normalizations and entity protocols that the chosen clips are scored by."""
    plan: Annotated[Plan, GetPydanticSchema(lambda _, handler: handler(dict[str, list[str]]))] | None
    """Ids of the clips that are to be transcribed, by model; None if the process that wrote this does not know."""
    excluded: dict[str, str] | None = None
    """Why the audit excluded clips, by id; they are not in the plan."""
    seeds: dict[str, int] | None
    """Random seeds: `order` is that of shuffled passes."""
    cluster: Cluster | None = None
    parts: list[Annotated[Environment, WithJsonSchema({"additionalProperties": True, "type": "object"})]] | None = None
    """Environments of the merged records; in each, `planned` (the number of cases by model) replaces the plan."""
    planned: SkipJsonSchema[dict[str, int] | None] = None

    @field_validator("settings")
    @classmethod
    def _can_be_read(cls, settings: dict[str, Any]) -> dict[str, Any]:
        if not re.fullmatch(r"([1-9]\d*/[1-9]\d*)?", str(settings.get("shard") or "")):
            raise ValueError(f"shard {settings['shard']!r} is not of the form INDEX/COUNT")
        if not isinstance(settings.get("models") or {}, Mapping):
            raise ValueError(f"models {settings['models']!r} is not an object")  # noqa: TRY004 - pydantic takes it for a fault of the key
        return settings

    def listing(self, task: Task) -> Listing | None:
        """What lists the samples of a task."""
        listing: Listing | None = getattr(self, LISTS[task])
        return listing

    def as_json(self) -> dict[str, Any]:
        """The line of a record, but for packed lists of the plan."""
        plan = {"plan": self.plan} if "plan" in self.model_fields_set else {}
        return {**self.model_dump(by_alias=True, exclude_unset=True, exclude={"plan"}), **plan}
