"""The result of a gate for one model, as data that travels between processes and into files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from asrlab_pytest.gates.outcome import Outcome, worst_of
from asrlab_pytest.validation import adapter_of

GateKind = Literal["accuracy", "speed", "memory"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One figure of the gate, judged."""

    metric: str
    outcome: Outcome
    sentence: str
    figures: str = ""
    """The figure before and now, as "WER 1.7% -> 3.4%"; empty where the sentence says all."""
    changed: str = ""
    """What changed, as "2 clips worse, 0 better"."""
    why: str = ""
    """Why the outcome is what it is, without the figures; empty where they say it."""

    @property
    def statement(self) -> str:
        """The sentence, after the metric where it does not name it itself."""
        return self.sentence if self.metric.lower() in self.sentence.lower() else f"{self.metric}: {self.sentence}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipChange:
    """A clip that has more or fewer errors than in the baseline."""

    clip: str
    unit: str = "word"
    """What the errors are in."""
    before_errors: int
    errors: int
    words: int
    """Of the reference, in that unit."""
    before_text: str
    """What the model wrote in the baseline, untouched."""
    alignment: tuple[tuple[str, str, str], ...]
    """Of what it wrote now: edit, reference word, hypothesis word; empty where facts are counted."""
    text: str = ""
    """What it wrote now, where no alignment shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """The verdict on one model."""

    kind: GateKind
    model: str
    against: str
    """What it was compared with, in words."""
    findings: tuple[Finding, ...]
    trips: tuple[str, ...] = ()
    """Defects that are new, in words."""
    warnings: tuple[str, ...] = ()
    """Groups that became much worse by themselves, in words; they fail nothing."""
    worse: Sequence[ClipChange] = ()
    """The clips that lost most first."""
    better: Sequence[ClipChange] = ()
    """The clips that gained most first."""
    remarks: tuple[str, ...] = ()
    """What was not compared, and why."""
    noun: str = "clip"
    """What was compared, in a word; of an accuracy gate."""
    changes: tuple[str, ...] = ()
    """What of the model is not as it was in the baseline: weights, engine, device, decoding."""
    since: str = ""
    """Of which baseline, in words."""
    compared: int = 0
    """Samples that the verdict speaks of; of an accuracy gate."""
    chosen: int = 0
    """Samples that it was asked about, those that are new by intent not counted."""
    is_expected: bool = False
    """Whether its test is marked `xfail`, and failed."""

    @property
    def outcome(self) -> Outcome:
        """FAIL where any finding fails or a defect is new, else UNDECIDED where any is, else PASS."""
        return Outcome.FAIL if self.trips else worst_of(finding.outcome for finding in self.findings)

    @property
    def opponent(self) -> str:
        """What it was compared with, where a model was with its own earlier texts or with those of another."""
        if self.kind != "accuracy" or self.against == "nothing":
            return self.against
        return "its baseline" if self.against == self.model else f"{self.against} in the baseline"

    @property
    def fails_as_expected(self) -> bool:
        return self.is_expected and self.outcome is Outcome.FAIL

    @property
    def verdict(self) -> str:
        """The outcome in capitals; XFAIL if the failure is expected."""
        return "XFAIL" if self.fails_as_expected else self.outcome.value.upper()

    def as_json(self) -> dict[str, object]:
        """As plain JSON, with the outcome."""
        whole = replace(self, worse=tuple(self.worse), better=tuple(self.better))
        return {"outcome": self.outcome.value, **adapter_of(GateResult).dump_python(whole, mode="json")}


def result_of(row: dict[str, object]) -> GateResult:
    """A result from its plain JSON."""
    result = adapter_of(GateResult).validate_python({key: value for key, value in row.items() if key != "outcome"})
    return replace(result, worse=tuple(result.worse), better=tuple(result.better))


def fails(result: GateResult, undecided: Literal["warn", "fail"]) -> bool:
    """Whether the gate failed, or is undecided and that counts as a failure; False if its failure is expected."""
    if result.is_expected:
        return False
    return result.outcome is Outcome.FAIL or (result.outcome is Outcome.UNDECIDED and undecided == "fail")
