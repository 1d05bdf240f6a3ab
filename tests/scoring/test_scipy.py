"""Quantiles, sign flips and bounds beside scipy's, the oracle."""

import numpy as np
import pytest
import scipy
from hypothesis import example, given, settings
from hypothesis import strategies as st

from asrlab_pytest.scoring.change import pooled_ratio
from asrlab_pytest.scoring.p_values import sign_flip_p, sign_test_p
from asrlab_pytest.scoring.student import student_quantile, student_tail


@given(st.floats(1e-6, 0.5), st.floats(0.5, 3000))
@example(0.49998584739143503, 690.0)
def test_quantiles(tail, freedom):
    """Quantiles are scipy's, for fractions of a degree of freedom too."""
    assert student_quantile(tail, freedom) == pytest.approx(scipy.stats.t.isf(tail, freedom), rel=1e-6, abs=1e-9)


@given(st.floats(-50, 50), st.floats(0.5, 3000))
def test_tails(value, freedom):
    """Tails are scipy's."""
    assert student_tail(value, freedom) == pytest.approx(scipy.stats.t.sf(value, freedom), rel=1e-6, abs=1e-12)


@settings(max_examples=30)
@given(st.lists(st.integers(-9, 9), min_size=2, max_size=9))
def test_sign_flips(differences):
    """The p-value is that of scipy's permutation test, which goes through all flips."""
    found = scipy.stats.permutation_test(
        (np.array(differences),),
        lambda sample, axis=-1: sample.sum(axis=axis),
        permutation_type="samples",
        alternative="greater",
        n_resamples=np.inf,
        vectorized=True,
    )

    assert sign_flip_p(differences) == pytest.approx(found.pvalue)


@given(st.integers(0, 60), st.integers(0, 60))
def test_sign_tests(more, fewer):
    """The sign test is scipy's test of a binomial."""
    expected = scipy.stats.binomtest(more, more + fewer, alternative="greater").pvalue if more + fewer else 1.0

    assert sign_test_p(more, fewer) == pytest.approx(expected)


@given(st.lists(st.integers(-9, 9), min_size=5, max_size=14))
def test_a_t_test(differences):
    """The p-value of "no worse" is that of scipy's t test of the mean, or of the same sum over fewer blocks."""
    total, squares = sum(differences), sum(one * one for one in differences)
    found = pooled_ratio(range(len(differences)), differences, [10] * len(differences)).p_above(0)

    if total <= 0:
        assert found == 1
        return
    share = total * total / squares
    of_fewer = [
        scipy.stats.t.sf(np.sqrt((count - 1) * share / (count - share)), count - 1)
        for count in range(2, len(differences) + 1)
        if share < count
    ]
    if len(set(differences)) > 1:
        assert of_fewer[-1] == pytest.approx(scipy.stats.ttest_1samp(differences, 0, alternative="greater").pvalue)
        assert found == pytest.approx(max(of_fewer))
