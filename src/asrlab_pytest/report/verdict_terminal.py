"""Writes the verdict on a stored run within 80 columns: PASS, FAIL or UNDECIDED, and why it is not a pass."""

from __future__ import annotations

from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.report.gate_terminal import COLORS, write_gates
from asrlab_pytest.report.layout import write_answers
from asrlab_pytest.report.markdown import RunReport, verdict
from asrlab_pytest.visible import Screen, visible
from asrlab_pytest.wording import first_few, in_one_line

_MOST = 8
"""Lines of a kind."""


def write_verdict(screen: Screen, report: RunReport) -> None:
    """The gates, then the verdict with what else failed the run."""
    write_gates(screen, report.gates)
    outcome: Outcome = verdict(report)
    screen.section("asrlab verdict", sep="=", bold=True)
    screen.write_line(f"{outcome.value.upper()}, as the run ended", **COLORS[outcome])
    failed = [f"{test}: {why}" for test, why in report.failed.items()]
    for label, lines in (("failed", failed), ("run", report.troubles), ("warnings", report.warnings)):
        shown = [visible(in_one_line(line)) for line in first_few(lines, _MOST)]
        # The id of a test is there to be copied.
        write_answers(screen, label, shown, breaks_words=label != "failed")
