"""Lets nothing act of what tests on data raise, print and log, before a plugin that keeps it elsewhere reads it."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress

import pytest

from asrlab_pytest.secrets import discreet, without_secrets
from asrlab_pytest.secrets.forms import HIDDEN
from asrlab_pytest.tasks import TASKS
from asrlab_pytest.visible import harmless, make_error_harmless, make_harmless


def make_output_harmless(session: pytest.Session) -> None:
    """Add the hooks below, if any test of the session is on data."""
    if any(map(is_of_data, session.items)):
        session.config.pluginmanager.register(HarmlessOutput(), "asrlab-harmless")


class HarmlessOutput:
    """Hooks for what a test shows. Other plugins, as those for Allure and JSON, keep what they get."""

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        """Hide the secrets in what an engine logs, from now on and in each phase: it may replace all handlers."""
        with _discreet_logs(item):
            return (yield)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Hide the same of the test itself."""
        with _discreet_logs(item):
            return (yield)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        """Hide the same of its end."""
        with _discreet_logs(item):
            return (yield)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Clean what an engine printed and logged before the report is made of it, and what the test raised."""
        if not is_of_data(item):
            return (yield)
        sections = item._report_sections  # noqa: SLF001 - plugins read it as well, and no hook is about it
        sections[:] = [(when, name, harmless(content)) for when, name, content in sections]
        report = yield
        report.longrepr = make_harmless(report.longrepr)
        if call.excinfo is not None:
            make_error_harmless(call.excinfo.value)
        return report

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_fixture_setup(self, request: pytest.FixtureRequest) -> Generator[None, object, object]:
        """Clean what a fixture raised."""
        try:
            return (yield)
        except BaseException as error:
            if is_of_data(request):
                make_error_harmless(error)
            raise


def is_of_data(test: pytest.Item | pytest.FixtureRequest) -> bool:
    """Whether a test takes one of our fixtures."""
    return any(name.startswith(_PREFIXES) for name in getattr(test, "fixturenames", ()))


_PREFIXES = tuple(f"{task}_" for task in TASKS)
"""Of the names of our fixtures."""


class _DiscreetHandler(logging.Handler):
    """Takes the secrets out of each record, which the handlers after it share."""

    def emit(self, record: logging.LogRecord) -> None:
        # Arguments that do not fit their message are left to the next handler, which says so.
        with suppress(Exception):
            message = record.getMessage()
            if (shown := without_secrets(message)) != message:
                record.msg, record.args = shown, ()
        if record.exc_info:
            text = record.exc_text or _FORMATTER.formatException(record.exc_info)
            if (shown := without_secrets(text)) != text:
                record.exc_text = shown
        for name in vars(record).keys() - _OF_EVERY_RECORD:
            vars(record)[name] = _discreet(name, vars(record)[name])


def _discreet(name: str, value: object) -> object:
    try:
        return discreet(value, name)
    except Exception:  # noqa: BLE001 - what cannot even be printed is not to end the test that logs it
        return HIDDEN


_FORMATTER = logging.Formatter()
_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({})))


@contextmanager
def _discreet_logs(item: pytest.Item) -> Iterator[None]:
    """Within the `with` statement, what a test on data logs reaches the handlers of the root logger without secrets."""
    root, handler = logging.getLogger(), _DiscreetHandler()
    # What pytest's handlers write is cleaned in its reports: within a timed call, nothing is looked at for them.
    if not any(map(_is_foreign, root.handlers)) or not is_of_data(item):
        yield
        return
    root.handlers.insert(0, handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


def _is_foreign(handler: logging.Handler) -> bool:
    """Whether a handler is of a plugin, which may keep records by itself, and not of Python or pytest."""
    return type(handler).__module__.partition(".")[0] not in {"logging", "_pytest"}
