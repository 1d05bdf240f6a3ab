"""What the clips of a run are, and how they were decoded, in a line."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from asrlab_pytest.records.observation import Observation, total
from asrlab_pytest.report.model_row import device_of
from asrlab_pytest.wording import many, some

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
        """As "48 clips, 4.1 min, en | 14 human, 34 others | cpu | decoding: fair"."""
        languages = f", {some(self.languages, _LANGUAGES)}" if self.languages else ""
        parts = [
            f"{many(self.clips, noun)}{self._length()}{languages}",
            self._people(),
            ", ".join(self.devices),
            f"decoding: {', '.join(self.profiles)}" if self.profiles else "",
        ]
        return " | ".join(filter(None, parts))

    def _length(self) -> str:
        if self.seconds is None:
            return ""
        return f", {self.seconds / 60:.1f} min" if self.seconds >= _MINUTES else f", {self.seconds:.0f} s"

    def _people(self) -> str:
        if self.human:
            others = self.clips - self.human
            rest = f", {others} {'other' if others == 1 else 'others'}" if others else ""
            return f"{self.human} human{rest}"
        return many(self.speakers, "speaker") if self.speakers else ""


def corpus_summary(models: Mapping[str, Mapping[str, Observation]]) -> CorpusSummary:
    """Summarize the first pass of every model, by clip."""
    clips = human = 0
    lengths, languages, groups = array("d"), set[str](), set[str]()
    for row in _clips(list(models.values())):
        clips += 1
        human += HUMAN in row.tags
        lengths.append(math.nan if row.audio_s is None else row.audio_s)
        languages |= {row.language} if row.language else set()
        groups |= set() if row.group is None else {row.group}
    every = (row for rows in models.values() for row in rows.values())
    timed = {(device_of(row), row.profile) for row in every if row.latency_s is not None}
    return CorpusSummary(
        clips=clips,
        seconds=None if any(map(math.isnan, lengths)) else total(lengths),
        languages=tuple(sorted(languages)),
        human=human,
        speakers=len(groups),
        devices=tuple(sorted({device for device, _ in timed})),
        profiles=tuple(sorted({profile for _, profile in timed})),
    )


def unserved(models: Mapping[str, Iterable[Observation]], summary: CorpusSummary) -> dict[str, tuple[str, ...]]:
    """Languages of the samples of which a model has no result, by the id of each model that lacks such a language.

    Args:
        models: Observations of the first pass, by model id.
        summary: Of the samples of all models.
    """
    if len(summary.languages) < 2:  # noqa: PLR2004 - every model that has a result has one in the only language
        return {}
    served = {model: {row.language for row in rows} for model, rows in models.items()}
    absent = {model: tuple(code for code in summary.languages if code not in served[model]) for model in served}
    return {model: codes for model, codes in absent.items() if codes}


def _clips(models: Sequence[Mapping[str, Observation]]) -> Iterator[Observation]:
    """One row of each clip: that of the last model that has it."""
    for number, rows in enumerate(models):
        for clip in rows:
            if not any(clip in earlier for earlier in models[:number]):
                yield next(later[clip] for later in reversed(models[number:]) if clip in later)
