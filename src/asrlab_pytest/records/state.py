"""What a run knows about a model besides its observations, and the last line of a record, which states it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import ConfigDict, Field, PlainSerializer, WithJsonSchema

from asrlab_pytest.records.measured import PairedTimes, PeakMemory
from asrlab_pytest.records.types import Extensible
from asrlab_pytest.tasks import Task

_Seconds = Annotated[float, Field(ge=0)]
_OBJECT = WithJsonSchema({"additionalProperties": True, "type": "object"})
_PLAIN = [{"type": "string"}, {"type": "boolean"}, {"type": "number"}, {"type": "null"}]


class SelfCheck(NamedTuple):
    """A clip transcribed on the device, maybe in a batch, and alone on the CPU in float32."""

    clip: str
    same_text: bool
    speedup: float | None
    """Time on the CPU over time on the device; None for a clip of a batch, whose time is not its own."""


class ModelState(Extensible):
    """What is known of a model at the end of a run."""

    model_config = ConfigDict(title="StateLine")

    task: Task = "asr"
    status: str = "recorded"
    """Whether it could run."""
    reason: str = ""
    hint: str = ""
    load_s: _Seconds | None = None
    warmup_s: _Seconds | None = None
    self_check: list[
        Annotated[
            SelfCheck,
            PlainSerializer(list),
            WithJsonSchema({"items": {"anyOf": _PLAIN}, "maxItems": 3, "minItems": 3, "type": "array"}),
        ]
    ] = Field(default=[])
    """Clips on which it was compared with itself on the CPU in float32: id, whether the text is the same, speedup."""
    unread: dict[str, str] = Field(default={})
    """Why a clip, prompt or dialogue gave no observation, by id."""
    untimed: str = ""
    """Why its times say nothing of the model: the machine was busy, tests ran in parallel, or they were read back."""
    nodes: int | None = None
    """On how many nodes of a cluster it ran, in the call that finished the run."""
    times: Annotated[PairedTimes, _OBJECT] | None = Field(default=None, title="Times")
    """Its times beside the reference model's, clip by clip in turn."""
    memory: Annotated[PeakMemory, _OBJECT] | None = Field(default=None, title="Memory")
    """The peak memory of a process of its own."""


class RunVerdict(Extensible):
    """What a run was judged, and why it is not green. It holds for the clips and rules of that run alone."""

    gates: list[dict[str, object]]
    """The results of the gates, as plain JSON."""
    findings: list[dict[str, object]]
    """Those of the audit."""
    failed: dict[str, str]
    """Why tests failed, in one line each, by their ids."""
    troubles: list[str]
    """Why the run is not green, other than its tests."""
    warnings: list[str]
    """Those of the run itself; a gate has its own."""
    cases: int | None = None
    """How many observations were judged, with failed ones: a file that has others is not what was judged."""


class EndLine(Extensible):
    """The run finished."""

    kind: Literal["end"]
    time: str
    """ISO 8601, UTC."""
    models: dict[str, ModelState]
    """By model id."""
    verdict: RunVerdict | None = Field(default=None)
    """None if nothing judged the run, as if it was merged."""

    @classmethod
    def now(cls, models: Mapping[str, ModelState], verdict: RunVerdict | None = None) -> Self:
        """The end of a run that finishes now."""
        judged = {} if verdict is None else {"verdict": verdict}
        return cls(kind="end", time=datetime.now(UTC).isoformat(timespec="seconds"), models=dict(models), **judged)
