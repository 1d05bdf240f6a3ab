"""Metrics that pass above their bound, and metrics that pass below it."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.gates.bounds import Bound, violations
from asrlab_pytest.thresholds import Thresholds

values = st.floats(0, 5)


@given(st.sampled_from([name for name in Thresholds.metrics() if name != "entity_recall"]), values, values)
def test_a_largest_value(metric, value, limit):
    """Every metric but entity recall misses its bound exactly when it is above it."""
    assert bool(violations({metric: value}, [Bound(metric, limit, "mark")])) == (value > limit)


@given(values, values)
def test_a_least_value(value, limit):
    """Entity recall misses its bound exactly when it is below it."""
    assert bool(violations({"entity_recall": value}, [Bound("entity_recall", limit, "mark")])) == (value < limit)


@pytest.mark.parametrize(
    ("metric", "value", "limit", "sentence"),
    [
        ("entity_recall", 0.5, 0.9, "entity recall 50.0% < 90.0% (mark threshold)"),
        ("entity_error_rate", 0.5, 0.1, "entity error rate 50.0% > 10.0% (mark threshold)"),
    ],
)
def test_in_words(metric, value, limit, sentence):
    """A miss says on which side of the bound the figure lies."""
    (found,) = violations({metric: value}, [Bound(metric, limit, "mark")])

    assert str(found) == sentence


def test_every_metric_can_be_judged():
    """Every threshold that can be stated has a direction and a name in words."""
    for field in fields(Thresholds):
        misses = [
            found for value in (0.0, 2.0) for found in violations({field.name: value}, [Bound(field.name, 1.0, "mark")])
        ]
        assert len(misses) == 1
        assert "1" in str(misses[0])
