"""Takes in what the reports of tests carry: of this process, or of every worker of xdist."""

from __future__ import annotations

import pytest

from asrlab_pytest.session.session import Session

PAYLOAD = "asrlab"
"""Attribute of a report. xdist sends a report's attributes along, if they are plain JSON."""


class ReportListener:
    """Takes in what the reports carry: of this process, or of every worker."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._session.reported.add(report.nodeid)
        payload = getattr(report, PAYLOAD, None)
        if payload is None:
            return
        _fold_skip(self._session, report)
        self._session.merge(payload)
        self._session.called += report.when == "call" and not (report.skipped and not hasattr(report, "wasxfail"))
        if not self._session.is_worker:
            # The terminal keeps every report to the end. A worker's is sent first.
            setattr(report, PAYLOAD, None)


def _fold_skip(session: Session, report: pytest.TestReport) -> None:
    """Let pytest's summary tell in one line of all tests that are skipped for one reason, wherever they stand."""
    if report.skipped and isinstance(report.longrepr, tuple):
        path, line, reason = report.longrepr
        report.longrepr = (*session.skips.setdefault(reason, (path, line)), reason)  # type: ignore[assignment]
