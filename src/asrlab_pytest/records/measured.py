"""What gates measure of a model, in the short form in which a baseline keeps it: times beside another's, and memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NotRequired, TypedDict, cast

DIGITS = 4
"""Significant digits of a time that is kept: no clock says more, and a diff stays readable."""


class PlainTimes(TypedDict):
    """What `PairedTimes` writes."""

    reference: str
    interleaved: bool
    clips: dict[str, list[list[float]]]
    load_per_core: NotRequired[float | None]
    """Load of the machine while the times were measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What one transcription took, in seconds."""

    wall_s: float
    process_s: float | None = None
    """Processor time of all threads; None if it was not taken, or says nothing because the work is elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedRound:
    """One clip in one round, transcribed by both models one right after the other, in random order."""

    clip: str
    round: int
    model: Times
    reference: Times


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedTimes:
    """What two models took, measured in one run."""

    reference: str
    """Id of the model that the other's times are next to."""
    interleaved: bool
    """Whether both took turns; else one was timed after the other, and a busier machine counts as a slower model."""
    rounds: tuple[PairedRound, ...]

    def as_json(self) -> PlainTimes:
        """In short, as plain JSON, the rounds by clip.

        A round is the model's and the reference's seconds on the wall clock and, where both were taken, in processor
        time.
        """
        clips: dict[str, list[list[float]]] = {}
        for paired in sorted(self.rounds, key=lambda paired: (paired.clip, paired.round)):
            pairs = [
                (paired.model.wall_s, paired.reference.wall_s),
                (paired.model.process_s, paired.reference.process_s),
            ]
            row = [_short(time) for pair in pairs for time in pair if None not in pair and time is not None]
            clips.setdefault(paired.clip, []).append(row)
        return {"reference": self.reference, "interleaved": self.interleaved, "clips": clips}


def paired_times(row: Mapping[str, object]) -> PairedTimes:
    """Times from their short form.

    Raises:
        ValueError: a key is missing, or a value is not one that `as_json` writes.
    """
    reference, interleaved, clips = (row.get(key) for key in ("reference", "interleaved", "clips"))
    if not (isinstance(reference, str) and isinstance(interleaved, bool) and isinstance(clips, Mapping)):
        raise ValueError("times are given as reference, interleaved and clips")  # noqa: TRY004 - one kind of damage
    rounds = tuple(_round(clip, number, row) for clip, rows in clips.items() for number, row in _numbered(rows))
    return PairedTimes(reference=reference, interleaved=interleaved, rounds=rounds)


def _numbered(rows: Any) -> Iterable[tuple[int, Any]]:
    return enumerate(rows if isinstance(rows, Sequence) else [None])


def _round(clip: str, number: int, row: Any) -> PairedRound:
    is_row = isinstance(row, Sequence) and all(isinstance(number, (int, float)) for number in row)
    if not is_row or len(row) not in (2, 4):
        raise ValueError(f"a round of the clip {clip!r} is not two or four times")
    model_s, reference_s, *process = map(float, row)
    model_process_s, reference_process_s = process or (None, None)
    return PairedRound(
        clip=clip,
        round=number,
        model=Times(wall_s=model_s, process_s=model_process_s),
        reference=Times(wall_s=reference_s, process_s=reference_process_s),
    )


def _short(seconds: float) -> float:
    return float(f"{seconds:.{DIGITS}g}")


class PlainMemory(TypedDict):
    """What `PeakMemory` writes."""

    clip: str
    device: str
    rss_bytes: int
    device_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakMemory:
    """What a process took that loaded a model and transcribed one clip."""

    clip: str
    device: str
    rss_bytes: int
    """Resident memory of the whole process, Python and libraries included, at its peak."""
    device_bytes: int | None = None
    """Memory on the accelerator, at its peak; None if there is no counter."""

    def as_json(self) -> PlainMemory:
        """As plain JSON."""
        return cast("PlainMemory", asdict(self))


def peak_memory(row: Mapping[str, object]) -> PeakMemory:
    """Peak memory from its plain JSON.

    Raises:
        ValueError: a key is missing, or its value of another type.
    """
    clip, device, rss, on_device = (row.get(key) for key in ("clip", "device", "rss_bytes", "device_bytes"))
    if not (isinstance(clip, str) and isinstance(device, str) and isinstance(rss, int)):
        raise ValueError("memory is given as clip, device and rss_bytes")  # noqa: TRY004 - one kind of damage
    if not isinstance(on_device, (int, type(None))):
        raise ValueError("device_bytes is neither a number nor null")  # noqa: TRY004
    return PeakMemory(clip=clip, device=device, rss_bytes=rss, device_bytes=on_device)
