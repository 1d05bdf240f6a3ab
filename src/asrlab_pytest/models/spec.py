"""A line of the registry, and whether it can run."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, Self

from asrlab_pytest.languages import is_same_language, language_code, primary
from asrlab_pytest.models.profile import FAIR, Profile
from asrlab_pytest.tasks import SPOKEN, TASKS, Task
from asrlab_pytest.thresholds import AnyThresholds, ConversationBounds, SynthesisBounds, Thresholds
from asrlab_pytest.validation import STRICT

if TYPE_CHECKING:
    from asrlab_pytest.corpus.samples import Sample

Device = Literal["auto", "mps", "cuda", "cpu"]
"""Where a model runs. One that a server runs has `REMOTE` of `asrlab_pytest.models.device` in its records."""
_ENGLISH_ONLY = re.compile(r"\.en(?=\.|-|$)")
"""How the weights of Whisper that know English alone are named."""
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
DEVICES: tuple[Device, ...] = ("auto", "mps", "cuda", "cpu")


def is_english_only(weights: str) -> bool:
    """Whether weights of Whisper are named as those that know English alone: ``tiny.en``, ``models/ours.en.pt``."""
    return _ENGLISH_ONLY.search(weights) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """A model under test: an engine, its weights, and how they are run."""

    __pydantic_config__ = STRICT

    id: str
    engine: str
    """Name of an entry point in the group ``asrlab.engines``."""
    tasks: tuple[Task, ...] = ("asr",)
    """What it is evaluated in, of what its engine can do."""
    task: Task = "asr"
    """Which of them this is the spec for. The registry sets it; a table states `tasks`."""
    weights: str
    """What the engine takes: a size, a hub id, a local path, or ``package:NAME/path`` in an installed package."""
    weights_sha256: str | Mapping[str, str] | None = None
    """What the weights must be: the sha256 of their file, or of each file by its path in their folder."""
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
    isolate: bool = False
    """Whether it runs in a process of its own, so that a hang or a crash costs one clip."""
    batch_size: int = 1
    """Clips that an ASR model transcribes in one call, if its engine can."""
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
    """Bounds on each of its cases of ASR."""
    corpus_thresholds: Thresholds = field(default_factory=Thresholds)
    """Bounds on its pooled figures of ASR."""
    tts: SynthesisBounds = field(default_factory=SynthesisBounds)
    """Bounds on its synthesis."""
    conversation: ConversationBounds = field(default_factory=ConversationBounds)
    """Bounds on its conversation."""
    max_rtf_ratio: float | None = None
    """The largest ratio of its time to the reference model's, both measured in the same run."""
    max_rss_mb: float | None = None
    """The most memory, in megabytes, of a process of its own that loads it and transcribes its longest clip."""
    max_device_memory_mb: float | None = None
    """The most memory on the accelerator, in megabytes, of the same."""

    def __post_init__(self) -> None:
        self._read_languages()
        self._read_digests()
        for name in ("max_rtf_ratio", "max_rss_mb", "max_device_memory_mb"):
            bound = getattr(self, name)
            if bound is not None and not 0 < bound < math.inf:
                raise ValueError(f"{name} must be a number above 0, not {bound}")
        if self.batch_size < 1:
            raise ValueError(f"batch_size must be 1 or more, not {self.batch_size}")
        if not self.tasks:
            raise ValueError(f"tasks is empty; choose from {', '.join(TASKS)}")
        if len({*self.tasks}) < len(self.tasks):
            raise ValueError(f"tasks has one of them twice: {', '.join(self.tasks)}")
        for task in SPOKEN:
            bounds = getattr(self, task)
            if task not in self.tasks and bounds != type(bounds)():
                raise ValueError(f"{task} has bounds, but is not one of its tasks: {', '.join(self.tasks)}")
        if "asr" not in self.tasks and {self.thresholds, self.corpus_thresholds} != {Thresholds()}:
            task = self.tasks[0]
            raise ValueError(
                f"thresholds and corpus_thresholds are of ASR, none of its tasks; write {task} = {{ ... }}"
            )

    @property
    def case_bounds(self) -> AnyThresholds:
        """Bounds on each of its cases, of its task."""
        return self._bounds.thresholds

    @property
    def pooled_bounds(self) -> AnyThresholds:
        """Bounds on its pooled figures, of its task."""
        return self._bounds.corpus_thresholds

    @property
    def _bounds(self) -> Self | SynthesisBounds | ConversationBounds:
        return self if self.task == "asr" else getattr(self, self.task)

    @property
    def name(self) -> str:
        """Its id in the registry's tables, the same for all of its tasks."""
        return self.id.removesuffix(f":{self.task}")

    @property
    def full_id(self) -> str:
        """Its name with its task, also where that is its first and not part of its id."""
        return f"{self.name}:{self.task}"

    @property
    def names(self) -> set[str]:
        """The names that select it."""
        return {self.id, self.name, self.full_id}

    @property
    def by_task(self) -> tuple[Self, ...]:
        """One spec for each of its tasks: the first keeps the id, the others carry their task in it."""
        if self.tasks == (self.task,):
            return (self,)
        return tuple(
            replace(self, task=task, id=self.id if place == 0 else f"{self.id}:{task}")
            for place, task in enumerate(self.tasks)
        )

    def is_meant_for(self, item: Sample) -> bool:
        """Whether the item's language and tags are among those the model is for. An unknown language is."""
        return self.is_for_language(item.language) and (not self.tags or not set(self.tags).isdisjoint(item.tags))

    def is_for_language(self, language: str | None) -> bool:
        """Whether a language is among those the model is for; one that is not known is, and "en" holds "en-GB"."""
        if not self.languages or language is None:
            return True
        return language in self.languages or any(
            is_same_language(code, language) for code in self.languages if code == primary(code)
        )

    def _read_digests(self) -> None:
        """Bring pinned digests into lower case; each must be a sha256, of a file inside the folder."""
        pinned = self.weights_sha256
        if pinned is None:
            return
        if pinned == {}:
            raise ValueError("weights_sha256 names no file")
        for name, digest in pinned.items() if isinstance(pinned, Mapping) else [("", pinned)]:
            if not _SHA256.fullmatch(digest):
                raise ValueError(
                    f"weights_sha256{f' of {name}' if name else ''} must be 64 hexadecimal digits, not {digest!r}"
                )
            if name.startswith("/") or ".." in name.split("/"):
                raise ValueError(f"weights_sha256 names {name!r}, which is not inside the folder of the weights")
        lower = (
            {name: digest.lower() for name, digest in pinned.items()} if isinstance(pinned, Mapping) else pinned.lower()
        )
        object.__setattr__(self, "weights_sha256", lower)

    def _read_languages(self) -> None:
        """Bring the languages into their standard form; English-only weights of Whisper are for English."""
        if self.language is not None:
            object.__setattr__(self, "language", language_code(self.language))
        languages = tuple(filter(None, map(language_code, self.languages)))
        if not languages and "whisper" in self.engine and is_english_only(self.weights):
            languages = ("en",)
        object.__setattr__(self, "languages", languages)


class Readiness(StrEnum):
    """Whether a model can run here."""

    READY = "ready"
    WEIGHTS_MISSING = "weights missing"
    PACKAGE_MISSING = "package missing"
    UNSUPPORTED = "unsupported here"
    BROKEN = "broken"
    RECORDED = "recorded"
    """It does not run: what it wrote is in a record."""


@dataclass(frozen=True, slots=True)
class Status:
    """Readiness, with the reason and a hint where it is not ready."""

    readiness: Readiness
    reason: str = ""
    hint: str = ""

    @property
    def is_ready(self) -> bool:
        return self.readiness in (Readiness.READY, Readiness.RECORDED)

    def __str__(self) -> str:
        return ": ".join(part for part in (self.readiness.value, self.reason) if part)


READY = Status(Readiness.READY)
