"""The scorecard's figures as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.report.layout import megabytes, percent, short


@given(st.text(min_size=1, max_size=60), st.integers(5, 30))
def test_names_are_cut_in_their_middle(name, width):
    """A name never exceeds its column, stays whole where it fits, and keeps both ends where it does not."""
    shown = short(name, width)

    assert len(shown) <= width
    assert shown == name or (shown[0] == name[0] and shown[-1] == name[-1] and "~" in shown)
    assert (shown == name) or len(name) > width


@pytest.mark.parametrize(("rate", "shown"), [(None, "-"), (0.0, "0.0%"), (0.1234, "12.3%"), (1.5, "150.0%")])
def test_rates(rate, shown):
    """A rate reads as percent, and as a dash where there is none."""
    assert percent(rate) == shown


def test_memory():
    """Memory is shown in megabytes of a million bytes."""
    assert megabytes(188_400_000) == "188 MB"
