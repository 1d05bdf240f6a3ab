"""Percentiles of few values."""

from asrlab_pytest.scoring.intervals import percentile


def test_between_two_ranks():
    """A share that lies between two values takes the larger, so that at least as many lie below."""
    values = [float(value) for value in range(1, 11)]

    assert (percentile(values, 0.95), percentile(values, 0.91), percentile(values, 0.9)) == (10.0, 10.0, 9.0)
