"""What the clips of a run are, and how they were decoded, in a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asrlab_pytest.records.observation import Observation, total
from asrlab_pytest.wording import many

_MINUTES = 120
"""From this many seconds on, a length is shown in minutes."""
_LANGUAGES = 3
HUMAN = "human"
"""Tag of a recording of a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusSummary:
    """The clips that were transcribed."""

    clips: int
    seconds: float | None
    """Length of all; None if that of any is not known."""
    languages: tuple[str, ...]
    human: int
    """Clips with the tag human."""
    speakers: int
    """Groups; 0 where no clip states any."""
    devices: tuple[str, ...]
    """The devices used and, where they differ, those asked for."""
    profiles: tuple[str, ...]
    """Names of the decoding profiles."""

    def sentence(self, noun: str = "clip") -> str:
        """As "48 clips, 4.1 min, en | 14 human, 34 synthetic | cpu | decoding: fair"."""
        parts = [
            f"{many(self.clips, noun)}{self._length()}{self._languages()}",
            self._people(),
            ", ".join(self.devices),
            f"decoding: {', '.join(self.profiles)}" if self.profiles else "",
        ]
        return " | ".join(filter(None, parts))

    def _length(self) -> str:
        if self.seconds is None:
            return ""
        return f", {self.seconds / 60:.1f} min" if self.seconds >= _MINUTES else f", {self.seconds:.0f} s"

    def _languages(self) -> str:
        more = f" and {len(self.languages) - _LANGUAGES} more" if len(self.languages) > _LANGUAGES else ""
        return f", {', '.join(self.languages[:_LANGUAGES])}{more}" if self.languages else ""

    def _people(self) -> str:
        if self.human:
            rest = f", {self.clips - self.human} synthetic" if self.clips > self.human else ""
            return f"{self.human} human{rest}"
        return many(self.speakers, "speaker") if self.speakers else ""


def corpus_summary(models: Mapping[str, Sequence[Observation]]) -> CorpusSummary:
    """Summarize the first pass of every model."""
    rows = [row for observations in models.values() for row in observations]
    clips = {row.clip: row for row in rows}.values()
    return CorpusSummary(
        clips=len(clips),
        seconds=None if any(row.audio_s is None for row in clips) else total(row.audio_s for row in clips),
        languages=tuple(sorted({row.language for row in clips if row.language})),
        human=sum(HUMAN in row.tags for row in clips),
        speakers=len({row.group for row in clips if row.group is not None}),
        devices=tuple(sorted({_device(row) for row in rows if row.latency_s is not None})),
        profiles=tuple(sorted({row.profile for row in rows if row.latency_s is not None})),
    )


def _device(row: Observation) -> str:
    asked, used = row.device_requested, row.device
    return str(used) if asked in ("auto", used) else f"{used}, not {asked}"
