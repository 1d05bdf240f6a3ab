"""Takes in what the reports of tests carry: of this process, or of every worker of xdist."""

from __future__ import annotations

import warnings
from collections.abc import Generator
from contextlib import suppress
from typing import Any

import pytest

from asrlab_pytest.errors import AsrGateWarning, AsrlabError, AsrlabWarning
from asrlab_pytest.session.documents import replace_earlier
from asrlab_pytest.session.ledger import Failed
from asrlab_pytest.session.session import Session

PAYLOAD = "asrlab"
"""Attribute of a report. xdist sends a report's attributes along: between processes it is plain JSON."""

EXPECTED = "asrlab_audit_expected"
"""Attribute of the report of a test whose `xfail` mark expects what the audit found."""

UNHEARD = "asrlab_unheard"
"""Attribute of a report: which witnesses of the audit failed on clips, in words."""

_PHASES = ("setup", "call", "teardown")
"""Of the reports of tests. xdist's own report of a test during which the worker's process ended names no phase."""
_LISTS = ("observations", "gates")
_BY_MODEL = ("models", "times", "memory")
"""The parts of a payload that are plain JSON only between processes."""


class ReportListener:
    """Takes in what the reports carry: of this process, or of every worker."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._again: set[str] = set()
        """Node ids of the tests that a plugin runs again, and whose teardown is still to come."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._session.reported.add(report.nodeid)
        self._session.ledger.is_audit_expected |= getattr(report, EXPECTED, False)
        unheard = self._session.ledger.unheard
        unheard += [words for words in getattr(report, UNHEARD, ()) if words not in unheard]
        payload = getattr(report, PAYLOAD, None)
        if payload is None:
            if self._session.is_controller and report.failed and report.when not in _PHASES:
                self._crashed(report)
            return
        is_planned = self._session.is_controller and self._session.planned.take(payload)
        is_rerun = str(report.outcome) == "rerun"
        if is_rerun:
            # A plugin runs the test again, and what that run judges is what counts.
            payload["gates"] = []
            self._again.add(report.nodeid)
        if report.nodeid in self._again:
            payload["checked"].update(checks=[], marks=[])
        if report.when == "teardown":
            self._again.discard(report.nodeid)
        if is_rerun or report.failed:
            # Other plugins may change the outcome: only here is it known whether a failed check fails the test.
            payload["checked"]["failed"] = []
        _fold_skip(self._session.skips, report)
        self._session.merge(payload)
        if is_planned:
            # Whatever becomes of the workers, the record is of this run.
            with suppress(AsrlabError, OSError):  # At the end, it is said that they cannot be written.
                replace_earlier(self._session)
            self._session.start_record()
        self._session.called += report.when == "call" and not (report.skipped and not hasattr(report, "wasxfail"))
        if not self._session.is_worker:
            # The terminal keeps every report to the end. A worker's is sent first.
            setattr(report, PAYLOAD, None)

    def _crashed(self, report: pytest.TestReport) -> None:
        """Note that a sample has no result: the process of the worker ended while its test ran."""
        self._session.planned.has_crashed = True
        case = self._session.planned.by_test.get(report.nodeid)
        ledger = self._session.ledger
        if case is not None and not any((row.model, row.clip) == (*case,) for row in ledger.observations):
            self._session.failed(Failed(*case, str(report.longrepr)))

    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """Keep what the run warns of for its reports, unless the project ignores it."""
        message = warning_message.message
        if isinstance(message, AsrlabWarning) and not isinstance(message, AsrGateWarning):
            self._session.warnings += [words for words in [str(message)] if words not in self._session.warnings]

    @pytest.hookimpl(wrapper=True)
    def pytest_report_to_serializable(self) -> Generator[None, dict[str, Any] | None, dict[str, Any] | None]:
        data = yield
        if data is not None and data.get(PAYLOAD) is not None:
            payload = data[PAYLOAD]
            lists = {key: [each.as_json() for each in payload[key]] for key in _LISTS}
            by_model = {key: {model: each.as_json() for model, each in payload[key].items()} for key in _BY_MODEL}
            data[PAYLOAD] = {**payload, **lists, **by_model}
        return data

    @pytest.hookimpl(wrapper=True)
    def pytest_report_from_serializable(self) -> Generator[None, object, object]:
        report = yield
        payload = getattr(report, PAYLOAD, None)
        if payload is not None:
            from asrlab_pytest.gates.result import result_of
            from asrlab_pytest.records.measured import PairedTimes, PeakMemory
            from asrlab_pytest.records.observation import observation_of
            from asrlab_pytest.records.state import ModelState
            from asrlab_pytest.records.types import Extensible

            typed = {"observations": observation_of, "gates": result_of}
            lists = {key: list(map(read, payload[key])) for key, read in typed.items()}
            kinds: dict[str, type[Extensible]] = {"models": ModelState, "times": PairedTimes, "memory": PeakMemory}
            by_model = {
                key: {model: kind.model_validate(each) for model, each in payload[key].items()}
                for key, kind in kinds.items()
            }
            setattr(report, PAYLOAD, {**payload, **lists, **by_model})
        return report


def _fold_skip(skips: dict[str, tuple[str, int | None]], report: pytest.TestReport) -> None:
    """Make pytest's summary show all tests with the same skip reason in one line."""
    if report.skipped and isinstance(report.longrepr, tuple):
        path, line, reason = report.longrepr
        report.longrepr = (*skips.setdefault(reason, (path, line)), reason)  # type: ignore[assignment]
