"""What models are evaluated on, whatever their task: samples with a reference, listed in one file."""

from __future__ import annotations

from dataclasses import Field, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeAlias, TypeVar

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.protocols.entities import ListedEntity
from asrlab_pytest.thresholds import AnyThresholds


class Sample(Protocol):
    """A clip, a prompt or a dialogue."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str | None: ...
    @property
    def normalization(self) -> str | None: ...
    @property
    def tags(self) -> tuple[str, ...]: ...
    @property
    def group(self) -> str | None: ...
    @property
    def entities(self) -> tuple[ListedEntity, ...] | None: ...
    @property
    def keywords(self) -> tuple[str, ...]: ...
    @property
    def quarantined(self) -> bool: ...
    @property
    def seconds(self) -> float | None:
        """Length as listed; None if it is unknown, or depends on the model."""

    @property
    def thresholds(self) -> AnyThresholds: ...
    @property
    def recordings(self) -> tuple[Clip, ...]:
        """The audio of people that comes with it."""


Sample_co = TypeVar("Sample_co", bound=Sample, covariant=True)


@dataclass(frozen=True)
class SampleSet(Generic[Sample_co]):
    """Samples of one manifest, in its order."""

    name: str
    manifest: Path
    """The file that lists the samples; the folder where no single file does."""
    sha256: str
    """Of the manifest's bytes; of all that lists the samples where it is more than one file."""
    samples: tuple[Sample_co, ...]

    @cached_property
    def by_id(self) -> dict[str, Sample_co]:
        return {sample.id: sample for sample in self.samples}


Corpus: TypeAlias = SampleSet[Clip]
"""Clips of one manifest."""
