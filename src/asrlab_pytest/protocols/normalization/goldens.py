"""Golden vectors: texts and what each profile must write for them. They belong to the version of the protocol."""

from __future__ import annotations

import json
from dataclasses import dataclass

from asrlab_pytest.protocols.normalization.choice import normalization
from asrlab_pytest.protocols.normalization.signature import golden_file


@dataclass(frozen=True, slots=True)
class Golden:
    """A text and its normalized form."""

    text: str
    expected: str


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A golden vector that the installed rules do not give."""

    golden: Golden
    found: str

    def __str__(self) -> str:
        return f"{self.golden.text!r} gives {self.found!r}, not {self.golden.expected!r}"


def goldens(profile: str) -> list[Golden]:
    """The golden vectors of a profile, in their file's order."""
    lines = golden_file(profile).read_text(encoding="utf-8").split("\n")
    return [Golden(entry["in"], entry["out"]) for entry in map(json.loads, filter(None, lines))]


def mismatches(profile: str) -> list[Mismatch]:
    """The golden vectors of a profile that the installed rules do not give."""
    rules = normalization(profile)
    checked = ((golden, rules.apply(golden.text)) for golden in goldens(profile))
    return [Mismatch(golden, found) for golden, found in checked if found != golden.expected]
