"""The record's format: what each kind of line holds, published as a JSON Schema.

A record is JSON Lines: an environment, then observations and failures as they are made, then an end. A run that was
killed has no end. Scores are not stored: they follow from reference, hypothesis and protocol.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from asrlab_pytest.records.environment import Environment
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.records.measured import paired_times, peak_memory
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.types import Extensible
from asrlab_pytest.tasks import Task

Seconds = Annotated[float, Field(ge=0)]


def _times(row: dict[str, Any]) -> dict[str, Any]:
    paired_times(row)
    return row


def _memory(row: dict[str, Any]) -> dict[str, Any]:
    peak_memory(row)
    return row


class StateLine(Extensible):
    """What is known of a model at the end of a run."""

    task: Task = "asr"
    status: str = "recorded"
    """Whether it could run."""
    reason: str = ""
    hint: str = ""
    load_s: Seconds | None = None
    warmup_s: Seconds | None = None
    self_check: list[Annotated[list[str | bool | float | None], Field(min_length=3, max_length=3)]] = Field(default=[])
    """Clips on which it was compared with itself on the CPU in float32: id, whether the text is the same, speedup."""
    unread: dict[str, str] = Field(default={})
    """Why a clip, prompt or dialogue gave no observation, by id."""
    untimed: str = ""
    """Why its times say nothing of the model: the machine was busy, tests ran in parallel, or they were read back."""
    nodes: int | None = None
    """On how many nodes of a cluster it ran, in the call that finished the run."""
    times: Annotated[dict[str, Any], AfterValidator(_times)] | None = None
    """Its times beside the reference model's, clip by clip in turn."""
    memory: Annotated[dict[str, Any], AfterValidator(_memory)] | None = None
    """The peak memory of a process of its own."""


class EndLine(Extensible):
    """The run finished."""

    kind: Literal["end"]
    time: str
    """ISO 8601, UTC."""
    models: dict[str, StateLine]
    """By model id."""


Line = Annotated[Environment | Observation | Failure | EndLine, Field(discriminator="kind")]
"""A line of any kind."""
