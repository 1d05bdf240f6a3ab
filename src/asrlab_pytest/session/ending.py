"""The end of a run: what its exit status must say, what it writes, and the scorecard."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import pytest

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.hints import runnable
from asrlab_pytest.session import junit
from asrlab_pytest.session.beginning import begun_session
from asrlab_pytest.session.current import session_of
from asrlab_pytest.session.documents import (
    annotation_lines,
    ending_of,
)
from asrlab_pytest.session.keys import SETTLED
from asrlab_pytest.session.publishing import publish, write_file
from asrlab_pytest.session.session import Session
from asrlab_pytest.session.termination import interrupted_in_words
from asrlab_pytest.suite.paths import baseline_file, baseline_name
from asrlab_pytest.visible import HarmlessLines
from asrlab_pytest.wording import many

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

    from asrlab_pytest.gates.result import GateResult
    from asrlab_pytest.records.state import ModelState
    from asrlab_pytest.session.ledger import Ledger
    from asrlab_pytest.session.unjudged import Shortfall

_SHOWN = 20
"""Lines that a notice lists."""


def settle(pytest_session: pytest.Session, exitstatus: int) -> None:
    """End the record, and turn exit status 0 into 1 where a result is missing, with a notice that says which."""
    if not pytest_session.config.stash.get(SETTLED, False):
        pytest_session.config.stash[SETTLED] = True
        with interrupted_in_words("while the results were judged and written"):
            _settle(pytest_session, exitstatus)
        session = session_of(pytest_session.config)
        junit.add_failures(pytest_session.config, [*ending_of(exitstatus), *session.notices])
    keep_failed(pytest_session)


def keep_failed(pytest_session: pytest.Session) -> None:
    """Let no other plugin pass a run that has failed."""
    session = session_of(pytest_session.config)
    if session.notices and pytest_session.exitstatus == pytest.ExitCode.OK:
        pytest_session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if session.collected_tasks and pytest_session.exitstatus != pytest.ExitCode.OK:
        from asrlab_pytest.models.contained import keep_status

        keep_status(int(pytest_session.exitstatus))


def _settle(pytest_session: pytest.Session, exitstatus: int) -> None:
    session = begun_session(pytest_session.config)
    _replace_record(session)
    if "sources" in session.__dict__:
        session.sources.dismiss_judge()
    try:
        _judge_and_write(session, pytest_session, exitstatus)
    finally:
        # The record has its end whatever becomes of the verdict.
        session.end()


def _judge_and_write(session: Session, pytest_session: pytest.Session, exitstatus: int) -> None:
    if session.refusal is not None:
        session.notices.append(session.refusal)
        pytest_session.exitstatus = pytest.ExitCode.USAGE_ERROR
        return
    is_usage_error = exitstatus == pytest.ExitCode.USAGE_ERROR
    if session.unserved and not session.ledger.models and not session.is_looking and not is_usage_error:
        from asrlab_pytest.suite.mistakes import why_unserved

        session.notices.append(f"no case ran: {why_unserved(session.suite, session.unserved)}")
        pytest_session.exitstatus = exitstatus or pytest.ExitCode.TESTS_FAILED
    if session.is_worker:
        return
    if not session.ledger.models:
        is_over = exitstatus == pytest.ExitCode.OK and not session.is_looking
        session.notices += _lost_tests(session.lost) if is_over else []
        session.notices += _in_vain(session, exitstatus)
        session.notices += session.ledger.unheard
        return
    session.notices += _baseline(session, exitstatus)
    session.notices += _passed_over(session, pytest_session.testsfailed, exitstatus)
    session.notices += _compared(session, exitstatus)
    if exitstatus == pytest.ExitCode.OK and not session.is_looking and session.expected:
        session.notices += [
            *_lost(session.lost, session.called, session.ledger.models.values()),
            *_unread(session.ledger),
            *_self_checked(session.ledger),
        ]
        session.notices += _not_judged(session)
    session.notices += _stopped(session, pytest_session, exitstatus)
    if session.suite.recording is not None and not session.is_looking:
        # The figures of a record may lack observations in lines that could not be used.
        session.notices += session.suite.recording.left_out(tail=False)
    session.notices += session.ledger.unheard
    session.notices += _misplaced(session)
    session.is_broken_off = bool(ending_of(exitstatus))
    if not session.is_looking:
        session.cards  # noqa: B018 - a text that cannot be scored fails the run, whether or not a test scored it
        publish(session, exitstatus)


def _replace_record(session: Session) -> None:
    """Begin the record of a run whose workers died before they reported: an earlier run's is not to stay."""
    if session.planned.is_unknown:
        # A run without models may have settings of no use.
        with suppress(AsrlabError):
            session.start_record()


def _in_vain(session: Session, exitstatus: int) -> list[str]:
    """Options that were typed for a run in which no test evaluates a model; a narrowed run is warned of them."""
    flags = _asked_in_vain(session)
    if not flags or exitstatus != pytest.ExitCode.OK or session.is_looking or session.notices:
        return []
    from asrlab_pytest.session.warned import warned

    words = f"no test of this run evaluates a model, so these options had no effect: {flags}"
    return [] if session.narrowing.leaves_out_tests and warned(session.config, words) else [words]


def _asked_in_vain(session: Session) -> str:
    """The given options that need tests of a model, as written on the command line."""
    return ", ".join(f"--{option.replace('_', '-')}" for option in _IN_VAIN if session.narrowing.has(option))


_IN_VAIN = (
    *("asr_baseline", "asr_baseline_model", "asr_undecided", "asr_rescore", "asr_record", "asr_markdown", "asr_report"),
    *("asr_model", "asr_clip", "asr_prompt", "asr_dialogue"),
)
"""Options that ask for something that only a test of a model does."""


def _baseline(session: Session, exitstatus: int) -> list[str]:
    """Write the baseline, where that was asked for; why it could not be written."""
    suite = session.suite
    if not suite.settings.update_baseline or session.is_looking:
        return []
    path = baseline_file(suite.settings, suite.root)
    if exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return [f"the baseline {path} was not written: the run did not finish"]
    if session.planned.has_crashed:
        return [f"the baseline {path} was not written: a worker of xdist crashed, so its test has no result"]
    from asrlab_pytest.session.baseline import update_baseline

    write = partial(
        update_baseline,
        suite,
        session.ledger,
        session.tasks,
        session.environment,
        session.lost,
        narrowed=bool(session.narrowing),
    )
    return write_file(session, f"baseline {path}", write)


def _passed_over(session: Session, failures: int, exitstatus: int) -> list[str]:
    """Checks and gates that failed in tests that passed, or tests that failed in a run that passed, in words."""
    checks = session.ledger.judgements.passed_over
    hint = "\n  hint: catch no error of check(), and mark the test xfail if the failure is expected"
    lines = [f"{many(len(checks), 'check')} failed in tests that did not fail:{_items(checks)}{hint}"] if checks else []
    if exitstatus != pytest.ExitCode.OK:
        return lines
    if failures:
        return [*lines, f"{many(failures, 'test')} failed, but a test, hook or plugin ended the run with exit status 0"]
    from asrlab_pytest.gates.result import fails

    failed = [gate for gate in session.ledger.gates if fails(gate, session.suite.settings.undecided)]
    hint = "\n  hint: let the test call check(), or mark it xfail if the failure is expected"
    return [
        *lines,
        *(f"{gate.verdict} {gate.kind} of {gate.model} (see above), but no test failed{hint}" for gate in failed),
    ]


def _compared(session: Session, exitstatus: int) -> list[str]:
    """Compare with the baseline what no test did; why that fails the run."""
    if session.is_looking or exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return []
    if session.suite.baseline is None:
        return []
    from asrlab_pytest.session.unjudged import models_of_one_side
    from asrlab_pytest.session.verdicts import judge_the_rest

    narrowed = bool(session.narrowing)
    # A run that has not failed is judged by them.
    is_failed = exitstatus != pytest.ExitCode.OK and not narrowed
    lacking = _failing(session, models_of_one_side(session.suite)) if is_failed else []
    try:
        results = judge_the_rest(session.suite, session.ledger, session.tasks, session.narrowing)
    except AsrlabError as error:
        return [f"not compared with the baseline: {error}"]
    return [*_judged(session, results), *lacking]


def _judged(session: Session, results: Iterable[GateResult]) -> list[str]:
    """The verdicts that fail the run, in words; of others that a test would warn of it is warned."""
    from asrlab_pytest.gates.outcome import Outcome
    from asrlab_pytest.gates.result import fails
    from asrlab_pytest.report.gates import warning_line
    from asrlab_pytest.session.warned import warn_of_gate

    settings, failures = session.suite.settings, []
    against = f"against the baseline {baseline_name(settings, session.suite.root)} (see above)"
    for result in results:
        if fails(result, settings.undecided):
            failures.append(f"{result.outcome.value.upper()} accuracy of {result.model} {against}")
        elif result.outcome is Outcome.UNDECIDED or result.warnings:
            warn_of_gate(session.config, warning_line(result))
    return failures


def _not_judged(session: Session) -> list[str]:
    """What was asked for and not judged, and fails the run; what was left out on purpose is warned of."""
    from asrlab_pytest.session.unjudged import shortfalls

    if session.notices:
        # Where a test or a model is missing, that is the reason.
        return []
    narrowing, dropped = session.narrowing, session.dropped
    suite, ledger = session.suite, session.ledger
    unserved = session.unserved
    return _failing(
        session,
        shortfalls(suite, ledger, session.tasks, narrowing=narrowing, dropped=dropped, unserved=unserved),
    )


def _failing(session: Session, shortfalls: Iterable[Shortfall]) -> list[str]:
    """What fails the run, in words; of the rest it is warned."""
    from asrlab_pytest.session.warned import warned

    return [
        shortfall.words
        for shortfall in shortfalls
        if not (shortfall.is_meant and warned(session.config, shortfall.words))
    ]


def _lost(lost_tests: Collection[str], called: int, models: Collection[ModelState]) -> list[str]:
    """Tests without a report, and a run without a case."""
    lost = _lost_tests(lost_tests)
    if not called:
        ready = any(state.status in ("ready", "recorded") for state in models)
        why = "all were skipped" if ready else "no model is ready (see the status above)"
        lost.append(f"no case ran: {why}")
    return lost


def _lost_tests(lost: Collection[str]) -> list[str]:
    some = ", ".join(sorted(lost)[:5])
    return [f"{many(len(lost), 'test')} lost (no report received): {some}"] if lost else []


def _stopped(session: Session, pytest_session: pytest.Session, exitstatus: int) -> list[str]:
    """A run that ended before its last test, for another reason than `ending_of` names: a plugin's, or ``-x``."""
    if exitstatus == pytest.ExitCode.OK or ending_of(exitstatus) or session.is_looking or not session.lost:
        return []
    reason = pytest_session.shouldfail or pytest_session.shouldstop
    why = f" ({reason})" if isinstance(reason, str) else ""
    return [f"the run stopped early{why}: {len(session.lost)} of {many(len(session.expected), 'test')} did not run"]


def _misplaced(session: Session) -> list[str]:
    """Clips whose audio is another text by what the models of this run wrote, where the run audits its corpus.

    What they wrote is known too late for the audit itself if the clips were never transcribed before.
    """
    suite = session.suite
    observations = [row for row in session.ledger.first_pass if row.task == "asr"]
    if not session.is_audited or suite.recording is not None or not observations or session.audit.is_data_set:
        return []
    from asrlab_pytest.suite.audit import audit_of_transcripts

    audit = audit_of_transcripts(suite, observations)
    if not audit.errors:
        return []
    sentence = f"{many(len(audit.errors), 'text')} may not match the audio, according to what the models wrote"
    why = audit.verdict if audit.is_data_set else sentence
    return [f"{why}{_items([f'{finding.clip}: {finding.check}: {finding.sentence}' for finding in audit.findings])}"]


def _items(lines: Sequence[str]) -> str:
    """The first lines of a list, each on a line of its own, and how many more there are."""
    more = [f"and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return "".join(f"\n  {line}" for line in [*lines[:_SHOWN], *more])


def _unread(ledger: Ledger) -> list[str]:
    return sorted(f"{model} on {clip}: {problem}" for (model, clip), problem in ledger.failures.items())


def _self_checked(ledger: Ledger) -> list[str]:
    return [
        f"{model} writes another text than on the CPU in float32 for clip {clip}"
        for model, state in ledger.models.items()
        for clip, same, _ in state.self_check
        if not same
    ]


def summarize(terminal: TerminalReporter, session: Session, exitstatus: int) -> None:
    """Write the scorecard, and why the exit status is not 0 although no test failed.

    Args:
        terminal: Where.
        session: The run.
        exitstatus: What pytest made of the tests.
    """
    # The line of dots is still open: a title ends it only to leave a blank line behind itself.
    terminal.ensure_newline()
    screen = HarmlessLines(terminal)
    if session.ledger.models and not session.is_worker and not session.is_looking:
        from asrlab_pytest.report.gate_terminal import write_gates
        from asrlab_pytest.report.slices import write_slices
        from asrlab_pytest.report.terminal import write_doubt, write_scorecard, write_spoken

        if session.cards.asr is not None:
            write_scorecard(screen, session.cards.asr, _more(session.config, session.suite.settings.record))
        for spoken in session.cards.spoken:
            write_spoken(screen, spoken)
        write_slices(screen, session.cards.slices)
        write_gates(screen, session.ledger.gates)
        for remark in session.remarks:
            screen.write_line(f"asrlab: {remark}", yellow=True)
        if session.ledger.judged_rtf:
            write_doubt(screen, session.load_at_start)
        for line in session.written:
            screen.write_line(f"asrlab: {line}")
        undecided_fails = session.suite.settings.undecided == "fail"
        for line in annotation_lines(session.report, undecided_fails=undecided_fails) if session.report else ():
            terminal.write_line(line)
    if session.is_looking and not session.is_worker and (flags := _asked_in_vain(session)):
        screen.write_line(f"asrlab: no test ran, so these options had no effect: {flags}", yellow=True)
    undone = ["no test failed, but the run does, as stated above"] if exitstatus == pytest.ExitCode.OK else []
    for notice in [*session.notices, *undone] if session.notices else ():
        screen.write_line(f"asrlab: {notice}", red=True)


def _more(config: pytest.Config, record: str | None) -> str:
    """The command that prints all figures of this run, where they are written to a file."""
    from asrlab_pytest.session.benchmarks import json_file

    name = record or json_file(config)
    return (
        runnable(f"asrlab report {shlex.quote(name)}")
        if name
        else f"--asr-record run.jsonl, then {runnable('asrlab report run.jsonl')}"
    )
