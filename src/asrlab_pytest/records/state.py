"""What a run knows about a model besides its observations, as passed between processes and stored in records."""

from __future__ import annotations

from typing import Any, TypedDict

from asrlab_pytest.records.measured import PlainMemory, PlainTimes
from asrlab_pytest.tasks import Task


class ModelState(TypedDict, total=False):
    """As plain JSON, and as `StateLine` checks it; a record of an older version may lack any key."""

    task: Task
    status: str
    reason: str
    hint: str
    load_s: float | None
    warmup_s: float | None
    self_check: list[list[Any]]
    """Clips on which it was compared with itself on the CPU in float32: id, whether the text is the same, speedup."""
    unread: dict[str, str]
    """Why a sample has no observation, by id."""
    untimed: str
    """Why its times are not valid; empty if they are."""
    nodes: int
    """On how many nodes of a cluster it ran, if on one."""
    times: PlainTimes
    """Its times and the reference model's."""
    memory: PlainMemory
    """The peak memory in a separate process."""
