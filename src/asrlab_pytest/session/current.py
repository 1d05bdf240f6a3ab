"""The state of the present pytest session, begun when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from asrlab_pytest.session.session import Session

SESSION: pytest.StashKey[Session] = pytest.StashKey()


def session_of(config: pytest.Config) -> Session:
    """What the plugin remembers of this pytest session; begun when it is first asked for."""
    session = config.stash.get(SESSION, None)
    if session is None:
        from asrlab_pytest.session.benchmarks import UntimedRun
        from asrlab_pytest.session.listener import ReportListener
        from asrlab_pytest.session.log_file import hide_secrets
        from asrlab_pytest.session.session import Session

        session = config.stash[SESSION] = Session(config)
        config.pluginmanager.register(ReportListener(session), "asrlab-reports")
        hide_secrets(config)
        config.pluginmanager.register(UntimedRun(session), "asrlab-untimed-run")
    return session
