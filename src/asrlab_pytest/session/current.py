"""The state of the present pytest session, once it has begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from asrlab_pytest.session.session import Session

SESSION: pytest.StashKey[Session] = pytest.StashKey()


def session_of(config: pytest.Config) -> Session:
    """What the plugin remembers of this pytest session, which has begun (see `session.beginning`)."""
    return config.stash[SESSION]
