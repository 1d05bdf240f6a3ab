"""The reports of a run and the end of its record, written when all is judged."""

from __future__ import annotations

from collections.abc import Callable

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.session.documents import (
    is_asked_of_actions,
    run_report,
    run_verdict,
    summarize_step,
    write_html,
    write_markdown,
)
from asrlab_pytest.session.session import Session


def publish(session: Session, exitstatus: int) -> None:
    """Write the reports and the end of the record, each of which says what could not be written of the others."""
    session.notices[:0] = session.recorder.losses
    written = [*session.written]
    problems = _report(session, exitstatus)
    session.notices += problems
    session.verdict = run_verdict(session, exitstatus)
    session.end()
    late = [loss for loss in session.recorder.losses if loss not in session.notices]
    session.notices[:0] = late
    if problems or late:
        session.written[:] = written
        _report(session, exitstatus)
    if session.report is not None:
        session.written += summarize_step(session.report)


def _report(session: Session, exitstatus: int) -> list[str]:
    """Write the Markdown and HTML reports; returns why a requested file could not be written."""
    if not (session.markdown or session.html or is_asked_of_actions()):
        return []
    session.report = report = run_report(session, exitstatus)
    problems = []
    if (markdown := session.markdown) is not None:
        problems += write_file(session, f"Markdown {markdown}", lambda: write_markdown(markdown, report))
    if (html := session.html) is not None:
        problems += write_file(session, f"report {html}", lambda: write_html(html, session, report))
    return problems


def write_file(session: Session, what: str, write: Callable[[], str]) -> list[str]:
    """Write a file, and remember its remarks; returns why it could not be written."""
    try:
        session.written.append(write())
    except AsrlabError as error:
        return [f"the {what} was not written: {error}"]
    except OSError as error:
        return [f"the {what} was not written: {error.strerror or error}"]
    return []
