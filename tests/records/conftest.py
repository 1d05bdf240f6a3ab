"""Lines of a record, made up and valid."""

import pytest

import stored_runs


@pytest.fixture
def environment():
    return stored_runs.environment()


@pytest.fixture
def observation():
    """Makes an observation with other values for some keys."""
    return stored_runs.row
