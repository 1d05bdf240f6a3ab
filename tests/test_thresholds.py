"""Bounds as a person states them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.thresholds import OF_TASK, DialogueThresholds, SpeechThresholds, Thresholds

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


@pytest.mark.parametrize(
    ("table", "metric"),
    [(Thresholds, "entity_recall"), (SpeechThresholds, "entity_recall"), (DialogueThresholds, "fact_recall")],
)
@pytest.mark.parametrize("limit", [1.01, 1.5, 90])
def test_a_recall_that_nothing_reaches(table, metric, limit):
    """A smallest recall above 100 % is refused, with how the percentage is written; 100 % is valid."""
    with pytest.raises(ValueError, match=f"{metric} = {limit:g} is {limit:.0%}; write {limit / 100:g} for {limit:g}%"):
        table(**{metric: limit})
    assert table(**{metric: 1})


@given(st.sampled_from(Thresholds.metrics()), st.floats(min_value=0, allow_infinity=False))
def test_from_zero_up(metric, limit):
    """Every number from zero up is a valid bound, zero included; an error rate up to 200 %, a recall up to 100 %."""
    limit = min(limit, 2.0) if metric in RATES else min(limit, 1.0) if metric == "entity_recall" else limit
    assert getattr(Thresholds(**{metric: limit}), metric) == limit


@pytest.mark.parametrize("table", OF_TASK.values())
def test_infinity(table):
    """Infinity is not a valid bound of any metric: a bound that can never fail would count as checked."""
    for metric in table.metrics():
        with pytest.raises(ValueError, match=f"{metric} must be a number from 0 up, not inf"):
            table(**{metric: float("inf")})
