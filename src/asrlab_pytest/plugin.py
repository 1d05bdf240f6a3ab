"""The pytest plugin: hooks, and nothing else."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from asrlab_pytest import fixtures, options, timing
from asrlab_pytest.session.current import SESSION, session_of
from asrlab_pytest.session.keys import DROPPED, EVALUATING, NARROWED, REFUSAL

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

MARK = (
    "asr(wer=None, cer=None, rtf=None, hallucinated_words=None, entity_recall=None, entity_error_rate=None): the "
    "largest error rates, real-time factor and number of invented words that pass, and the least entity recall; "
    "stronger than the clip's, the model's and the project's thresholds. In a test of TTS or conversation it "
    "takes the metrics of that task."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    options.add_options(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    if early_config.known_args_namespace.debug:
        from asrlab_pytest.session import log_file

        log_file.refuse_debugged_input(early_config)


def pytest_configure(config: pytest.Config) -> None:
    if options.log_file(config):
        from asrlab_pytest.session import log_file

        log_file.refuse_input(config)
    config.addinivalue_line("markers", MARK)
    config.pluginmanager.register(fixtures, "asrlab-fixtures")
    config.pluginmanager.register(timing.of(config), "asrlab-timing")


def pytest_report_header(config: pytest.Config) -> str | None:
    if not options.is_asked(config):
        return None
    from asrlab_pytest.session import header
    from asrlab_pytest.session.beginning import begun_session

    return header.at_the_start(begun_session(config))


def pytest_report_collectionfinish(config: pytest.Config) -> str | list[str]:
    session = config.stash.get(SESSION, None)
    if session is None:
        return []
    from asrlab_pytest.session import header

    lines = (header.when_collected(session), header.unfinished(session))
    return [line for line in lines if line is not None]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if EVALUATING.isdisjoint(metafunc.fixturenames):
        return
    from asrlab_pytest.session import collecting

    collecting.parametrize(metafunc)


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makeitem(collector: pytest.Collector) -> Generator[None, Any, Any]:
    """Generate no case whose clip is outside what the model is meant for."""
    items = yield
    if not isinstance(items, list) or SESSION not in collector.config.stash:
        return items
    from asrlab_pytest.session import collecting

    return collecting.only_meant(collector.config, items)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A mistake in the configuration ends the run here, once and in words, before any test runs."""
    session = config.stash.get(SESSION, None)
    if session is None:
        if not any(mark.name == "asr" and mark.kwargs for item in items for mark in item.own_markers):
            return
        from asrlab_pytest.session.beginning import begun_session

        session = begun_session(config)
    from asrlab_pytest.session import collecting

    collecting.check(session, items)
    if session.error is not None:
        collecting.refuse(session, items)


@pytest.hookimpl(wrapper=True, tryfirst=True, specname="pytest_collection_modifyitems")
def pytest_collection_dropitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None, None, None]:
    """Note tests of models that another hook takes out of the list without a word, and skip an absent model once."""
    before = [*items] if SESSION in config.stash else []
    yield
    if len(before) > len(items):
        from asrlab_pytest.session import collecting

        collecting.dropped(config.stash[SESSION], before, items)
    if before:
        from asrlab_pytest.session.unready import skip_once

        skip_once(config.stash[SESSION], items)


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    if items and SESSION in items[0].config.stash:
        from asrlab_pytest.session import collecting

        collecting.deselected(items)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Put each model's cases together, fetch the weights that are missing, and hide what engines may tell."""
    if SESSION in session.config.stash:
        from asrlab_pytest.session import collecting, harmless

        harmless.make_output_harmless(session)
        collecting.prepare(session)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """End a run that evaluates models in order, also where a signal or code of an engine would end it."""
    if SESSION not in session.config.stash:
        return (yield)
    from asrlab_pytest.session.termination import guard, terminable

    guard(session_of(session.config))
    with terminable(session_of(session.config)):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the report carry what was observed, and show an exceeded threshold as an aligned diff."""
    report = yield
    if SESSION in item.config.stash:
        from asrlab_pytest.session import reports

        reports.complete(item, call, report)
        reports.make_report_harmless(item, report)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Show a part of a test so that nothing of its name and output acts."""
    visible = sys.modules.get("asrlab_pytest.visible")
    if visible is not None:
        visible.make_subtest_harmless(report)


@pytest.hookimpl(tryfirst=True)
def pytest_keyboard_interrupt(excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    """Show why a test ended the run so that nothing of it acts."""
    visible = sys.modules.get("asrlab_pytest.visible")
    if visible is not None:
        visible.make_error_harmless(excinfo.value)


@pytest.hookimpl(tryfirst=True)
def pytest_warning_recorded(warning_message: warnings.WarningMessage) -> None:
    """Show what an engine warns of, and what its threads raise, so that nothing of it acts."""
    visible = sys.modules.get("asrlab_pytest.visible")
    if visible is not None:
        visible.make_warning_harmless(warning_message)


@pytest.hookimpl(optionalhook=True)
def pytest_benchmark_update_json(config: pytest.Config, output_json: dict[str, object]) -> None:
    """Say once in the file where the run was made, and what it was judged: the file is written before the run ends."""
    tests = config.pluginmanager.getplugin("session")
    if SESSION in config.stash and isinstance(tests, pytest.Session):
        from asrlab_pytest.session import benchmarks

        pytest_sessionfinish(tests, int(tests.exitstatus))
        benchmarks.update_json(config.stash[SESSION], output_json)


@pytest.hookimpl(optionalhook=True, wrapper=True)
def pytest_benchmark_group_stats(config: pytest.Config) -> Generator[None, Any, Any]:
    """Leave the cases of models to the scorecard, unless somebody asks for the table."""
    groups = yield
    if SESSION not in config.stash:
        return groups
    from asrlab_pytest.session import benchmarks

    return benchmarks.without_cases(config, config.stash[SESSION].expected, groups)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep each model on one worker, unless the run asks for another way to share the tests than that of ``-n``."""
    if config.getoption("dist") != "load":
        return None
    from asrlab_pytest.session.xdist import ModelScheduling

    return ModelScheduling(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    from asrlab_pytest.session.narrowing import Narrowing

    node.workerinput[NARROWED] = list(Narrowing(node.config).typed)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any, ids: list[str]) -> None:
    from asrlab_pytest.session.beginning import begun_session

    begun_session(node.config).expected.update(ids)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    from asrlab_pytest.session.beginning import begun_session

    session = begun_session(node.config)
    output = getattr(node, "workeroutput", {})
    session.dropped += [test for test in output.get(DROPPED, ()) if test not in session.dropped]
    if session.refusal is None and REFUSAL in output:
        from asrlab_pytest.session.files import spare_others

        session.refusal = output[REFUSAL]
        spare_others(session.config)
    session.narrowing.has_deselected |= output.get(NARROWED, False)
    if error is not None:
        from asrlab_pytest.session.termination import end_with_worker

        end_with_worker(session, node.gateway.id, error)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A lost test or a case without a result is never exit status 0, also in the reports that other plugins write."""
    if SESSION in session.config.stash or options.is_asked(session.config):
        if (workers := session.config.pluginmanager.get_plugin("dsession")) is not None:
            workers.pytest_sessionfinish()  # What they write is judged and merged.
        from asrlab_pytest.session import ending

        ending.settle(session, exitstatus)


@pytest.hookimpl(wrapper=True, trylast=True, specname="pytest_sessionfinish")
def pytest_sessionfinish_in_words(session: pytest.Session, exitstatus: int) -> Generator[None, object, object]:
    """A report that cannot be written costs neither the end of the record nor the scorecard."""
    if SESSION in session.config.stash:
        from asrlab_pytest.session import junit

        junit.sign(session.config)
    try:
        result: object = yield
    except Exception as error:
        if SESSION not in session.config.stash:
            raise
        from asrlab_pytest.session.unwritten import end_in_words

        end_in_words(session, exitstatus, error)
        return None
    if SESSION in session.config.stash:
        from asrlab_pytest.session import ending

        ending.keep_failed(session)
    return result


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if SESSION in config.stash:
        from asrlab_pytest.session.termination import end_without_threads

        end_without_threads(session_of(config))


def pytest_terminal_summary(terminalreporter: TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    if SESSION in config.stash:
        from asrlab_pytest.session import ending
        from asrlab_pytest.session.termination import interrupted_in_words

        with interrupted_in_words("while the scorecard was printed"):
            ending.summarize(terminalreporter, config.stash[SESSION], exitstatus)


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Show the errors behind ``assert asr_case.wer <= 0.1``."""
    case = sys.modules.get("asrlab_pytest.cases.case")
    if case is None or not isinstance(left, case.ErrorRate):
        return None
    from asrlab_pytest.report.diff import plain_diff

    return [f"{float(left):.1%} {op} {right!r}", *plain_diff(left.score.alignment)]
