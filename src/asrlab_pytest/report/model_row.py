"""The columns of every table of models, whatever the task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from asrlab_pytest.records.memory import peak_memory
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.state import ModelState


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
            status=state.get("status", "recorded"),
            reason=state.get("reason", ""),
            hint=state.get("hint", ""),
            load_s=state.get("load_s"),
            warmup_s=state.get("warmup_s"),
            unread=tuple(state.get("unread", ())),
            **figures,
        )


def memory_of(state: ModelState) -> int | None:
    """Peak memory in a separate process, in bytes; None if it was not measured."""
    memory = state.get("memory")
    return None if memory is None else peak_memory(memory).rss_bytes


def device_of(observation: Observation) -> str:
    """The device used and, if it differs, the one requested."""
    asked, used = observation.device_requested, observation.device
    return used if asked in ("auto", used) else f"{used}, not {asked}"
