"""What a pull request sees of a run: a Markdown file, and in GitHub Actions the job's summary and annotations."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from asrlab_pytest.errors import ConfigError

if TYPE_CHECKING:
    from asrlab_pytest.report.markdown import RunReport
    from asrlab_pytest.report.scorecard import Scorecard
    from asrlab_pytest.report.spoken_card import SpokenCard
    from asrlab_pytest.session.session import Session

CARD: pytest.StashKey[Scorecard] = pytest.StashKey()
SPOKEN: pytest.StashKey[tuple[SpokenCard, ...]] = pytest.StashKey()
REPORT: pytest.StashKey[RunReport] = pytest.StashKey()
_ENDINGS = {pytest.ExitCode.INTERRUPTED: "the run was interrupted", pytest.ExitCode.INTERNAL_ERROR: "pytest failed"}


def scorecard_of(session: Session) -> Scorecard | None:
    """The scorecard of the run's ASR models, made once; None if there are none."""
    if "asr" not in session.tasks:
        return None
    stash = session.config.stash
    if CARD not in stash:
        from asrlab_pytest.report.scorecard import scorecard

        suite = session.suite
        stash[CARD] = scorecard(
            session.ledger.of_task("asr"),
            session.states_of("asr"),
            rules=suite.rules,
            corpus=suite.corpus.name,
            reference=suite.settings.reference,
            gates=suite.settings.gates,
        )
    return stash[CARD]


def spoken_cards_of(session: Session) -> tuple[SpokenCard, ...]:
    """The cards of the run's models that speak, made once."""
    stash = session.config.stash
    if SPOKEN not in stash:
        from asrlab_pytest.report.spoken_card import spoken_cards

        stash[SPOKEN] = spoken_cards(session.ledger.observations, session.states, rules=session.suite.rules)
    return stash[SPOKEN]


def publish(session: Session, exitstatus: int) -> list[str]:
    """Write what was asked for and what GitHub Actions offers a place for; why the former could not be written."""
    asked, summary = session.suite.settings.markdown, os.environ.get("GITHUB_STEP_SUMMARY")
    if session.is_looking or not (asked or summary or _in_actions()):
        return []
    from asrlab_pytest.records.writing import write_whole
    from asrlab_pytest.report.markdown import markdown

    report = session.config.stash[REPORT] = _report(session, exitstatus)
    if summary:
        session.written += _summarized(Path(summary), report)
    if not asked:
        return []
    path = session.config.invocation_params.dir / Path(asked).expanduser()
    try:
        session.refuse_foreign_outputs()
        write_whole(path, markdown(report))
    except ConfigError as error:
        return [f"the Markdown {path} was not written: {error}"]
    except OSError as error:
        return [f"the Markdown {path} was not written: {error.strerror}"]
    session.written.append(f"Markdown {path} written")
    return []


def annotated(session: Session) -> list[str]:
    """The lines that GitHub Actions makes annotations of; none elsewhere."""
    report = session.config.stash.get(REPORT, None)
    if report is None or not _in_actions():
        return []
    from asrlab_pytest.report.annotations import workflow_commands

    return workflow_commands(report, undecided_fails=session.suite.settings.undecided == "fail")


def run_link() -> str:
    """Address of the run in GitHub Actions; empty elsewhere."""
    parts = [os.environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")]
    server, repository, run = parts
    return f"{server}/{repository}/actions/runs/{run}" if all(parts) else ""


def _in_actions() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _report(session: Session, exitstatus: int) -> RunReport:
    from asrlab_pytest.gates.result import result_of
    from asrlab_pytest.records.private import without_home
    from asrlab_pytest.report.markdown import RunReport

    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    stats = terminal.stats if terminal else {}
    ending = [words for status, words in _ENDINGS.items() if status == exitstatus]
    return RunReport(
        gates=[result_of(row) for row in session.ledger.gates],
        card=scorecard_of(session),
        spoken=spoken_cards_of(session),
        environment=without_home(session.environment),
        failed={one.nodeid: without_home(_why(one)) for kind in ("failed", "error") for one in stats.get(kind, ())},
        troubles=tuple(without_home([*ending, *session.notices])),
        remarks=tuple(without_home([*session.remarks, *session.written])),
        link=run_link(),
    )


def _why(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The first line of what a test failed with."""
    crash = getattr(report.longrepr, "reprcrash", None)
    told = str(crash.message) if crash else report.longreprtext
    return told.strip().removeprefix("Failed: ").split("\n")[0]


def _summarized(path: Path, report: RunReport) -> list[str]:
    """Append to the summary of the step, as far as there is room; why that could not be done."""
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


_LEAST = 1_000
"""Bytes below which a summary is not worth its place."""
