"""Figures as the scorecard writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.report.layout import factor, times


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (factor, None, "-"),
        (factor, 0.0, "0.000"),
        (factor, 0.0004, "<0.001"),
        (factor, 0.0005, "0.001"),
        (factor, 0.162, "0.162"),
        (times, None, "-"),
        (times, 0.00005, "<0.01x"),
        (times, 1.0, "1.00x"),
        (times, 19301.2, "19300x"),
    ],
)
def test_figures(write, value, text):
    """A figure that is not 0 is never written as 0, and none has digits that mean nothing."""
    assert write(value) == text


@given(st.floats(1e-6, 1e6))
def test_a_speed_in_its_column(speedup):
    """A speed fits its column of seven, or is a million times, and is within half a percent of what is written."""
    text = times(speedup)

    assert len(text) <= len("1000000x")
    assert text == "<0.01x" or float(text[:-1]) == pytest.approx(speedup, rel=0.005, abs=0.005)
