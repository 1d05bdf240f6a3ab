"""The HTML report of a session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asrlab_pytest.audit.findings import Finding
    from asrlab_pytest.records.failure import Failure
    from asrlab_pytest.report.markdown import RunReport
    from asrlab_pytest.session.session import Session


def write_html(path: Path, session: Session, report: RunReport, *, is_over: bool) -> str:
    """Write the HTML report of a session; returns its remarks.

    Args:
        path: The file.
        session: The session.
        report: Its results.
        is_over: Whether it finished.

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
        incomplete=_incomplete(session, failures, is_over=is_over and not session.lost),
        report=report,
        observed=Observed(
            observations=session.ledger.observations,
            failures=failures,
            states=session.states,
            excluded={clip: session.shared(why) for clip, why in session.suite.excluded.items()},
            listed=listed_by(session.suite, session.environment),
        ),
        scorer=session.scorer,
        findings=[replace(finding, sentence=session.shared(finding.sentence)) for finding in _findings(session)],
        is_judged=True,
        sounds=None if session.suite.settings.no_audio else Sounds(locator(session.suite), path, CAP_BYTES),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, page(contents))
    return f"report {path} written"


def _incomplete(session: Session, failures: list[Failure], *, is_over: bool) -> list[str]:
    """What is missing from the run, or from the record that it scores, in sentences."""
    from asrlab_pytest.records.cover import incomplete
    from asrlab_pytest.records.reading import Run

    if session.suite.recording is not None:
        return incomplete(session.suite.recording)
    done = Run(
        path=Path(),
        environment=session.environment,
        observations=session.ledger.observations,
        failures=failures,
        is_ended=is_over,
    )
    return incomplete(done)


def _findings(session: Session) -> Sequence[Finding]:
    return session.audit.findings if session.is_audited else ()
