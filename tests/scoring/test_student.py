"""Student's t distribution."""

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.scoring.student import student_quantile, student_tail

TABLE = {
    1: (1.376382, 6.313752, 12.706205, 63.656741),
    2: (1.06066, 2.919986, 4.302653, 9.924843),
    4: (0.940965, 2.131847, 2.776445, 4.604095),
    9: (0.883404, 1.833113, 2.262157, 3.249836),
    30: (0.853767, 1.697261, 2.042272, 2.749996),
    120: (0.844627, 1.657651, 1.97993, 2.617421),
}
"""Of scipy 1.17.1: stats.t.isf at 0.2, 0.05, 0.025 and 0.005."""


@pytest.mark.parametrize("freedom", TABLE)
def test_the_quantiles_of_scipy(freedom):
    """The quantiles are those that scipy gives, to the six digits of the table."""
    found = [student_quantile(tail, freedom) for tail in (0.2, 0.05, 0.025, 0.005)]

    assert found == pytest.approx(TABLE[freedom], abs=6e-7)


@pytest.mark.parametrize(
    ("value", "freedom", "tail"), [(0.0, 3, 0.5), (1.0, 1, 0.25), (-1.0, 1, 0.75), (40.0, 2, 0.000312207)]
)
def test_known_tails(value, freedom, tail):
    """At values whose tail can be worked out by hand, that tail is found."""
    assert student_tail(value, freedom) == pytest.approx(tail, rel=1e-5)


@given(st.floats(1e-6, 1 - 1e-6), st.integers(1, 3000))
def test_a_quantile_has_its_tail(tail, freedom):
    """The value that is exceeded with a probability is exceeded with that probability."""
    assert student_tail(student_quantile(tail, freedom), freedom) == pytest.approx(tail, rel=1e-6)


@given(st.floats(0.001, 0.4))
def test_very_much_freedom_is_normal(tail):
    """With very many degrees of freedom the quantile is that of the normal distribution."""
    assert student_quantile(tail, 1e7) == pytest.approx(NormalDist().inv_cdf(1 - tail), abs=1e-4)


def test_the_ends():
    """Nothing lies beyond infinity, and a tail that is not a probability is refused."""
    assert (student_tail(math.inf, 5), student_tail(-math.inf, 5)) == (0.0, 1.0)
    with pytest.raises(ValueError, match="a tail lies between 0 and 1"):
        student_quantile(0.0, 5)
