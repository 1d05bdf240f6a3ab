"""A line of the registry, and whether it can run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Literal

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.models.profile import FAIR, Profile
from asrlab_pytest.thresholds import Thresholds

Device = Literal["auto", "mps", "cuda", "cpu"]
DEVICES: tuple[Device, ...] = ("auto", "mps", "cuda", "cpu")
Task = Literal["recognition", "synthesis", "conversation"]
TASKS: tuple[Task, ...] = ("recognition", "synthesis", "conversation")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """A model under test: an engine, its weights, and how they are run."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    id: str
    engine: str
    """Name of an entry point in the group ``asrlab.engines``."""
    tasks: tuple[Task, ...] = ("recognition",)
    """What it is evaluated in, of what its engine can do."""
    task: Task = "recognition"
    """Which of them this is the spec for; not for tables."""
    weights: str
    """What the engine takes: a size, a hub id, or a local path."""
    revision: str | None = None
    """Pins a hub's revision."""
    device: Device | None = None
    """Overrides the run's device."""
    compute_type: str | None = None
    """Number format of the weights, in the engine's words; None for its default on the device."""
    profile: Profile = FAIR
    """How it decodes: the name of a profile, or its keys."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Load and decode options in the engine's own words, stronger than the profile."""
    language: str | None = None
    """Language to decode in, whatever the clip's."""
    languages: tuple[str, ...] = ()
    """Languages of the clips it is meant for; empty for all."""
    tags: tuple[str, ...] = ()
    """It is meant only for clips with one of these tags; empty for all."""
    license: str | None = None
    """Name of a licence that must be accepted before the weights are downloaded."""
    size_bytes: int | None = None
    """Size of the download, roughly."""
    thresholds: Thresholds = field(default_factory=Thresholds)
    """Bounds on each of its cases."""
    corpus_thresholds: Thresholds = field(default_factory=Thresholds)
    """Bounds on its pooled figures."""
    max_rtf_ratio: float | None = None
    """The largest ratio of its time to the reference model's, both measured in the same run."""
    max_rss_mb: float | None = None
    """The most memory, in megabytes, of a process of its own that loads it and transcribes its longest clip."""
    max_device_memory_mb: float | None = None
    """The most memory on the accelerator, in megabytes, of the same."""

    def __post_init__(self) -> None:
        for name in ("max_rtf_ratio", "max_rss_mb", "max_device_memory_mb"):
            bound = getattr(self, name)
            if bound is not None and not 0 < bound < math.inf:
                msg = f"{name} must be a number above 0, not {bound}"
                raise ValueError(msg)

    def is_meant_for(self, clip: Clip) -> bool:
        """Whether the clip's language and tags are among those the model is for. An unknown language is."""
        speaks = not self.languages or clip.language is None or clip.language in self.languages
        return speaks and (not self.tags or not set(self.tags).isdisjoint(clip.tags))


class Readiness(StrEnum):
    """Whether a model can run here."""

    READY = "ready"
    WEIGHTS_MISSING = "weights missing"
    PACKAGE_MISSING = "package missing"
    UNSUPPORTED = "unsupported here"
    BROKEN = "broken"
    RECORDED = "recorded"
    """It does not run: what it wrote stands in a record."""


@dataclass(frozen=True, slots=True)
class Status:
    """Readiness, with the reason and what mends it where it is not ready."""

    readiness: Readiness
    reason: str = ""
    mend: str = ""

    @property
    def is_ready(self) -> bool:
        return self.readiness in (Readiness.READY, Readiness.RECORDED)

    def __str__(self) -> str:
        return ": ".join(part for part in (self.readiness.value, self.reason) if part)


READY = Status(Readiness.READY)
