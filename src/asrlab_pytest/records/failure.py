"""A sample that gave no observation, and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from asrlab_pytest.records.types import LINE, Part
from asrlab_pytest.tasks import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure(Part):
    """A clip, prompt or dialogue that gave no observation, and why."""

    __pydantic_config__ = LINE

    kind: Literal["failure"] = "failure"
    task: Task = "asr"
    """What the model was to do with it."""
    model: str
    clip: str
    problem: str
    """The reason, with the hint in parentheses if there is one."""

    @property
    def in_one_line(self) -> str:
        """The problem, which holds the hint of its error."""
        return self.problem

    def as_json(self) -> dict[str, object]:
        """A line of a record, as plain JSON."""
        return asdict(self)
