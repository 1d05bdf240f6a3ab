"""Failures as annotations of GitHub Actions: lines of the log that it shows next to the changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.result import fails
from asrlab_pytest.report.gates import headline, reasons, title
from asrlab_pytest.report.markdown import RunReport
from asrlab_pytest.secrets import without_secrets

Kind = Literal["notice", "warning", "error"]
MOST = 10
"""Annotations of one kind that GitHub shows of a step."""


def workflow_commands(report: RunReport, *, undecided_fails: bool = False) -> list[str]:
    """Workflow commands, ten of each kind at most: where there are more failures, the last one counts them.

    Args:
        report: The run.
        undecided_fails: Whether an undecided gate is a failure.
    """
    errors, warnings = [], []
    for result in report.gates:
        if fails(result, "fail" if undecided_fails else "warn"):
            errors.append((title(result), "\n".join(reasons(result))))
        elif result.outcome is Outcome.UNDECIDED:
            warnings.append((title(result), "\n".join(reasons(result))))
    errors += [("asrlab", trouble) for trouble in report.troubles]
    warnings += [("asrlab", warning) for warning in report.warnings]
    # A gate is reported by its own sentences, and not again as a failed test.
    told_already = {headline(result) for result in report.gates}
    errors += [(test, why) for test, why in report.failed.items() if why not in told_already]
    return [*_commands("error", errors), *_commands("warning", warnings)]


def workflow_command(kind: Kind, title: str, message: str) -> str:
    """One annotation, without secrets: anybody who sees the run reads it."""
    return f"::{kind} title={_property(title)}::{_escaped(message) or _escaped(title)}"


def _commands(kind: Kind, places: Sequence[tuple[str, str]]) -> list[str]:
    shown = list(places) if len(places) <= MOST else [*places[: MOST - 1], ("asrlab", f"{len(places) - MOST + 1} more")]
    return [workflow_command(kind, title, message) for title, message in shown]


def _escaped(text: str) -> str:
    """A message as a workflow command has it."""
    return without_secrets(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
