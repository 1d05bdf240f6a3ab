"""The verdict of a run that is in a file, as the run itself gave it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from asrlab_pytest.audit.findings import Finding
from asrlab_pytest.gates.result import GateResult, result_of
from asrlab_pytest.records.run import Run
from asrlab_pytest.records.state import RunVerdict
from asrlab_pytest.report.markdown import RunReport
from asrlab_pytest.report.scorecard import Scorecard
from asrlab_pytest.suite.stored import other_rules
from asrlab_pytest.validation import adapter_of, faults


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVerdict:
    """What a run was judged."""

    gates: Sequence[GateResult]
    findings: Sequence[Finding]
    """Of the audit."""
    run: RunVerdict

    def added_to(self, report: RunReport) -> RunReport:
        """The report with the verdict."""
        run = self.run
        return replace(report, gates=self.gates, failed=run.failed, troubles=run.troubles, warnings=run.warnings)


def stored_verdict(run: Run, card: Scorecard | None) -> tuple[StoredVerdict | None, str]:
    """The verdict of a run, if it holds for the figures beside it; and why it is left out, in words.

    Args:
        run: The run; one that was merged or that no test judged has no verdict.
        card: Its scorecard by the rules of today.
    """
    if run.verdict is None:
        return None, ""
    if run.damages or run.repeated:
        return None, "not all lines of the file could be used"
    cases = len(run.observations) + len(run.failures)
    if run.verdict.cases not in (None, cases):
        return None, f"the file has {cases:,} of the {run.verdict.cases:,} cases that were judged"
    if others := other_rules(run, card):
        return None, f"the run was scored by {', '.join(then for then, _ in others)}"
    try:
        gates = [result_of(gate) for gate in run.verdict.gates]
        findings = [adapter_of(Finding).validate_python(finding) for finding in run.verdict.findings]
    except ValidationError as error:
        return None, f"it cannot be read ({faults(error)})"
    return StoredVerdict(gates=gates, findings=findings, run=run.verdict), ""
