"""Intervals of corpus figures, and percentiles."""

import math
import random

import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.scoring.intervals import (
    Tally,
    interpolated_median_interval,
    median_interval,
    percentile,
    rate_interval,
    rate_uncertainty,
)

counts = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 30)), max_size=12)


def tallies_of(pairs, groups=None):
    return [
        Tally(clip=str(number), group=groups and groups[number], errors=errors, words=words)
        for number, (errors, words) in enumerate(pairs)
    ]


def test_the_interval_of_a_rate():
    """Over clips of one length, the interval is the rate times exp(± t · SE/rate), worked out by hand."""
    found = rate_interval(tallies_of([(1, 10), (2, 10), (3, 10), (2, 10), (2, 10)]))

    # The rate is 0.2, and each clip is held against the other four: by -5/4, 0, 5/4, 0 and 0 errors. t is 2.776445 with
    # four degrees of freedom (scipy 1.17.1).
    factor = math.exp(2.776445 * math.sqrt(2 * 1.25**2) / 50 / 0.2)
    assert (found.low, found.high) == pytest.approx((0.2 / factor, 0.2 * factor), abs=1e-6)


def test_speakers_who_are_unlike():
    """For these speakers, a clip is held against its own speaker's rate: what sets speakers apart is no doubt."""
    unlike = [(0, 10), (1, 10)] * 8 + [(8, 10), (9, 10)] * 8
    groups = ["a"] * 16 + ["b"] * 16

    found, blind = rate_uncertainty(tallies_of(unlike, groups)), rate_uncertainty(tallies_of(unlike))
    assert found.these_speakers.high - found.these_speakers.low < blind.these_speakers.high - blind.these_speakers.low
    # Each clip is 0.5 errors off its speaker's rate, held against the other fifteen.
    factor = math.exp(2.039513 * math.sqrt(32 * (0.5 * 16 / 15) ** 2) / 320 / 0.45)
    assert found.these_speakers.high == pytest.approx(0.45 * factor, abs=1e-5)
    assert (found.other_speakers, found.groups) == (None, 2)


def test_other_speakers():
    """For other speakers, speakers are drawn: as many as would weigh as much, (ΣW)²/ΣW², where that is five or more."""
    pairs = [(30, 200), (5, 100), (4, 50), (6, 50), (9, 100), (12, 100), (3, 100), (8, 100)]
    found = rate_uncertainty(tallies_of(pairs, "abcdefgh"))

    ratio = sum(errors for errors, _ in pairs) / 800
    effective = 800**2 / sum(words**2 for _, words in pairs)
    squares = sum((errors - ratio * words) ** 2 for errors, words in pairs)
    error = math.sqrt(effective / (effective - 1) * squares) / 800
    factor = math.exp(scipy.stats.t.isf(0.025, effective - 1) * error / ratio)
    assert (found.other_speakers.low, found.other_speakers.high) == pytest.approx((ratio / factor, ratio * factor))
    assert found.effective_groups == pytest.approx(effective)
    assert found.dominant is None
    # Clips without a group are no speakers, and five groups of unlike size weigh as much as fewer.
    assert rate_uncertainty(tallies_of(pairs)).other_speakers is None
    assert rate_uncertainty(tallies_of(pairs[:5], "abcde")).other_speakers is None


def test_a_group_that_dominates():
    """The group that holds most of the words is named where the groups weigh as much as fewer than half of them."""
    found = rate_uncertainty(tallies_of([(30, 700), (1, 100), (2, 100), (1, 100), (2, 100)], "abcde"))

    assert (found.dominant, found.dominant_share, found.groups) == ("a", pytest.approx(7 / 11), 5)
    assert found.effective_groups == pytest.approx(1100**2 / 530_000)
    assert rate_uncertainty(tallies_of([(3, 60), (1, 50), (2, 50)], "abc")).dominant is None


def test_no_error_at_all():
    """Without an error there is no interval, and the share of clips that may have one has an upper bound."""
    found = rate_uncertainty(tallies_of([(0, 20)] * 30, ["a"] * 30))

    assert found.these_speakers is None
    assert found.most_wrong == pytest.approx(scipy.stats.binomtest(0, 30).proportion_ci(0.9).high)
    assert rate_uncertainty(tallies_of([(0, 20), (1, 20)])).most_wrong is None
    assert rate_uncertainty([]).most_wrong is None


@pytest.mark.parametrize(
    ("pairs", "groups"),
    [
        ([], None),
        ([(1, 10)], None),
        ([(1, 10), (2, 10), (0, 10), (1, 10)], None),
        ([(0, 0), (3, 0)], None),
        ([(0, 10), (0, 20), (0, 30), (0, 9), (0, 9), (0, 9)], None),
        ([(1, 10)] * 8, None),
        ([(9, 9000), (0, 1), (1, 1), (0, 1), (0, 1), (0, 1)], None),
    ],
)
def test_no_interval(pairs, groups):
    """Fewer than five clips, or a clip of nearly all words, no word, no error, and one rate give no interval."""
    assert rate_interval(tallies_of(pairs, groups)) is None


def test_clips_without_words_do_not_count():
    """Clips with an empty reference leave the interval of the others as it is."""
    pairs = [(1, 10), (2, 12), (0, 9), (1, 11), (0, 8), (2, 9)]

    assert rate_interval(tallies_of(pairs)) is not None
    assert rate_interval(tallies_of([*pairs, (4, 0)])) == rate_interval(tallies_of(pairs))


@given(counts)
def test_a_rate_is_never_below_zero(pairs):
    """The interval encloses the rate, begins above 0, and has no NaN."""
    found = rate_interval(tallies_of(pairs))

    if found is not None:
        spoken = [pair for pair in pairs if pair[1]]
        rate = sum(errors for errors, _ in spoken) / sum(words for _, words in spoken)
        assert 0 < found.low <= rate + 1e-9
        assert rate - 1e-9 <= found.high < math.inf


@pytest.mark.parametrize(
    ("count", "tail", "low", "high"), [(6, 0.025, 0, 5), (5, 0.05, 0, 4), (9, 0.025, 1, 7), (20, 0.025, 5, 14)]
)
def test_order_statistics(count, tail, low, high):
    """The bounds of a median are those of the tables of the sign test."""
    found = median_interval([float(value) for value in reversed(range(count))], tail)

    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize("count", [6, 8, 14, 29, 100])
def test_interpolated_bounds(count):
    """Interpolated bounds lie between two order statistics, whose intervals hold with more and with less than asked."""
    values = [float(value) for value in range(count)]
    found, outer = interpolated_median_interval(values), median_interval(values)

    assert outer.low <= found.low <= outer.low + 1
    assert outer.high - 1 <= found.high <= outer.high
    rank = round(outer.low) + 1
    assert 2 * scipy.stats.binom.cdf(rank - 1, count, 0.5) <= 0.05 < 2 * scipy.stats.binom.cdf(rank, count, 0.5)
    # Hettmansperger & Sheather (1986), with the confidences of both.
    more, less = (1 - 2 * scipy.stats.binom.cdf(k - 1, count, 0.5) for k in (rank, rank + 1))
    share = (more - 0.95) / (more - less)
    weight = (count - rank) * share / (rank + (count - 2 * rank) * share)
    assert found.low == pytest.approx(outer.low + weight)


def test_interpolated_bounds_hold():
    """Over many samples of eight skewed values, interpolated bounds hold about as often as they should."""
    generator = random.Random(4)
    median = math.log(2)
    samples = [[generator.expovariate(1) for _ in range(8)] for _ in range(2000)]

    held = sum(median in interpolated_median_interval(sample) for sample in samples) / 2000
    assert 0.93 < held < 0.965


@pytest.mark.parametrize(("count", "tail"), [(0, 0.025), (5, 0.025), (4, 0.05)])
def test_too_few_for_a_median(count, tail):
    """So few values that all may lie on one side by chance have no bounds."""
    assert median_interval([1.0] * count, tail) is None
    assert interpolated_median_interval([1.0] * count, tail) is None


def test_very_many_values():
    """Bounds over many thousand values are close to the median, and need no number beyond a float."""
    generator = random.Random(1)

    found = median_interval([generator.gauss(0, 1) for _ in range(5000)])
    assert -0.06 < found.low < 0 < found.high < 0.06


def test_percentiles():
    """The 95th percentile is the nearest rank, the 50th the median, and no value has neither."""
    values = [float(value) for value in range(20, 0, -1)]

    assert (percentile(values, 0.5), percentile(values, 0.95), percentile(values, 1.0)) == (10.5, 19.0, 20.0)
    assert percentile([3.0], 0.95) == 3.0
    assert percentile([], 0.95) is None
