"""A report of pytest or of a plugin that cannot be written, as on a full disk: pytest would end in a traceback."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

import pytest
from _pytest import junitxml

from asrlab_pytest.session.current import session_of
from asrlab_pytest.session.ending import keep_failed, settle

if TYPE_CHECKING:
    from types import TracebackType

_WRITERS = {"_pytest.junitxml": "--junitxml", "pytest_html": "--html"}
"""The option of a report, by the module that writes it when the session has finished."""


def end_in_words(pytest_session: pytest.Session, exitstatus: int, error: Exception) -> None:
    """End the record although no further hook is called, and say in a line which report was not written.

    Args:
        pytest_session: The session that has finished.
        exitstatus: The status that pytest gave it.
        error: What a hook raised.

    Raises:
        Exception: it is not about a report.
    """
    config = pytest_session.config
    settle(pytest_session, exitstatus)
    option = _option_of(error.__traceback__)
    if option is None or not isinstance(error, OSError):
        raise error
    session_of(config).notices.append(f"the file of {option} was not written: {error.strerror or error}")
    keep_failed(pytest_session)
    if option == "--junitxml":
        # Or it would say that the file was written.
        junitxml.pytest_unconfigure(config)


def _option_of(trace: TracebackType | None) -> str | None:
    """The option of the report that was being written; None if none was."""
    modules = [f"{frame.f_globals.get('__name__')}." for frame, _ in traceback.walk_tb(trace)]
    return next((_WRITERS[name] for name in _WRITERS if any(module.startswith(f"{name}.") for module in modules)), None)
