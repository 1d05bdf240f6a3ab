"""A model beside the reference model, in two sentences."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paired_clips import judged, paired

from asrlab_pytest.gates.comparison import BothWays, PairedTime
from asrlab_pytest.gates.comparison import compare as compare_both
from asrlab_pytest.gates.regression import Margin

SAME = paired([(1, 1, 20)] * 40)


def compare(times, errors, **keys):
    swapped = [replace(one, errors=one.baseline_errors, baseline_errors=one.errors) for one in errors]
    both = BothWays(model=judged(errors, Margin()), reference=judged(swapped, Margin()))
    return compare_both(times, both, **keys)


def timed(*ratios):
    return [PairedTime(clip=str(index), model_s=ratio, reference_s=1.0) for index, ratio in enumerate(ratios)]


def around(ratio, count=20):
    return timed(*(ratio + 0.002 * (index - count / 2 + 0.5) for index in range(count)))


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        (around(0.77), "23% faster than base (95% CI 22 to 24), timed in turn"),
        (around(1.3), "30% slower than base (95% CI 29 to 31), timed in turn"),
        (around(0.4), "2.5 times as fast as base (95% CI 2.4 to 2.6), timed in turn"),
        (around(3.0), "3.0 times as slow as base (95% CI 3.0 to 3.0), timed in turn"),
        (around(19301.2), "19,300 times as slow as base (95% CI 19,300 to 19,300), timed in turn"),
        (around(1.0), "as fast as base (95% CI -1% to +1%), timed in turn"),
        (around(1.0, 130), "no measurable difference in time from base (95% CI -2% to +2%), timed in turn"),
        (timed(0.8, 0.8), "20% faster than base on 2 clips, too few for an interval, timed in turn"),
        ([], "not timed against base"),
    ],
)
def test_speed(times, sentence):
    """What the data show is claimed with its interval, and what they do not show is said not to be shown."""
    found = compare(times, SAME, reference="base", timing="in turn")

    assert found.speed_sentence() == sentence
    assert "than base" not in found.speed_sentence(names_reference=False)


@pytest.mark.parametrize(
    ("errors", "sentence"),
    [
        ([], "no clip has a reference to compare with"),
        (SAME, "same number of errors as base in every clip, same text in 7 of 40 clips"),
        (
            paired([(1, 1, 20)] * 2000 + [(1, 2, 20), (1, 0, 20)] * 9),
            "no measurable difference from base (95% CI -0.02 to +0.02 points)",
        ),
        (
            paired([(1, 0, 20)] * 4 + [(1, 2, 20)] * 5 + [(1, 1, 20)] * 20),
            "no measurable difference from base (95% CI -0.9 to +1.2 points)",
        ),
        (
            paired([(1, 2, 20)] * 20 + [(1, 1, 20)] * 20),
            "worse than base by 2.5 points (95% CI 1.7 to 3.3)",
        ),
        (
            paired([(1, 0, 20)] * 20 + [(1, 1, 20)] * 20),
            "better than base by 2.5 points (95% CI 1.7 to 3.3)",
        ),
        (paired([(1, 2, 20)] * 3 + [(1, 3, 20)]), "WER +6.2 points, but 4 clips are too few to be sure"),
        (paired([(1, 2, 20)]), "WER +5.0 points, but 1 clip is too few to be sure"),
    ],
)
def test_accuracy(errors, sentence):
    """A claim is next to an interval on its side, and what is too little to be sure of beside none."""
    found = replace(compare([], errors, reference="base", timing="in turn"), same_texts=7)

    assert found.accuracy_sentence() == sentence


def test_the_same_texts():
    """Models that wrote the same words everywhere are said to have."""
    found = replace(compare([], SAME, reference="base", timing="in turn"), same_texts=40)

    assert found.accuracy_sentence() == "same text as base in 40 of 40 clips"


def test_few_speakers():
    """Where there are too few speakers to generalize from, it is they that are too few, or for whom a claim holds."""
    worse = [replace(one, group=f"g{number % 3}") for number, one in enumerate(paired([(1, 2, 20)] * 20))]
    unclear = [replace(one, group=f"g{number % 3}") for number, one in enumerate(paired([(1, 2, 20)] * 3))]

    claims = [
        compare([], errors, reference="base", timing="in turn").accuracy_sentence() for errors in (worse, unclear)
    ]
    assert claims[0].startswith("worse than base by 5.0 points")
    assert claims[0].endswith("for these 3 speakers")
    assert claims[1] == "WER +5.0 points, but 3 speakers are too few to be sure"


def test_timed_one_after_the_other():
    """Where the models were not timed in turn, the sentence says so, because its interval does not."""
    found = compare(around(0.77), SAME, reference="base", timing="one after the other")

    assert found.speed_sentence() == "23% faster than base (95% CI 22 to 24), not timed in turn"


def test_no_time_at_all():
    """A time of 0 is refused with the clip's name."""
    with pytest.raises(ValueError, match="a time of the clip 'a' is not above 0"):
        PairedTime(clip="a", model_s=0.0, reference_s=1.0)


@given(st.integers(0, 10_000), st.integers(0, 30), st.floats(0.2, 4))
def test_no_claim_against_the_data(seed, count, ratio):
    """Faster is claimed only where the whole interval is below 1, and slower only where it is above."""
    generator = random.Random(seed)
    found = compare(
        timed(*(ratio * generator.lognormvariate(0, 0.3) for _ in range(count))),
        SAME,
        reference="base",
        timing="in turn",
    )

    if found.speed == "faster":
        assert found.ratio_interval.high < 1
        assert " faster than " in found.speed_sentence() or " as fast as " in found.speed_sentence()
    elif found.speed == "slower":
        assert found.ratio_interval.low > 1
        assert " slower than " in found.speed_sentence() or " as slow as " in found.speed_sentence()
    assert "nan" not in found.speed_sentence()
