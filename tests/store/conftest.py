"""Lines of a record, made up and valid."""

import pytest

from stored_rows import ENVIRONMENT, OBSERVATION


@pytest.fixture
def environment():
    return dict(ENVIRONMENT)


@pytest.fixture
def observation():
    """Makes an observation with other values for some keys."""
    return lambda **keys: {**OBSERVATION, **keys}
