"""What the report of a test that evaluates a model carries and shows."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any, cast

import pytest

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.session import junit
from asrlab_pytest.session.collecting import model_of
from asrlab_pytest.session.current import session_of
from asrlab_pytest.session.harmless import is_of_data
from asrlab_pytest.session.judgements import Checked, is_expected, of_item
from asrlab_pytest.session.keys import AUDIT, CASE, CHECKED, POOL, PublishedCase
from asrlab_pytest.session.listener import EXPECTED, PAYLOAD, UNHEARD
from asrlab_pytest.session.planned import Sent
from asrlab_pytest.visible import harmless, make_harmless


def complete(item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
    """Add to an ASR item's report what was observed, and to pytest-benchmark's what goes into its JSON."""
    model_id = model_of(item)
    fails_as_expected = report.skipped and hasattr(report, "wasxfail") and is_expected(item)
    if fails_as_expected and AUDIT in getattr(item, "fixturenames", ()):
        setattr(report, EXPECTED, True)
    session = session_of(item.config)
    if session.is_worker and session.ledger.unheard:
        # The controller audits nothing itself. A run of the audit alone has no payload.
        setattr(report, UNHEARD, session.ledger.unheard)
    if model_id is None:
        return
    _show_in_words(call, report, is_full=item.config.getoption("fulltrace", False))
    _begin_with_the_figure(call, report)
    if report.when == "call":
        _show_threshold(call, report, in_line=item.config.getoption("tbstyle", None) == "line")
        _show_alignment(item, call, report)
        # A text that cannot be scored fails the run at its end, and any test that reads its score.
        with suppress(AsrlabError):
            _publish(item, report)
    payload = session.payload(model_id)
    sent = session.planned.to_send() if session.is_worker else Sent()
    checked = item.stash.get(CHECKED, [])
    if fails_as_expected:
        payload["gates"] = [replace(gate, is_expected=True) for gate in payload["gates"]]
    judgements = of_item(item, checked, report)
    setattr(
        report,
        PAYLOAD,
        {**payload, **sent, "judged_rtf": report.when == "call" and _judged_rtf(checked), "checked": judgements},
    )
    if report.when == "teardown":
        item.stash[CHECKED] = []


def make_report_harmless(item: pytest.Item, report: pytest.TestReport) -> None:
    """Let nothing act of what a report of a test on data shows: ids, texts, what an engine raised."""
    reason = getattr(report, "wasxfail", None)
    if (report.longrepr is not None or reason) and is_of_data(item):
        report.longrepr = make_harmless(report.longrepr)
        if reason is not None:
            report.wasxfail = harmless(reason)


def _show_in_words(call: pytest.CallInfo[None], report: pytest.TestReport, *, is_full: bool) -> None:
    """Show an error for people as its text, without the way through the plugin, except with ``--full-trace``."""
    if report.failed and not is_full and call.excinfo is not None and isinstance(call.excinfo.value, AsrlabError):
        shown = call.excinfo.getrepr(style="value", chain=False)
        if shown.reprcrash is not None:
            shown.reprcrash.message = str(call.excinfo.value)
        report.longrepr = shown


def _judged_rtf(checked: Iterable[Checked]) -> bool:
    """Whether the test has judged a time by a bound of its own."""
    from asrlab_pytest.gates.bounds import TIMES

    return any(TIMES & case.judged_metrics for case in checked)


def _show_threshold(call: pytest.CallInfo[None], report: pytest.TestReport, *, in_line: bool) -> None:
    bounds = sys.modules.get("asrlab_pytest.gates.bounds")
    if bounds is None or call.excinfo is None or not isinstance(call.excinfo.value, bounds.ThresholdExceeded):
        return
    from asrlab_pytest.report.diff import ThresholdReport

    if report.outcome == "failed":
        path, line, _ = report.location
        report.longrepr = cast("Any", ThresholdReport(call.excinfo.value, path, (line or 0) + 1, in_line=in_line))


def _show_alignment(item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
    """Show the errors behind a failed assertion on a metric that is not ours."""
    case = item.stash.get(CASE, None)
    bounds = sys.modules.get("asrlab_pytest.gates.bounds")
    error = call.excinfo.value if call.excinfo else None
    is_ours = bounds is not None and isinstance(error, bounds.ThresholdExceeded)
    if (
        not isinstance(error, AssertionError)
        or is_ours
        or report.outcome != "failed"
        or case is None
        or not case.is_observed
    ):
        return
    from asrlab_pytest.report.diff import plain_diff

    with suppress(AsrlabError):
        lines = plain_diff(case.score.alignment)
        if case.score.words.errors and harmless(lines[0]) not in str(report.longrepr):
            report.sections.append(("asrlab errors", "\n".join(lines)))


def _begin_with_the_figure(call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
    """Leave out of the summary's line that a failure failed: it has little room, and says so at its beginning."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if call.excinfo is not None and isinstance(call.excinfo.value, pytest.fail.Exception) and crash is not None:
        crash.message = crash.message.removeprefix("Failed: ")


def _publish(item: pytest.Item, report: pytest.TestReport) -> None:
    """Put the figures where pytest-benchmark's JSON and JUnit files take them from."""
    case, pool = item.stash.get(CASE, None), item.stash.get(POOL, None)
    if case is not None:
        # It holds texts and their alignment, and the item lives until the end of the run.
        del item.stash[CASE]
        if case.is_observed:
            _fill_extra_info(item, case, report)
            junit.add_figures(item, lambda metric: case.METRICS[metric](case))
    if pool is not None:
        del item.stash[POOL]
        if case is None and pool.is_observed:
            junit.add_figures(item, lambda metric: getattr(pool, metric))


def _fill_extra_info(item: pytest.Item, case: PublishedCase, report: pytest.TestReport) -> None:
    benchmark = getattr(item, "funcargs", {}).get("benchmark")
    if benchmark is None or not _is_saved(item.config):
        return
    outcome = ("xfailed" if report.skipped else "xpassed") if hasattr(report, "wasxfail") else report.outcome
    benchmark.extra_info["asr"] = {**case.as_json(), "outcome": outcome}


def _is_saved(config: pytest.Config) -> bool:
    """Whether pytest-benchmark writes what it measured to a file."""
    return any(getattr(config.option, f"benchmark_{name}", None) for name in ("json", "save", "autosave"))
