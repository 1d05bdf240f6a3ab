"""What a record says of a run before its first observation, as plain JSON: see `EnvironmentLine`, which checks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, cast


class Listing(TypedDict, total=False):
    """The clips, prompts or dialogues of the run."""

    name: str
    manifest_sha256: str
    listed: int | None
    chosen: int | None


class Cluster(TypedDict):
    """Where models ran, if not in the process that wrote the record."""

    engine: str
    """Name and version of the cluster's software."""
    nodes: int
    cpu: float
    gpu: float


class Environment(TypedDict, total=False):
    """A record of an older version may lack any key."""

    kind: str
    schema: str
    time: str
    git: dict[str, Any] | None
    python: str
    os: str
    cpu: str
    cores: dict[str, int | None]
    memory_bytes: int
    load_average: list[float] | None
    accelerator: str | None
    packages: dict[str, str]
    thread_variables: dict[str, str]
    settings: dict[str, Any]
    corpus: Listing | None
    prompts: Listing | None
    dialogues: Listing | None
    protocols: dict[str, list[str]] | None
    plan: Mapping[str, Sequence[str]] | None
    excluded: dict[str, str] | None
    seeds: dict[str, int] | None
    cluster: Cluster
    parts: list[Environment] | None
    planned: dict[str, int] | None
    """For a part: the number of its cases by model, instead of its plan."""


def listing_of(environment: Environment, key: str) -> Listing | None:
    """What lists the samples of a task, by its key in `tasks.LISTS`."""
    return cast("Listing | None", environment.get(key))
