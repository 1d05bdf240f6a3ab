"""What an audit finds, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Level: TypeAlias = Literal["error", "suspect", "note"]
LEVELS: tuple[Level, ...] = ("error", "suspect", "note")
"""The gravest first."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check by its name: what it looks for, and what a person does about it."""

    what: str
    hint: str


_LISTEN = "listen to it, and correct the text or leave the clip out: asrlab audit --review"

CHECKS: dict[str, Check] = {
    "unreadable": Check("the audio cannot be decoded in full", "restore the file, or remove its line"),
    "changed": Check(
        "the file or its samples are not those of the manifest",
        "restore the file, or listen to it and lock it again: asrlab corpus lock --force",
    ),
    "duration": Check(
        "the clip is longer or shorter than the manifest says", "restore the file, or correct the duration"
    ),
    "sample-rate": Check("the file has another rate than the manifest says", "restore the file, or correct the rate"),
    "upsampled": Check("a file of 16 kHz or more has nothing above 4 kHz", "none, if its source is a telephone"),
    "same-audio": Check("two clips have the same samples", "find out which text is said, and remove the other clip"),
    "same-text": Check("two clips have the same text", "none, if both were said"),
    "channels-cancel": Check(
        "the channels of the file cancel each other as one",
        "choose a channel: channel = 1 in the manifest or the corpus table",
    ),
    "clipping": Check("the samples are cut off at full scale", "record it again with less gain"),
    "silence": Check("a clip with a text is silent", "restore the file, or empty the text"),
    "quiet": Check("the clip is very quiet", "none, if it can be heard"),
    "offset": Check("the samples are off their zero", "remove the offset (DC)"),
    "speech-without-text": Check("somebody speaks where the text is empty", _LISTEN),
    "cut": Check("somebody speaks at the very edge of the clip", "listen whether words are cut off"),
    "speaking-rate": Check("the text is too long or too short for the speech", _LISTEN),
    "text-empty": Check("the text has no letter and no digit", "write what is said, or leave the text empty"),
    "mojibake": Check("the text was decoded wrongly", "correct the text"),
    "control-characters": Check("the text holds invisible characters", "remove them"),
    "markup": Check("the text holds markup", "write only what is said"),
    "composition": Check("the text is not in Unicode's form NFC", "none; scores are not touched by it"),
    "digits": Check("the text has digits in a language without rules for numbers", "write numbers as they are said"),
    "script": Check("the text is not in the script of its language", "correct the language or the text"),
    "language": Check("the text reads like another language", "correct the language or the text"),
    "long": Check("the clip is longer than many engines take at once", "cut it into segments: start and end"),
    "swapped": Check("the audio says the text of other clips", "exchange the texts as listed"),
    "consensus": Check("models of several families agree on another text", _LISTEN),
    "reference-span": Check("models of several families agree on other words in one place", _LISTEN),
    "own-distance": Check("what models hear is unlike the text", _LISTEN),
    "partial": Check("the audio or the text holds only a part of the other", _LISTEN),
    "length-ratio": Check("what models hear is far longer or shorter than the text", _LISTEN),
}


FACTS = frozenset({"unreadable", "changed", "duration", "sample-rate"})
"""Checks of facts, which no opinion can settle."""


def shortened(text: str, length: int = 60) -> str:
    """The text, or its beginning."""
    return text if len(text) <= length else f"{text[: length - 3]}..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, or may be, with one clip."""

    clip: str
    check: str
    """A name in `CHECKS`."""
    level: Level
    sentence: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    """Numbers, ids and texts behind it, as plain JSON."""

    @property
    def hint(self) -> str:
        """What to do about it."""
        return CHECKS[self.check].hint

    def as_json(self) -> dict[str, Any]:
        keys = {key: getattr(self, key) for key in ("clip", "check", "level", "sentence", "hint")}
        return {**keys, "evidence": dict(self.evidence)}
