"""Conclusions from the findings: clips left out, clips set apart, and whether the corpus itself is at fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from asrlab_pytest.audit.findings import LEVELS, Finding
from asrlab_pytest.wording import many

SHARE_OF_A_DATA_SET = 0.3
"""Share of clips flagged as error or suspect above which the corpus itself is wrong."""
FEWEST = 2
"""Flagged clips below which a corpus is not considered wrong, even a small one."""


BY_MODELS = frozenset({"swapped", "consensus", "own-distance"})
"""Checks that need a text that differs from the others."""


def _is_large(flagged: int, clips: int) -> bool:
    return flagged >= FEWEST and flagged > SHARE_OF_A_DATA_SET * clips


@dataclass(frozen=True)
class Audit:
    """The findings of a corpus.

    Args:
        corpus: Its name.
        clips: How many were looked at.
        findings: In the order of the corpus, the gravest of a clip first.
        remarks: What could not be looked at, in words.
    """

    corpus: str
    clips: int
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...] = ()
    quarantined: frozenset[str] = field(default_factory=frozenset)
    """Ids of the clips that a review set apart."""
    hypotheses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What models wrote of the audio as it is, by clip and model."""

    comparable: int = 0
    """How many clips have a text long enough to differ from the others, and were transcribed by a model."""

    @cached_property
    def by_clip(self) -> Mapping[str, tuple[Finding, ...]]:
        by_clip: dict[str, list[Finding]] = {}
        for finding in self.findings:
            by_clip.setdefault(finding.clip, []).append(finding)
        return {clip: tuple(sorted(several, key=_severity)) for clip, several in by_clip.items()}

    @cached_property
    def errors(self) -> frozenset[str]:
        """Ids of clips that no model may be judged on."""
        return frozenset(finding.clip for finding in self.findings if finding.level == "error")

    @cached_property
    def suspects(self) -> frozenset[str]:
        """Ids of clips that are scored apart until a person has looked at them."""
        suspect = {finding.clip for finding in self.findings if finding.level == "suspect"}
        return frozenset(suspect | self.quarantined) - self.errors

    @property
    def is_data_set(self) -> bool:
        """Whether so many clips are flagged that no model is to blame."""
        # That one model fails on hard audio is not a fault of the corpus; a clip that a person set apart is settled.
        suspects = [finding for finding in self.findings if finding.level == "suspect"]
        flagged = {finding.clip for finding in suspects if finding.check != "own-distance"}
        flagged = (flagged | self.errors) - self.quarantined
        # Where most clips are single words, the others show whether the texts belong to their audio.
        misplaced = {
            finding.clip for finding in self.findings if finding.level == "error" and finding.check in BY_MODELS
        }
        return _is_large(len(flagged), self.clips) or _is_large(len(misplaced - self.quarantined), self.comparable)

    @property
    def verdict(self) -> str:
        """The audit in one sentence."""
        flagged = f"{len(self.errors)} with errors, {len(self.suspects)} suspect"
        if self.is_data_set:
            return (
                f"data set, not model: {len(self.errors | self.suspects)} of {self.clips} clips of the corpus "
                f"{self.corpus} are flagged ({flagged}); its error rates say nothing about a model"
            )
        return f"{many(self.clips, 'clip')} of the corpus {self.corpus}: {flagged}"

    def as_json(self) -> dict[str, object]:
        return {
            "corpus": self.corpus,
            "clips": self.clips,
            "errors": sorted(self.errors),
            "suspects": sorted(self.suspects),
            "data_set": self.is_data_set,
            "verdict": self.verdict,
            "remarks": list(self.remarks),
            "findings": [finding.as_json() for finding in self.findings],
        }


def _severity(finding: Finding) -> int:
    return LEVELS.index(finding.level)
