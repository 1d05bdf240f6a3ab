"""Where the plugin's part of a pytest session begins: with the first test, option or worker that is about a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asrlab_pytest.session.benchmarks import BenchmarkFiles
from asrlab_pytest.session.current import SESSION
from asrlab_pytest.session.listener import ReportListener
from asrlab_pytest.session.log_file import hide_secrets
from asrlab_pytest.session.session import Session

if TYPE_CHECKING:
    import pytest


def begun_session(config: pytest.Config) -> Session:
    """What the plugin remembers of this pytest session, which begins now unless it has begun."""
    session = config.stash.get(SESSION, None)
    if session is None:
        session = config.stash[SESSION] = Session(config)
        config.pluginmanager.register(ReportListener(session), "asrlab-reports")
        hide_secrets(config)
        config.pluginmanager.register(BenchmarkFiles(session), "asrlab-benchmark-files")
    return session
