"""What a run is to do: command line, ini values and ``[tool.asrlab]``, resolved and validated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, ClassVar, Literal

from pydantic import TypeAdapter, ValidationError

from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.models.spec import Device
from asrlab_pytest.protocols.entities import EntityParameters
from asrlab_pytest.protocols.normalization.own import OwnProfile
from asrlab_pytest.thresholds import Thresholds
from asrlab_pytest.validation import faults

Missing = Literal["skip", "error"]
Download = Literal["auto", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFailure:
    """A pair that is known to miss its thresholds. It still runs, and fails the run when it begins to pass."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    model: str
    """A model id or a glob."""
    clip: str
    """A clip id or a glob."""
    reason: str

    def covers(self, model_id: str, clip_id: str) -> bool:
        return fnmatchcase(model_id, self.model) and fnmatchcase(clip_id, self.clip)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One run's settings. Every field is also a key of ``[tool.asrlab]``."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    model: tuple[str, ...] = ()
    """Model ids or globs; the default set where it is empty."""
    clip: tuple[str, ...] = ()
    """Clip ids, globs, tags or filters; all clips where it is empty."""
    corpus: str = "fixtures/audio"
    """A name in `corpora`, or a path."""
    corpora: Mapping[str, CorpusTable] = field(default_factory=dict)
    """Corpora of the project, by name."""
    device: Device = "auto"
    require_device: bool = False
    self_check: bool = False
    rounds: int = 1
    warmup: int = 1
    missing: Missing | None = None
    """What becomes of a model that is not ready; None: skipped, unless it was asked for by name."""
    download: Download = "auto"
    record: str | None = None
    reference: str | None = None
    """Id of the model that the others' speed is set against; the first that ran where it is None."""
    thresholds: Thresholds = field(default_factory=Thresholds)
    corpus_thresholds: Thresholds = field(default_factory=Thresholds)
    entities: EntityParameters = field(default_factory=EntityParameters)
    """What a text does not say of its amounts and dates."""
    profile: str = "fair"
    """Decoding profile of the models that state none."""
    profiles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Decoding profiles of the project, by name."""
    normalization: str | None = None
    """Name of the normalization of all clips; None for each clip's own, or its language's."""
    normalizations: Mapping[str, OwnProfile] = field(default_factory=dict)
    """Normalizations of the project, by name."""
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Tables of the registry, by model id."""
    known_failures: tuple[KnownFailure, ...] = ()

    def __post_init__(self) -> None:
        for name, least in (("rounds", 1), ("warmup", 0)):
            if getattr(self, name) < least:
                msg = f"{name} must be {least} or more, not {getattr(self, name)}"
                raise ValueError(msg)

    def known_failure(self, model_id: str, clip_id: str) -> KnownFailure | None:
        """The declaration that covers a case, if there is one."""
        return next((known for known in self.known_failures if known.covers(model_id, clip_id)), None)


def validated(table: Mapping[str, Any], *, source: str) -> Settings:
    """Settings from a table.

    Raises:
        ConfigError: a key is unknown, or a value is of the wrong type or out of range.
    """
    try:
        return TypeAdapter(Settings).validate_json(json.dumps(table, default=str))
    except ValidationError as error:
        known = tuple(Settings.__dataclass_fields__)
        raise ConfigError(f"{source}: {faults(error, known=known)}") from None
