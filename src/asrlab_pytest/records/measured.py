"""What gates measure of a model, in the short form in which a baseline keeps it: times beside another's, and memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import AfterValidator, field_serializer

from asrlab_pytest.records.types import Extensible

DIGITS = 4
"""Significant digits of a time that is kept: no clock says more, and a diff stays readable."""


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


def _two_or_four(times: list[float]) -> list[float]:
    if len(times) not in (2, 4):
        raise ValueError("a round is two or four times")
    return times


class PairedTimes(Extensible):
    """What two models took, measured in one run."""

    reference: str
    """Id of the model that the other's times are next to."""
    interleaved: bool
    """Whether both took turns; else one was timed after the other, and a busier machine counts as a slower model."""
    clips: dict[str, list[Annotated[list[float], AfterValidator(_two_or_four)]]]
    """The rounds of each clip: the model's and the reference's seconds on the wall clock and, where both were taken, in
    processor time."""
    load_per_core: float | None = None
    """Load of the machine while the times were measured."""

    @classmethod
    def of(cls, rounds: Iterable[PairedRound], *, reference: str, interleaved: bool) -> Self:
        """What was measured in rounds."""
        clips: dict[str, list[list[float]]] = {}
        for paired in sorted(rounds, key=lambda paired: (paired.clip, paired.round)):
            model, other = paired.model, paired.reference
            pairs = [(model.wall_s, other.wall_s), (model.process_s, other.process_s)]
            row = [time for pair in pairs for time in pair if None not in pair and time is not None]
            clips.setdefault(paired.clip, []).append(row)
        return cls(reference=reference, interleaved=interleaved, clips=clips)

    @property
    def rounds(self) -> tuple[PairedRound, ...]:
        """What was measured, round by round."""
        return tuple(
            PairedRound(
                clip=clip,
                round=number,
                model=Times(wall_s=model_s, process_s=process[0] if process else None),
                reference=Times(wall_s=reference_s, process_s=process[1] if process else None),
            )
            for clip, rounds in self.clips.items()
            for number, (model_s, reference_s, *process) in enumerate(rounds)
        )

    @field_serializer("clips")
    def _short(self, clips: dict[str, list[list[float]]]) -> dict[str, list[list[float]]]:
        return {
            clip: [[float(f"{seconds:.{DIGITS}g}") for seconds in row] for row in rounds]
            for clip, rounds in clips.items()
        }


class PeakMemory(Extensible):
    """What a process took that loaded a model and transcribed one clip."""

    clip: str
    device: str
    rss_bytes: int
    """Resident memory of the whole process, Python and libraries included, at its peak."""
    device_bytes: int | None = None
    """Memory on the accelerator, at its peak; None if there is no counter."""
