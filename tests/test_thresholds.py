"""Bounds as a person states them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.thresholds import OF_TASK, Thresholds

RATES = ("wer", "cer", "entity_error_rate")


def test_nothing_is_bounded_by_default():
    """Thresholds that state nothing bound nothing."""
    assert [getattr(Thresholds(), metric) for metric in Thresholds.metrics()] == [None] * len(Thresholds.metrics())


@given(st.sampled_from(Thresholds.metrics()), st.floats(max_value=0, exclude_max=True) | st.just(math.nan))
def test_below_zero_or_not_a_number(metric, limit):
    """A bound below zero, or one that is not a number, is refused by the metric's name."""
    with pytest.raises(ValueError, match=f"{metric} must be a number from 0 up"):
        Thresholds(**{metric: limit})


@given(st.sampled_from(RATES), st.floats(min_value=2, exclude_min=True, allow_infinity=False))
def test_a_percentage(metric, limit):
    """An error rate that can only be meant as a percentage is refused, with how it is written."""
    with pytest.raises(ValueError, match=f"{metric} = .*%; write .* for .*%"):
        Thresholds(**{metric: limit})


@given(st.sampled_from(Thresholds.metrics()), st.floats(min_value=0, allow_infinity=False))
def test_from_zero_up(metric, limit):
    """Every number from zero up is a valid bound, zero included; for an error rate, up to 200 %."""
    limit = min(limit, 2.0) if metric in RATES else limit
    assert getattr(Thresholds(**{metric: limit}), metric) == limit


@pytest.mark.parametrize("table", OF_TASK.values())
def test_infinity(table):
    """Infinity is not a valid bound of any metric: a bound that can never fail would count as checked."""
    for metric in table.metrics():
        with pytest.raises(ValueError, match=f"{metric} must be a number from 0 up, not inf"):
            table(**{metric: float("inf")})
