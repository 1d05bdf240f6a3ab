"""What an audit finds, and what follows: clips left out, clips set apart, and whether the corpus itself is at fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from asrlab_pytest.grouping import grouped
from asrlab_pytest.wording import many

Level: TypeAlias = Literal["error", "suspect", "note"]
LEVELS: tuple[Level, ...] = ("error", "suspect", "note")
"""The most severe first."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a check looks for, and how to fix what it finds."""

    what: str
    hint: str


_LISTEN = "listen to it, then correct the text or exclude the clip: asrlab audit --review"

CHECKS: dict[str, Check] = {
    "unreadable": Check("the audio cannot be decoded in full", "restore the file, or remove its line"),
    "changed": Check(
        "the file or its samples do not match the manifest",
        "restore the file, or listen to it and lock it again: asrlab corpus lock --force",
    ),
    "duration": Check(
        "the clip is longer or shorter than the manifest says", "restore the file, or correct the duration"
    ),
    "sample-rate": Check("the sample rate differs from the manifest's", "restore the file, or correct the rate"),
    "gap": Check(
        "the time stamps of the file leave a gap without audio",
        "none, if the speaker paused there; if words are missing, fetch the file again",
    ),
    "upsampled": Check("a file of 16 kHz or more has nothing above 4 kHz", "none, if it is telephone audio"),
    "same-audio": Check("two clips have the same samples", "find out which text is spoken, and remove the other clip"),
    "same-text": Check("two clips have the same text", "none, if both were recorded"),
    "channels-cancel": Check(
        "the channels of the file cancel each other out when averaged",
        "set channel = 1 in the manifest or the corpus table",
    ),
    "clipping": Check("the samples are clipped at full scale", "record it again with less gain"),
    "silence": Check("a clip with a text is silent", "restore the file, or empty the text"),
    "quiet": Check("the clip is very quiet", "none, if it can be heard"),
    "offset": Check("the samples have a DC offset", "remove the offset"),
    "speech-without-text": Check("the text is empty, but the clip contains speech", _LISTEN),
    "cut": Check("the clip starts or ends in speech", "check whether words are cut off"),
    "speaking-rate": Check("the text is too long or too short for the speech", _LISTEN),
    "text-empty": Check("the text has no letter and no digit", "write what is spoken, or leave the text empty"),
    "mojibake": Check("the text was decoded wrongly", "correct the text"),
    "control-characters": Check("the text contains invisible characters", "remove them"),
    "markup": Check("the text contains markup", "write only what is spoken"),
    "composition": Check("the text is not in Unicode NFC", "none; scores are not affected"),
    "digits": Check("the text has digits in a language without rules for numbers", "write numbers as words, as spoken"),
    "script": Check("the text is not in the script of its language", "correct the language or the text"),
    "language": Check("the text reads like another language", "correct the language or the text"),
    "long": Check("the clip is longer than many engines take at once", "cut it into segments: start and end"),
    "swapped": Check("the audio matches the text of another clip", _LISTEN),
    "consensus": Check("models of several families agree on another text", _LISTEN),
    "reference-span": Check("models of several families agree on other words in one place", _LISTEN),
    "own-distance": Check("the models' transcripts differ from the text", _LISTEN),
    "partial": Check("the audio or the text contains only a part of the other", _LISTEN),
    "length-ratio": Check("the models' transcripts are far longer or shorter than the text", _LISTEN),
}


FACTS = frozenset({"unreadable", "changed", "duration", "sample-rate"})
"""Checks of facts, which a review cannot overrule."""
SHARE_OF_A_DATA_SET = 0.3
"""Share of clips flagged as error or suspect above which the corpus itself is wrong."""
FEWEST = 2
"""Flagged clips below which a corpus is not considered wrong, even a small one."""
BY_MODELS = frozenset({"swapped", "consensus", "own-distance"})
"""Checks that need a text that differs from the others."""


Evidence: TypeAlias = Mapping[str, float | str | Sequence[str] | Mapping[str, float] | Mapping[str, str] | None]
"""Numbers, ids and texts behind a finding."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, or a possible one, of a clip."""

    clip: str
    check: str
    """A name in `CHECKS`."""
    level: Level
    sentence: str
    evidence: Evidence = field(default_factory=dict)
    advice: str = ""
    """A hint for this finding, if it is more precise than the hint of its check."""

    @property
    def hint(self) -> str:
        """What to do about it."""
        return self.advice or CHECKS[self.check].hint

    def rank(self) -> int:
        """How grave it is; 0 is the gravest."""
        return LEVELS.index(self.level)

    def as_json(self) -> dict[str, object]:
        keys = {key: getattr(self, key) for key in ("clip", "check", "level", "sentence", "hint")}
        return {**keys, "evidence": dict(self.evidence)}


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
    unheard: tuple[str, ...] = ()
    """Which witnesses failed on clips, in words."""
    quarantined: frozenset[str] = field(default_factory=frozenset)
    """Ids of the clips that a review set apart."""
    hypotheses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What models wrote of the audio as it is, by clip and model."""

    comparable: int = 0
    """How many clips have a text long enough to differ from the others, and were transcribed by a model."""
    contested: frozenset[str] = frozenset()
    """Ids of clips that only transcripts of the models under test speak against: the models may be at fault."""

    @cached_property
    def by_clip(self) -> Mapping[str, tuple[Finding, ...]]:
        by_clip = grouped((finding.clip, finding) for finding in self.findings)
        return {clip: tuple(sorted(several, key=Finding.rank)) for clip, several in by_clip.items()}

    @cached_property
    def errors(self) -> frozenset[str]:
        """Ids of clips whose audio does not match their line."""
        return frozenset(finding.clip for finding in self.findings if finding.level == "error")

    @cached_property
    def excluded(self) -> frozenset[str]:
        """Ids of clips that no model may be judged on: those with errors that the models under test cannot make."""
        errors = (finding for finding in self.findings if finding.level == "error")
        return frozenset(
            finding.clip for finding in errors if finding.check not in BY_MODELS or finding.clip not in self.contested
        )

    @cached_property
    def suspects(self) -> frozenset[str]:
        """Ids of clips that are scored apart until a person has looked at them."""
        suspect = {finding.clip for finding in self.findings if finding.level == "suspect"}
        return frozenset(suspect | self.quarantined) - self.excluded

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
        flagged = f"{len(self.errors)} with errors, {len(self.suspects - self.errors)} suspect"
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
            "remarks": [*self.remarks, *self.unheard],
            "findings": [finding.as_json() for finding in self.findings],
        }


def _is_large(flagged: int, clips: int) -> bool:
    return flagged >= FEWEST and flagged > SHARE_OF_A_DATA_SET * clips
