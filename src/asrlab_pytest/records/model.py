"""What a record says of the model that an observation is of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from asrlab_pytest.records.types import Part, Seconds, Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelIdentity(Part):
    """Which model it is, on what."""

    model: str
    engine: str
    engine_version: str
    weights_sha256: str | None
    weights_revision: str | None
    device: str
    compute_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModel(ModelIdentity):
    """What is the same in every observation of a model: how it was loaded. Its observations share what is in it."""

    # pydantic takes the docstrings of a class's own attributes, and not those that it inherits.
    device_requested: str
    settings: Annotated[dict[str, Any], Field(description="Load and decode options in force, in the engine's words.")]
    profile: Annotated[str, Field(description="Name of the decoding profile.")]
    decoding: Annotated[dict[str, Any] | None, Field(description="How it decoded, in words that all engines share.")]
    configuration: Annotated[
        Sha256 | None,
        Field(
            description="Digest of what the project and the engine's code decide of the texts: the model's table, its "
            "decoding, files that its options name, and code that can change without a version; null in older records."
        ),
    ] = None
    load_s: Annotated[
        Seconds | None,
        Field(
            description="Null, as every time and size below, where no engine ran: transcripts that existed already "
            "were scored."
        ),
    ]
    """Time to load the weights; the engine's own imports lie outside."""
    warmup_s: Seconds | None
    """Time of the transcriptions before the first one that counts."""
