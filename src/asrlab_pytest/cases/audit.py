"""The audit of the clips, as the person who writes an eval sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from asrlab_pytest.audit.findings import FACTS, Audit, Finding
from asrlab_pytest.hints import runnable
from asrlab_pytest.wording import some

SHOWN = 20
"""Findings that a failure lists."""
_JUDGED = "only models under test contradict their texts (to exclude such clips, use another model: --asr-witness ID)"


@dataclass(eq=False, repr=False)
class AsrAudit:
    """What is wrong with the clips of a run, whatever the models say."""

    audit: Audit

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings of faults, which fail the audit."""
        return tuple(finding for finding in self.audit.findings if finding.level == "error")

    @property
    def suspects(self) -> tuple[Finding, ...]:
        """Findings that set their clip apart until it is reviewed."""
        return tuple(finding for finding in self.audit.findings if finding.level == "suspect")

    @property
    def is_data_set(self) -> bool:
        """Whether so many clips are flagged that no model can be judged on the corpus."""
        return self.audit.is_data_set

    def check(self) -> None:
        """Fail where a clip has an error, or where the data set as a whole is at fault."""
        if self.errors or self.is_data_set:
            shown = [*self.errors, *(self.suspects if self.is_data_set else ())]
            hint = _hint(shown)
            lines = [_line(finding, hint) for finding in shown[:SHOWN]]
            if len(shown) > SHOWN:
                lines.append(f"  and {len(shown) - SHOWN} more")
            judged = sorted(self.audit.errors - self.audit.excluded)
            if judged and not self.is_data_set:
                lines.append(f"  still judged: {some(judged)}; {_JUDGED}")
            pytest.fail("\n".join([self.audit.verdict, *lines, f"  hint: {hint}"]), pytrace=False)


def _line(finding: Finding, below: str) -> str:
    """A finding with its own hint, unless that stands below all of them."""
    advice = runnable(finding.advice)
    more = f" (hint: {advice})" if advice not in {"", below} else ""
    return f"  {finding.level} {finding.clip}: {finding.check}: {finding.sentence}{more}"


def _hint(shown: Sequence[Finding]) -> str:
    """The hint: a review can overrule opinions, but not facts such as a missing file."""
    hints = {finding.hint for finding in shown}
    if {finding.check for finding in shown} <= FACTS and len(hints) == 1:
        return runnable(shown[0].hint)
    return runnable("asrlab audit --review")
