"""Which bound applies, and what exceeds it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.gates.bounds import Bound, Layer, applicable, violations
from asrlab_pytest.thresholds import Thresholds

SOURCES = ("mark", "clip", "model", "project")
rates = st.none() | st.floats(min_value=0, max_value=2)
times = st.none() | st.floats(min_value=0, max_value=10)
thresholds = st.builds(Thresholds, wer=rates, cer=rates, rtf=times, hallucinated_words=st.none() | st.integers(0, 9))
layers = st.lists(thresholds, min_size=4, max_size=4).map(
    lambda stated: [Layer(source, bounds) for source, bounds in zip(SOURCES, stated, strict=True)]
)


def test_the_strongest_that_states_it():
    """Each metric takes its bound from the first layer that states one, whatever the others state."""
    bounds = applicable(
        [
            Layer("mark", Thresholds(wer=0.1)),
            Layer("clip", Thresholds(wer=0.2, cer=0.2)),
            Layer("model", Thresholds(wer=0.0, cer=0.0, rtf=0.3)),
            Layer("project", Thresholds(wer=0.4, cer=0.4, rtf=0.4, hallucinated_words=4)),
        ]
    )

    assert bounds == [
        Bound("wer", 0.1, "mark"),
        Bound("cer", 0.2, "clip"),
        Bound("rtf", 0.3, "model"),
        Bound("hallucinated_words", 4.0, "project"),
    ]


@given(layers)
def test_precedence(stated):
    """For every metric, no layer before the bound's own states it, and a stated metric has a bound."""
    found = {bound.metric: bound for bound in applicable(stated)}

    for metric in Thresholds.metrics():
        first = next((layer for layer in stated if getattr(layer.thresholds, metric) is not None), None)
        assert (first is None) == (metric not in found)
        if first is not None:
            assert found[metric].source == first.source
            assert found[metric].limit == getattr(first.thresholds, metric)


@given(layers, st.lists(st.sampled_from(Thresholds.metrics()), unique=True, min_size=1))
def test_only_the_metrics_asked_for(stated, metrics):
    """Where metrics are named, no other one is judged."""
    assert {bound.metric for bound in applicable(stated, metrics)} <= set(metrics)


def test_an_unknown_metric_is_refused():
    """A metric that does not exist is named, with those that do, instead of judged as passed."""
    with pytest.raises(ValueError, match=r"no metric 'were' of ASR; there are wer, cer, rtf, hallucinated_words"):
        applicable([], ["wer", "were"])


@given(st.floats(0, 5), st.floats(0, 5))
def test_a_bound_is_the_largest_value_that_passes(value, limit):
    """A value is in violation exactly when it is above its bound."""
    assert bool(violations({"wer": value}, [Bound("wer", limit, "mark")])) == (value > limit)


def test_nothing_to_measure_exceeds_nothing():
    """A metric without a value, such as the WER of an empty reference, is in no violation."""
    assert violations({"wer": None}, [Bound("wer", 0.0, "mark"), Bound("cer", 0.0, "mark")]) == []


@pytest.mark.parametrize(
    ("metric", "value", "limit", "sentence"),
    [
        ("wer", 1 / 3, 0.25, "WER 33.3% > 25.0% (clip threshold)"),
        ("cer", 1.5, 0.0, "CER 150.0% > 0.0% (clip threshold)"),
        ("rtf", 1.25, 0.5, "RTF 1.250 > 0.500 (clip threshold)"),
        ("hallucinated_words", 3, 0.0, "hallucinated words 3 > 0 (clip threshold)"),
    ],
)
def test_a_violation_in_words(metric, value, limit, sentence):
    """A violation reads as figure, bound and who stated it."""
    (found,) = violations({metric: value}, [Bound(metric, limit, "clip")])

    assert str(found) == sentence
