"""The columns of every table of models, whatever the task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.state import ModelState
from asrlab_pytest.scoring.entities import EntityScore


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """One model of the run."""

    model: str
    status: str
    reason: str
    hint: str
    load_s: float | None
    warmup_s: float | None
    unread: tuple[str, ...]
    """Samples without an observation."""

    @property
    def is_idle(self) -> bool:
        """Whether it did not run."""
        return self.status not in ("ready", "recorded")

    @classmethod
    def of(cls, model: str, state: ModelState, **figures: Any) -> Self:
        """The row of a model, with the columns that its table adds."""
        return cls(
            model=model,
            status=state.status,
            reason=state.reason,
            hint=state.hint,
            load_s=state.load_s,
            warmup_s=state.warmup_s,
            unread=tuple(state.unread),
            **figures,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFigures:
    """What is measured of a model whatever its task. Times are in seconds."""

    entities: EntityScore
    """Empty for dialogues, whose answers have facts instead."""
    untimed: str
    """Why the times of its observations say nothing of it, in words; empty where they do."""
    latency_p50: float | None
    """None if the times say nothing."""
    rtf: float | None
    """Processing time over audio time; None if there is no audio, or the times say nothing."""
    memory_bytes: int | None
    """Peak memory of a process of its own; None if that was not measured."""
    device: str
    """The device used and, where it differs, the one asked for."""
    normalizations: tuple[str, ...]
    recorded: int
    """Samples whose text and times were taken from a store or record."""


def memory_of(state: ModelState) -> int | None:
    """Peak memory in a separate process, in bytes; None if it was not measured."""
    return state.memory.rss_bytes if state.memory else None


def device_of(observation: Observation) -> str:
    """The device used and, if it differs, the one requested."""
    asked, used = observation.device_requested, observation.device
    return used if asked in ("auto", used) else f"{used}, not {asked}"
