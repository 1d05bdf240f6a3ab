"""What people read of a run elsewhere: a Markdown file, an HTML page, the summary and annotations of a job."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from asrlab_pytest.records.outputs import refuse_foreign

if TYPE_CHECKING:
    from asrlab_pytest.audit.findings import Finding
    from asrlab_pytest.gates.result import ClipChange, GateResult
    from asrlab_pytest.records.state import RunVerdict
    from asrlab_pytest.report.markdown import RunReport
    from asrlab_pytest.session.session import Session

_LEAST = 1_000
"""Bytes below which a summary is not worth its place."""
_TEXTS = 100
"""Changed clips of a gate whose texts a record keeps."""
_ENDINGS = {pytest.ExitCode.INTERRUPTED: "the run was interrupted", pytest.ExitCode.INTERNAL_ERROR: "pytest failed"}


def is_asked_of_actions() -> bool:
    """Whether GitHub Actions offers a place for what a run has to say."""
    return bool(os.environ.get("GITHUB_STEP_SUMMARY")) or _in_actions()


def refuse_foreign_markdown(path: Path) -> None:
    """Refuse to overwrite a file that is not ours.

    Raises:
        ConfigError: it is.
    """
    from asrlab_pytest.report.markdown import MARKER

    refuse_foreign(path, lambda head: head.startswith(MARKER.encode()), what="Markdown", option="--asr-markdown")


def write_markdown(path: Path, report: RunReport) -> str:
    """Write the Markdown file; what it says, in words.

    Raises:
        ConfigError: the file is somebody else's.
        OSError: it cannot be written.
    """
    from asrlab_pytest.records.writing import write_whole
    from asrlab_pytest.report.markdown import markdown

    refuse_foreign_markdown(path)
    write_whole(path, markdown(report))
    return f"Markdown {path} written"


def replace_earlier(session: Session) -> None:
    """Put a note in the place of the reports of an earlier run: none is taken for one of a run that was killed.

    Raises:
        ConfigError: a file is somebody else's.
        OSError: it cannot be written.
    """
    from asrlab_pytest.records.writing import write_whole

    if session.markdown is not None:
        refuse_foreign_markdown(session.markdown)
        if session.markdown.exists():
            from asrlab_pytest.report.markdown import MARKER

            write_whole(session.markdown, f"{MARKER}\n## ❌ asrlab: {_UNFINISHED}\n")
    if session.html is not None:
        from asrlab_pytest.report.html.page import note, refuse_foreign_page

        refuse_foreign_page(session.html, "--asr-report")
        if session.html.exists():
            write_whole(session.html, note(_UNFINISHED))


_UNFINISHED = "the last run has no result"


def annotation_lines(report: RunReport, *, undecided_fails: bool) -> list[str]:
    """The lines that GitHub Actions makes annotations of; none elsewhere."""
    if not _in_actions():
        return []
    from asrlab_pytest.report.annotations import workflow_commands

    return workflow_commands(report, undecided_fails=undecided_fails)


def run_link() -> str:
    """Address of the run in GitHub Actions; empty elsewhere."""
    parts = [os.environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")]
    server, repository, run = parts
    return f"{server}/{repository}/actions/runs/{run}" if all(parts) else ""


def _in_actions() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


def run_report(session: Session, exitstatus: int) -> RunReport:
    """What a pull request sees of a run, without the names of the machine's folders."""
    from asrlab_pytest.records.environment import Environment
    from asrlab_pytest.report.markdown import RunReport

    return RunReport(
        gates=list(session.ledger.gates),
        card=session.cards.asr,
        spoken=session.cards.spoken,
        environment=Environment.model_validate(session.shared(session.environment.as_json())),
        failed=_failed(session),
        troubles=_troubles(session, exitstatus),
        warnings=tuple(session.shared(session.warnings)),
        remarks=tuple(session.shared([*session.remarks, *session.written])),
        link=run_link(),
    )


def run_verdict(session: Session, exitstatus: int) -> RunVerdict:
    """What the run was judged, for its record: with it, a report of the record says the same as one of the run."""
    from asrlab_pytest.audit.findings import Finding
    from asrlab_pytest.records.state import RunVerdict
    from asrlab_pytest.validation import adapter_of

    return RunVerdict(
        gates=[_with_few_texts(gate).as_json() for gate in session.ledger.gates],
        findings=[adapter_of(Finding).dump_python(finding, mode="json") for finding in _findings(session)],
        failed=_failed(session),
        troubles=[*_troubles(session, exitstatus)],
        warnings=session.shared(session.warnings),
        cases=len(session.ledger.observations) + len(session.ledger.failures),
    )


def _with_few_texts(gate: GateResult) -> GateResult:
    """The gate with the texts of more clips than any report shows; of the others, a record keeps ids and counts."""
    return replace(gate, worse=_few_texts(gate.worse), better=_few_texts(gate.better))


def _few_texts(changes: Sequence[ClipChange]) -> list[ClipChange]:
    rest = (replace(change, before_text="", alignment=(), text="") for change in changes[_TEXTS:])
    return [*changes[:_TEXTS], *rest]


def _failed(session: Session) -> dict[str, str]:
    """Why tests failed, by their node ids."""
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    stats = terminal.stats if terminal else {}
    reports = [report for kind in ("failed", "error") for report in stats.get(kind, ())]
    return {report.nodeid: session.shared(_why(report)) for report in reports}


def _troubles(session: Session, exitstatus: int) -> tuple[str, ...]:
    """Why the run is not green, other than its tests."""
    return tuple(session.shared([_below(trouble) for trouble in (*ending_of(exitstatus), *session.notices)]))


def _findings(session: Session) -> list[Finding]:
    """Those of the audit, if a test asked for it."""
    findings = session.audit.findings if session.is_audited else ()
    return [replace(finding, sentence=session.shared(finding.sentence)) for finding in findings]


def _below(trouble: str) -> str:
    """In a document, the gates come after the reasons; on the terminal, before them."""
    return trouble.replace("(see above)", "(see below)")


def ending_of(exitstatus: int) -> list[str]:
    """How a run ended that did not finish, in words."""
    return [words for status, words in _ENDINGS.items() if status == exitstatus]


def _why(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The first line of what a test failed with."""
    crash = getattr(report.longrepr, "reprcrash", None)
    message = str(crash.message) if crash else report.longreprtext
    return message.strip().removeprefix("Failed: ").split("\n")[0]


def summarize_step(report: RunReport) -> list[str]:
    """Append to the summary of the step, where there is one and has room; why that could not be done."""
    asked = os.environ.get("GITHUB_STEP_SUMMARY")
    if not asked:
        return []
    path = Path(asked)
    from asrlab_pytest.report.markdown import SUMMARY_LIMIT, markdown

    try:
        room = SUMMARY_LIMIT - (path.stat().st_size if path.exists() else 0)
        if room < _LEAST:
            return [f"the summary of the step is full: nothing was added to {path}"]
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write("\n" + markdown(report, room - 1))
    except OSError as error:
        return [f"the summary of the step {path} was not written: {error.strerror}"]
    return []


def write_html(path: Path, session: Session, report: RunReport) -> str:
    """Write the HTML report of a session; returns its remarks.

    Args:
        path: The file.
        session: The session.
        report: Its results.

    Raises:
        ConfigError: the file is not a report.
        OSError: it cannot be written.
    """
    from asrlab_pytest.records.writing import write_whole
    from asrlab_pytest.report.clips import Observed
    from asrlab_pytest.report.html.page import Contents, page, refuse_foreign_page
    from asrlab_pytest.report.html.sound import CAP_BYTES, Sounds
    from asrlab_pytest.suite.playback import listed_by, locator

    refuse_foreign_page(path, "--asr-report")
    failures = [replace(failure, problem=session.shared(failure.problem)) for failure in session.failures]
    contents = Contents(
        title="asrlab report",
        incomplete=session.incomplete,
        report=report,
        observed=Observed(
            observations=session.ledger.observations,
            failures=failures,
            states=session.states,
            excluded={clip: session.shared(why) for clip, why in session.suite.excluded.items()},
            listed=listed_by(session.suite, session.environment),
        ),
        scorer=session.scorer,
        findings=_findings(session),
        is_judged=True,
        sounds=None if session.suite.settings.no_audio else Sounds(locator(session.suite), path, CAP_BYTES),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, page(contents))
    return f"report {path} written"
