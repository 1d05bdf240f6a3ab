"""The observation: what one model wrote for one sample in one pass, and what it cost. The row of a record."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, ValidationInfo, field_validator

from asrlab_pytest.records.entity import RecordedEntity
from asrlab_pytest.records.model import LoadedModel
from asrlab_pytest.records.spoken import Spoken, SpokenTurn
from asrlab_pytest.records.transcript import Transcript
from asrlab_pytest.records.types import LINE, Bool, Float, Int, Seconds, Sha256
from asrlab_pytest.tasks import WORDS, Task, Words
from asrlab_pytest.validation import adapter_of

Order = Literal["given", "shuffled"]
"""In which order the clips of a pass were transcribed."""


class Pass(NamedTuple):
    """One way over the clips: which, from 0, and in which order."""

    repeat: int = 0
    order: Order = "given"


FIRST = Pass()
"""The pass that figures are made of; those after it show whether a model repeats itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation(LoadedModel):
    """What one model wrote for one clip in one pass, or what was heard of one prompt or dialogue, and what it cost."""

    __pydantic_config__ = LINE

    kind: Literal["observation"] = "observation"
    task: Task
    clip: str
    """Id of the clip, the prompt or the dialogue."""
    corpus: str
    group: str | None
    """Speaker or session."""
    tags: tuple[str, ...]
    language: str | None
    """The clip's."""
    audio_s: Seconds | None
    """Of the clip, or of the speech that was made: 0 where a model that speaks made none."""
    audio_sha256: Sha256 | None
    """Of the audio file's bytes."""
    pcm_sha256: Sha256 | None
    """Of the samples that the engine was given: mono float32 at 16 kHz."""
    start_s: Seconds | None = None
    """Seconds into the file where the clip begins; null for speech, and in records of an older version."""
    channel: Annotated[Int, Field(ge=0)] | None = None
    """Which channel of the file it is, from 1, and 0 for the mean of all; null where `start_s` is."""
    snr_db: Float | None = None
    """Estimated signal-to-noise ratio of the clip; null for speech, silence, and records of an older version."""
    key: Sha256 | None
    """Digest of all that determines the text; null where the engine cannot tell its weights from others."""
    repeat: Annotated[Int, Field(ge=0)]
    """Which pass over the clips, from 0."""
    order: Order
    """The order of the clips in that pass."""
    recorded: Bool
    """Whether the observation was taken from a store or record: then its times are not this run's."""
    reference: str
    reference_entities: tuple[RecordedEntity, ...] | None
    """As the manifest lists them; null where it lists none."""
    keywords: tuple[str, ...]
    clip_normalization: str | None
    """Name of the normalization that the manifest states for the clip."""
    quarantined: Bool = False
    """Whether the audit or a review put the clip's text in doubt: its figures stay out of the pooled ones."""
    hypothesis: str
    transcript: Transcript | None
    """Null in a pytest-benchmark JSON, which has the hypothesis alone."""
    latencies_s: tuple[Seconds, ...]
    """Wall time of each round, the audio already decoded."""
    cpu_s: tuple[Seconds, ...]
    """Processor time of the process in each round; empty where a record of an older version has none."""
    batch_size: Annotated[Int, Field(ge=1)] = 1
    """Clips transcribed in one call. Above 1, times are not latencies but the clip's share of the call, in
    proportion to its length."""
    latency_s: Seconds | None
    """Median of `latencies_s`."""
    rtf: Seconds | None
    """`latency_s` over `audio_s`; null where that is 0."""
    cpu_percent: Float | None
    """Processor time over wall time: 100 is one core at work."""
    load_per_core: Float | None = None
    """Load average of the last minute over the number of processors; null where the system has none."""
    peak_rss_bytes: Int | None
    device_memory_bytes: Int | None
    spoken: Spoken | None
    """What the model said, where that is its task; the hypothesis is then what a judge heard in it."""

    @field_validator("audio_s")
    @classmethod
    def _is_there(cls, audio_s: float | None, info: ValidationInfo) -> float | None:
        if audio_s == 0 and "task" in info.data and not WORDS[info.data["task"]].speaks:
            raise ValueError("a clip that was transcribed has a length")
        return audio_s

    @field_validator("latency_s")
    @classmethod
    def _is_of_its_rounds(cls, latency_s: float | None, info: ValidationInfo) -> float | None:
        if (latency_s is None) != (not info.data.get("latencies_s", True)):
            raise ValueError("a time without rounds, or rounds without one")
        return latency_s

    @field_validator("spoken")
    @classmethod
    def _is_of_its_task(cls, spoken: Spoken | None, info: ValidationInfo) -> Spoken | None:
        task = info.data.get("task")
        if spoken is not None and None in (info.data.get("latency_s", 0), info.data.get("audio_s", 0)):
            raise ValueError("speech that was made has a length, and the time that it took")
        if task is not None:
            _refuse_other_speech(WORDS[task], spoken)
        return spoken

    def __repr__(self) -> str:
        """Short, because pytest shows it where an assertion on it fails."""
        return f"<Observation of {self.model} on {self.clip}>"

    @property
    def is_measured_here(self) -> bool:
        """Whether its times were measured in this run on this machine: not taken from a store, a record or a server."""
        return not self.recorded and self.device != REMOTE

    @property
    def made_in(self) -> Pass:
        """The pass that it is of."""
        return Pass(self.repeat, self.order)

    @property
    def is_first_pass(self) -> bool:
        """Whether it is of the pass that figures are made of."""
        return (self.repeat, self.order) == FIRST

    @property
    def speech(self) -> Spoken:
        """What was spoken, of a model that speaks."""
        assert self.spoken is not None
        return self.spoken

    @property
    def turns(self) -> tuple[SpokenTurn, ...]:
        """The turns of a dialogue; none of a clip or prompt."""
        return () if self.spoken is None else self.spoken.turns

    def as_json(self) -> dict[str, Any]:
        """A line of a record, as plain JSON."""
        line: dict[str, Any] = adapter_of(Observation).dump_python(self, mode="json", warnings=False)
        return line


def _refuse_other_speech(words: Words, spoken: Spoken | None) -> None:
    if words.in_turns and not (spoken and spoken.turns):
        raise ValueError(f"an observation of {words.label} has turns")
    if words.speaks != (spoken is not None):
        raise ValueError(
            f"an observation of {words.label} has {'what was spoken' if words.speaks else 'no speech of its own'}"
        )


NUMBERED = "line-"
"""How the id of a sample begins that has no name but its place in a list."""
REMOTE = "remote"
"""Device of a model on a server."""
NO_ENGINE = "none"
"""Engine, device and number format of what no engine has made here."""
UNMEASURED: dict[str, Any] = {
    "engine": NO_ENGINE,
    "engine_version": "",
    "weights_sha256": None,
    "weights_revision": None,
    "device_requested": NO_ENGINE,
    "device": NO_ENGINE,
    "compute_type": NO_ENGINE,
    "settings": {},
    "profile": NO_ENGINE,
    "decoding": None,
    "load_s": None,
    "warmup_s": None,
    "pcm_sha256": None,
    "key": None,
    "repeat": 0,
    "order": "given",
    "recorded": False,
    "latencies_s": (),
    "cpu_s": (),
    "latency_s": None,
    "rtf": None,
    "cpu_percent": None,
    "peak_rss_bytes": None,
    "device_memory_bytes": None,
}
"""What an observation says of its model and costs where only its text is known."""


def observation_of(line: dict[str, Any]) -> Observation:
    """The observation that a line of a record states.

    Raises:
        ValidationError: it states none.
    """
    return adapter_of(Observation).validate_python(line)


def latency_of(latencies_s: Sequence[float]) -> float | None:
    """Median over the rounds; None if there was none."""
    return statistics.median(latencies_s) if latencies_s else None


def rtf_of(latency_s: float | None, audio_s: float | None) -> float | None:
    """Processing time over audio time; None if a model that speaks made no sound."""
    return latency_s / audio_s if audio_s and latency_s is not None else None


def total(values: Iterable[float | None]) -> float:
    """The sum of what was measured."""
    return sum(value or 0.0 for value in values)
