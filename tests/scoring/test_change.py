"""Pooled ratios over blocks."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.scoring.change import pooled_ratio
from asrlab_pytest.scoring.student import student_quantile

blocks = st.lists(st.tuples(st.integers(-30, 30), st.integers(1, 60)), min_size=2, max_size=20)
tails = st.sampled_from([0.025, 0.05, 0.1])


def ratio_of(pairs):
    return pooled_ratio(range(len(pairs)), [errors for errors, _ in pairs], [words for _, words in pairs])


def test_blocks_of_one_size():
    """For blocks of one size, the bounds are those of the delta-method t interval, worked out by hand."""
    ratio = ratio_of([(3, 100), (1, 100), (0, 100), (2, 100), (-1, 100), (4, 100)])

    assert ratio.estimate == pytest.approx(9 / 600)
    # The squares of 1.5, 0.5, 1.5, 0.5, 2.5 and 2.5 are 17.5 together.
    assert ratio.standard_error == pytest.approx(math.sqrt(6 / 5 * 17.5) / 600)
    bounds = ratio.bounds(0.05)
    assert bounds.low == pytest.approx(0.015 - 2.015048 * math.sqrt(21) / 600, abs=1e-7)
    assert bounds.high == pytest.approx(0.015 + 2.015048 * math.sqrt(21) / 600, abs=1e-7)


@given(st.lists(st.integers(-30, 30), min_size=2, max_size=14), st.integers(1, 60))
def test_the_delta_method(differences, words):
    """For any blocks of one size, up to 14 of them, the bounds are the estimate -+ t · SE."""
    ratio = ratio_of([(difference, words) for difference in differences])

    bounds = ratio.bounds(0.05)
    reach = student_quantile(0.05, len(differences) - 1) * ratio.standard_error
    assert bounds.low == pytest.approx(ratio.estimate - reach, abs=1e-9)
    assert bounds.high == pytest.approx(ratio.estimate + reach, abs=1e-9)


def test_many_blocks_of_one_size():
    """For more blocks than 14, the bounds are wider than the delta method's by less than 0.4 %."""
    ratio = ratio_of([(number % 3, 20) for number in range(300)])

    reach = student_quantile(0.05, 299) * ratio.standard_error
    bounds = ratio.bounds(0.05)
    assert reach <= bounds.high - ratio.estimate <= 1.004 * reach


def test_blocks_of_one_rate():
    """Blocks whose rates are all the same leave no doubt, whatever the margin is rounded to."""
    ratio = ratio_of([(1, 20), (2, 40), (3, 60)])

    assert ratio.standard_error == 0
    bounds = ratio.bounds(0.05)
    assert (bounds.low, bounds.high) == (0.05, 0.05)
    assert (ratio.p_above(0.05), ratio.p_above(0.06)) == (1, 1)
    assert ratio.p_above(0.04) == pytest.approx(0.037, abs=0.001)


def test_rows_of_one_block_are_one():
    """Rows of one block count as one row with their sums."""
    assert pooled_ratio([1, 2, 1], [1, 2, 3], [10, 10, 5]) == pooled_ratio([1, 2], [4, 2], [15, 10])


@pytest.mark.parametrize("pairs", [[], [(3, 10)], [(0, 0), (0, 0)], [(5, 1000), (1, 10), (1, 10)]])
def test_no_bounds(pairs):
    """No block, one block, no word and one block with nearly all of the words give no bounds, and no NaN."""
    assert ratio_of(pairs).bounds(0.05) is None


def test_tiny_blocks_do_not_pass_for_many():
    """Blocks of one word, on which nothing changed, make it no surer that five real blocks became worse."""
    real = [(8, 100), (2, 100), (5, 100), (-1, 100), (6, 100)]

    assert ratio_of([*real, *[(0, 1)] * 100]).bounds(0.05).low < ratio_of(real).bounds(0.05).low


@given(st.lists(st.integers(-30, 30), min_size=2, max_size=40), st.integers(1, 60))
def test_the_effective_number_of_blocks(differences, words):
    """Blocks of one size weigh as much as there are, and their variance is the delta method's."""
    ratio = ratio_of([(difference, words) for difference in differences])

    assert ratio.effective_blocks == pytest.approx(len(differences))
    assert ratio.effective_variance == pytest.approx(ratio.standard_error**2)


def test_unlike_blocks_weigh_less():
    """One block of nearly all words weighs as much as one, and leaves no variance to be known."""
    assert ratio_of([(1, 300), (1, 100)]).effective_blocks == pytest.approx(1.6)
    assert ratio_of([(1, 300)]).effective_variance is None
    assert ratio_of([(0, 0)]).effective_blocks == 0


@given(blocks, tails, st.floats(-0.5, 0.5))
def test_p_and_bounds_agree(pairs, tail, margin):
    """Where there are bounds, the p-value of a margin is below a tail exactly where the lower bound lies above it."""
    ratio = ratio_of(pairs)
    bounds = ratio.bounds(tail)
    if bounds is None:
        return

    if bounds.low > margin + 1e-9:
        assert ratio.p_above(margin) <= tail + 1e-9
    elif bounds.low < margin - 1e-9:
        assert ratio.p_above(margin) >= tail - 1e-9


@given(blocks, tails)
def test_the_estimate_lies_within(pairs, tail):
    """The bounds enclose the estimate, and are numbers."""
    ratio = ratio_of(pairs)
    bounds = ratio.bounds(tail)

    if bounds is not None:
        assert bounds.low - 1e-9 <= ratio.estimate <= bounds.high + 1e-9


@given(blocks, st.integers(1, 100), st.floats(0, 0.3))
def test_a_block_without_a_change_is_no_evidence(pairs, words, margin):
    """One more block on which nothing changed never makes it surer that the change lies above a margin."""
    before, after = ratio_of(pairs).p_above(margin), ratio_of([*pairs, (0, words)]).p_above(margin)

    assert after >= before - 1e-12


@given(blocks, tails)
def test_the_other_way_round(pairs, tail):
    """With the sides swapped, the bounds are the same with their signs turned."""
    one, other = ratio_of(pairs), ratio_of([(-errors, words) for errors, words in pairs])

    assert other.estimate == pytest.approx(-one.estimate)
    bounds, turned = one.bounds(tail), other.bounds(tail)
    assert (bounds is None) == (turned is None)
    if bounds is not None:
        assert (-turned.high, -turned.low) == pytest.approx((bounds.low, bounds.high), abs=1e-9)
