"""The raw row of a record: what one model wrote for one clip, and what it cost."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from asrlab_pytest.models.engine import Segment, Transcript, Word
from asrlab_pytest.models.spec import Device
from asrlab_pytest.tasks import Task

if TYPE_CHECKING:
    from asrlab_pytest.corpus.samples import Sample
    from asrlab_pytest.protocols.entities import ListedEntity
    from asrlab_pytest.records.spoken import Spoken

Order = Literal["given", "shuffled"]
"""In which order the clips of a pass were transcribed."""


class Pass(NamedTuple):
    """One way over the clips: which, from 0, and in which order."""

    repeat: int = 0
    order: Order = "given"


FIRST = Pass()
"""The pass that figures are made of; those after it show whether a model repeats itself."""


@dataclass(frozen=True, kw_only=True)
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
    """What decoding came to, in words that all engines share; None if they do not fit."""
    load_s: float | None
    """Time to load the weights; the engine's own imports lie outside. None, as all that is measured, where no engine
    ran: transcripts that existed already were scored."""
    warmup_s: float | None
    """Time of the transcriptions before the first one that counts."""

    @cached_property
    def as_json(self) -> Mapping[str, Any]:
        """As plain JSON; the rows of a model share what is in it."""
        return {one.name: plain(getattr(self, one.name)) for one in fields(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One case, transcribed or, where the model speaks, heard. Texts are as they were said and written."""

    loaded: LoadedModel
    task: Task = "asr"
    clip: str
    """Id of the clip, the prompt or the dialogue."""
    corpus: str
    group: str | None
    tags: tuple[str, ...]
    language: str | None
    """The clip's."""
    audio_s: float | None
    audio_sha256: str | None
    """Of the file's bytes."""
    pcm_sha256: str | None
    """Of the samples that the engine was given; None if a record of an older version has none."""
    key: str | None
    """Digest of all that determines the text; None if the engine cannot tell its weights from others."""
    repeat: int = 0
    """Which pass over the clips this is, from 0; `--asr-repeat` makes more than one."""
    order: Order = "given"
    recorded: bool = False
    """Whether it was taken from a store or record, so that its times are not this run's."""
    reference: str
    reference_entities: tuple[ListedEntity, ...] | None = None
    """As the manifest lists them; None if it lists none."""
    keywords: tuple[str, ...] = ()
    clip_normalization: str | None = None
    """Name of the normalization that the manifest states for the clip."""
    quarantined: bool = False
    """Whether the clip's text is in doubt, so that the observation is kept out of pooled figures and gates."""
    transcript: Transcript
    latencies_s: tuple[float, ...]
    """Wall time of each round, the audio already decoded."""
    cpu_s: tuple[float, ...] = ()
    """Processor time of this process in each round; empty where a record of an older version has none."""
    cpu_percent: float | None
    """Processor time over wall time: 100 is one core at work."""
    load_per_core: float | None = None
    """Load average of the last minute over the number of processors; None if the system has none."""
    peak_rss_bytes: int | None
    device_memory_bytes: int | None
    spoken: Spoken | None = None
    """What the model said, where that is its task; the hypothesis is then what a judge heard in it."""

    @property
    def latency_s(self) -> float | None:
        """Median over the rounds; None if there was none."""
        return statistics.median(self.latencies_s) if self.latencies_s else None

    @property
    def rtf(self) -> float | None:
        """`latency_s` over `audio_s`; None if a model that speaks made no sound."""
        return self.latency_s / self.audio_s if self.audio_s and self.latency_s is not None else None

    @property
    def hypothesis(self) -> str:
        return self.transcript.text

    def as_json(self) -> dict[str, Any]:
        """A flat object of plain JSON values; `latency_s` and `rtf` included."""
        row = dict(self.loaded.as_json)
        for name in _OWN:
            row[name] = plain(getattr(self, name))
        row["hypothesis"] = plain(self.hypothesis)
        row["latency_s"] = plain(self.latency_s)
        row["rtf"] = plain(self.rtf)
        return row


_OWN = tuple(one.name for one in fields(Observation) if one.name != "loaded")


def recorded_observation(row: Mapping[str, Any], clip: Sample, *, model: str, corpus: str) -> Observation:
    """What a row of a record or store says of a clip, under the clip's present reference and the model's present id.

    The reference of a dialogue is what the model wrote, and stays.
    """
    from asrlab_pytest.records.spoken import spoken_of

    task: Task = row.get("task", "asr")
    shared = {one.name: row[one.name] for one in fields(LoadedModel) if one.name != "model"}
    return Observation(
        loaded=LoadedModel(model=model, **shared),
        task=task,
        clip=clip.id,
        corpus=corpus,
        group=clip.group,
        tags=clip.tags,
        language=clip.language,
        audio_s=row["audio_s"],
        audio_sha256=row["audio_sha256"],
        pcm_sha256=row["pcm_sha256"],
        key=row["key"],
        repeat=row["repeat"],
        order=row["order"],
        recorded=True,
        reference=row["reference"] if task == "conversation" else clip.text,
        reference_entities=clip.entities,
        keywords=clip.keywords,
        clip_normalization=clip.normalization,
        quarantined=clip.quarantined,
        transcript=_transcript(row),
        latencies_s=tuple(row["latencies_s"]),
        cpu_s=tuple(row["cpu_s"]),
        cpu_percent=row["cpu_percent"],
        load_per_core=row.get("load_per_core"),
        peak_rss_bytes=row["peak_rss_bytes"],
        device_memory_bytes=row["device_memory_bytes"],
        spoken=spoken_of(row),
    )


def _transcript(row: Mapping[str, Any]) -> Transcript:
    """The transcript as the engine gave it; its text alone where the row, of a pytest-benchmark JSON, has no more."""
    stored = row.get("transcript") or {"text": row["hypothesis"], "segments": (), "language": None}
    segments = (
        Segment(**{**segment, "words": tuple(Word(**word) for word in segment["words"])})
        for segment in stored["segments"]
    )
    return Transcript(
        text=stored["text"],
        segments=tuple(segments),
        language=stored["language"],
        cuts=tuple(stored.get("cuts", ())),
    )


def plain(value: Any) -> Any:
    """A value as plain JSON: a number of another library as Python's own, and None for what JSON has no number for.

    An engine's details may be NaN or infinite, or of a type of numpy's or torch's. xdist loses a test whose report it
    cannot send.
    """
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


_PLAIN = frozenset({str, int, bool, type(None)})
