"""Sorting of very many numbers, in Python and in numpy."""

from array import array
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.records import sorting

NUMBERS = st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3), min_size=1, max_size=30)


@pytest.fixture(scope="module", params=[0, 10_000], ids=["numpy", "python"])
def _many(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "_MANY", request.param)
        yield


@pytest.mark.usefixtures("_many")
@given(NUMBERS)
def test_order(numbers):
    """Positions are in the order of their numbers; equal numbers are together, and stay in their order."""
    positions = sorted(range(len(numbers)), key=numbers.__getitem__)

    assert list(sorting.order(array("q", numbers))) == positions
    groups = list(sorting.equal(array("q", numbers)))
    assert [position for group in groups for position in group] == positions
    assert [numbers[group[0]] for group in groups] == sorted({*numbers})


@pytest.mark.usefixtures("_many")
@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=30))
def test_median(seconds):
    """The median is that of the standard library, to the last bit."""
    assert sorting.median(array("d", seconds)) == median(seconds)
