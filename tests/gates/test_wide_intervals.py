from paired_clips import judged, paired

from asrlab_pytest.gates.regression_words import explanation


def test_an_interval_of_more_than_a_hundred_points_is_not_shown():
    """An interval wider than 100 points says nothing, so the sentence says how few clips changed."""
    assert explanation(judged(paired([(0, 2, 1), (0, 0, 1)]))) == (
        "2 clips are too few to be sure: only 1 changed, and a failure needs 5. About 14 clips would settle it."
    )


def test_an_interval_of_less_is_shown():
    """A narrower interval is in the sentence."""
    assert "the change lies between " in explanation(judged(paired([(0, 3, 10), *[(0, 0, 10)] * 30])))
