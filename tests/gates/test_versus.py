"""A model beside the reference model, in one sentence."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paired_clips import judged, paired

from asrlab_pytest.gates.regression import Margin
from asrlab_pytest.gates.versus import BothWays, PairedTime
from asrlab_pytest.gates.versus import compare as compare_both

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
    ("times", "errors", "sentence"),
    [
        (around(0.77), SAME, "23% faster than base (95% 22 to 24) with identical accuracy"),
        (around(1.3), SAME, "30% slower than base (95% 29 to 31) with identical accuracy"),
        (around(0.4), SAME, "2.5 times as fast as base (95% 2.4 to 2.6) with identical accuracy"),
        (around(3.0), SAME, "3.0 times as slow as base (95% 3.0 to 3.0) with identical accuracy"),
        (around(1.0), SAME, "As fast as base (95% of time: -1% to +1%) with identical accuracy"),
        (
            around(1.0, 130),
            SAME,
            "Not shown to be faster or slower than base (95% of time: -2% to +2%) with identical accuracy",
        ),
        (timed(0.8, 0.8), SAME, "On 2 clips, too few for an interval, 20% faster than base with identical accuracy"),
        ([], SAME, "Not timed beside base with identical accuracy"),
        ([], [], "Not timed beside base; no accuracy to compare"),
        (
            around(0.77),
            paired([(1, 1, 20)] * 2000 + [(1, 2, 20), (1, 0, 20)] * 9),
            (
                "23% faster than base (95% 22 to 24) with no measurable difference in accuracy (WER "
                "0.0 points, 90% interval -0.02 to +0.02)"
            ),
        ),
        (
            around(0.77),
            paired([(1, 2, 20)] * 20 + [(1, 1, 20)] * 20),
            (
                "23% faster than base (95% 22 to 24) but less accurate: WER higher by 2.5 points (90% "
                "interval +1.8 to +3.2)"
            ),
        ),
        (
            around(0.77),
            paired([(1, 0, 20)] * 20 + [(1, 1, 20)] * 20),
            (
                "23% faster than base (95% 22 to 24) and more accurate: WER lower by 2.5 points (90% "
                "interval -3.2 to -1.8)"
            ),
        ),
        (
            around(0.77),
            paired([(1, 0, 20)] * 4 + [(1, 2, 20)] * 5 + [(1, 1, 20)] * 20),
            (
                "23% faster than base (95% 22 to 24) with no measurable difference in accuracy (WER +0.17 points, 90% "
                "interval -0.72 to +1.1)"
            ),
        ),
        (
            around(0.77),
            paired([(1, 2, 20)] * 3 + [(1, 3, 20)]),
            (
                "23% faster than base (95% 22 to 24); whether it is as accurate, the data do not show (WER +6.2 "
                "points, 90% interval +3.3 to +9.2)"
            ),
        ),
        (
            around(0.77),
            paired([(1, 2, 20)]),
            "23% faster than base (95% 22 to 24); whether it is as accurate, the data do not show (WER +5.0 points)",
        ),
    ],
)
def test_sentences(times, errors, sentence):
    """What the data show is claimed with its interval, and what they do not show is said not to be shown."""
    assert compare(times, errors, reference="base", timing="in turn").sentence() == sentence


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        (around(0.77), "23% faster than base (95% 22 to 24; timed one after the other) with identical accuracy"),
        (around(1.0), "As fast as base (95% of time: -1% to +1%; timed one after the other) with identical accuracy"),
    ],
)
def test_timed_one_after_the_other(times, sentence):
    """Where the models were not timed in turn, the sentence says so, because its interval does not."""
    assert compare(times, SAME, reference="base", timing="one after the other").sentence() == sentence


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
        assert " faster than " in found.sentence() or " as fast as " in found.sentence()
    elif found.speed == "slower":
        assert found.ratio_interval.low > 1
        assert " slower than " in found.sentence() or " as slow as " in found.sentence()
    assert "nan" not in found.sentence()


def test_a_busy_machine():
    """Where more had to be done than the machine can, times taken one after the other claim nothing."""
    standing = compare(around(0.3), SAME, reference="base", timing="one after the other, busy")

    assert standing.sentence() == (
        "Not compared with base in speed (timed one after the other on a busy machine) with identical accuracy"
    )
