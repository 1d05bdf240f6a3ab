"""The raw row of a record: what one model wrote for one clip, and what it cost."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from asrlab_pytest.models.engine import Transcript
from asrlab_pytest.models.spec import Device

if TYPE_CHECKING:
    from asrlab_pytest.protocols.entities import ListedEntity


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModel:
    """What is the same in every observation of a model: how it was loaded."""

    model: str
    engine: str
    engine_version: str
    weights_sha256: str | None
    weights_revision: str | None
    device_requested: Device
    device: Device
    compute_type: str
    settings: Mapping[str, Any]
    """Load and decode options in force."""
    profile: str
    decoding: Mapping[str, Any] | None
    """What decoding came to, in words that all engines share; None where they do not fit."""
    load_s: float
    """Time to load the weights; the engine's own imports lie outside."""
    warmup_s: float
    """Time of the transcriptions before the first one that counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One case, transcribed. Texts are as they were said and written, never normalized."""

    loaded: LoadedModel
    clip: str
    corpus: str
    group: str | None
    tags: tuple[str, ...]
    language: str | None
    """The clip's."""
    audio_s: float
    audio_sha256: str
    reference: str
    reference_entities: tuple[ListedEntity, ...] | None = None
    """As the manifest lists them; None where it lists none."""
    keywords: tuple[str, ...] = ()
    transcript: Transcript
    latencies_s: tuple[float, ...]
    """Wall time of each round, the audio already decoded."""
    cpu_percent: float
    """Processor time over wall time: 100 is one core at work."""
    peak_rss_bytes: int
    device_memory_bytes: int | None

    @property
    def latency_s(self) -> float:
        """Median over the rounds."""
        return statistics.median(self.latencies_s)

    @property
    def rtf(self) -> float:
        return self.latency_s / self.audio_s

    @property
    def hypothesis(self) -> str:
        return self.transcript.text

    def as_json(self) -> dict[str, Any]:
        """A flat object of plain JSON values; `latency_s` and `rtf` included."""
        row = asdict(self)
        made: dict[str, Any] = plain(
            {
                **row.pop("loaded"),
                **row,
                "hypothesis": self.hypothesis,
                "latency_s": self.latency_s,
                "rtf": self.rtf,
            }
        )
        return made


def plain(value: Any) -> Any:
    """A value as plain JSON: a number of another library as Python's own, and None for what JSON has no number for.

    An engine's details may be NaN or infinite, or of a type of numpy's or torch's. xdist loses a test whose report it
    cannot send.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
