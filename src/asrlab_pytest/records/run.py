"""A run, as its file or its session knows it: environment, observations, and cases without one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from asrlab_pytest.records.environment import Environment, Plan
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.state import ModelState, RunVerdict
from asrlab_pytest.records.stored_rows import chosen
from asrlab_pytest.records.upgrading import VERSION

HAS_END = (1, 0)
"""The first version in which a record says that its run finished."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A line that cannot be used."""

    line: int
    """Its number, from 1. For a pytest-benchmark JSON: the case's number, or 0 for what the file has once."""
    problem: str
    is_tail: bool = False
    """Whether it is the unfinished last line of a run that was killed: nothing that was finished is lost with it."""
    unit: str = "line"
    """What `line` counts."""

    def __str__(self) -> str:
        return f"{self.unit} {self.line}: {self.problem}" if self.line else f"{self.unit}: {self.problem}"


@dataclass(kw_only=True)
class Run:
    """What a file says of a run."""

    path: Path
    environment: Environment | None = None
    """None if the file has none."""
    observations: Sequence[Observation] = ()
    """Of every pass. Those of a record stay in its file and are read on demand."""
    places: Sequence[int] = ()
    """Where each observation is: its line or, in a pytest-benchmark JSON, its number among the cases."""
    unit: str = "line"
    """What the places count."""
    failures: list[Failure] = field(default_factory=list)
    models: dict[str, ModelState] = field(default_factory=dict)
    """Status and load times by model id; empty where the run did not finish."""
    verdict: RunVerdict | None = None
    """What the run was judged; None if nothing judged it."""
    damages: list[Damage] = field(default_factory=list)
    repeated: Sequence[Damage] = ()
    """Observations of a case that the file already had, with the same text. They are not among the observations."""
    is_ended: bool = False
    """Whether the run finished."""
    version: tuple[int, int] = VERSION
    """Of the file's format. Records before 1.0 do not say whether the run finished."""

    @property
    def first_pass(self) -> Sequence[Observation]:
        """One observation for each case: that of the first pass in the given order."""
        return chosen(self.observations, lambda row: row.is_first_pass)

    @property
    def is_stopped(self) -> bool:
        """Whether the file says that the run did not finish."""
        return not self.is_ended and self.version >= HAS_END

    @property
    def started(self) -> str:
        """When it began, in ISO 8601; empty if its file does not say."""
        return self.environment.time if self.environment else ""

    @property
    def commit(self) -> str | None:
        """Of the project; None if its file does not say."""
        return self.environment.git.commit if self.environment and self.environment.git else None

    @property
    def plan(self) -> Plan:
        """Ids of what it was to observe, by model; empty if its file does not say."""
        return (self.environment.plan if self.environment else None) or {}

    @property
    def parts(self) -> Sequence[Environment]:
        """Environments of the records that it was merged from."""
        return (self.environment.parts if self.environment else None) or ()

    @property
    def excluded(self) -> Mapping[str, str]:
        """Why the audit excluded clips, by id."""
        return (self.environment.excluded if self.environment else None) or {}

    @property
    def planned(self) -> Iterator[tuple[str, str]]:
        """Model and id of each case that it was to observe."""
        return ((model, clip) for model, clips in self.plan.items() for clip in clips)

    @property
    def tried(self) -> Iterator[Failure | Observation]:
        """The cases that the run tried, failures first."""
        return chain(self.failures, self.observations)

    def left_out(self, *, tail: bool) -> list[str]:
        """What of the file could not be used, in words.

        Args:
            tail: Whether the unfinished last line of a killed run is asked for, with which nothing that was finished
                is lost, or all others, so that figures may lack observations.
        """
        return [f"{self.path}: {damage}: left out" for damage in self.damages if damage.is_tail is tail]
