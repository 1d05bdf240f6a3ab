"""Intervals of corpus figures, and percentiles."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.scoring.intervals import Tally, median_interval, percentile, rate_interval

counts = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 30)), max_size=12)


def tallies_of(pairs, groups=None):
    return [
        Tally(clip=str(number), group=groups and groups[number], errors=errors, words=words)
        for number, (errors, words) in enumerate(pairs)
    ]


def test_the_interval_of_a_rate():
    """Over clips of one length, the interval is the rate -+ t · SE, worked out by hand."""
    found = rate_interval(tallies_of([(1, 10), (2, 10), (3, 10)]))

    # The rate is 0.2, the deviations -1, 0 and 1, and t is 4.302653 with two degrees of freedom.
    reach = 4.302653 * math.sqrt(3 / 2 * 2) / 30
    assert (found.low, found.high) == pytest.approx((max(0.2 - reach, 0), 0.2 + reach), abs=1e-6)


def test_clips_of_one_speaker_are_one():
    """Clips of one group count as one, and a group is no clip of the same name."""
    pairs = [(1, 10), (3, 10), (2, 20), (9, 20)]

    together = rate_interval(tallies_of(pairs, ["3", "3", "b", None]))
    assert together == rate_interval(tallies_of([(4, 20), (2, 20), (9, 20)]))


def test_unlike_speakers():
    """Speakers of unlike size count as the number of equal ones that would know as much, (ΣW)²/ΣW²."""
    found = rate_interval(tallies_of([(30, 200), (5, 100), (4, 50), (6, 50)]))

    # 400² / 55000 is 2.909, and t with 1.909 degrees of freedom 4.505085 (scipy 1.17.1). The rate is 0.1125, and the
    # residuals are 7.5, -6.25, -1.625 and 0.375.
    reach = 4.505085 * math.sqrt(2.9091 / 1.9091 * (7.5**2 + 6.25**2 + 1.625**2 + 0.375**2)) / 400
    assert found.high == pytest.approx(0.1125 + reach, abs=1e-5)
    assert found.low == 0.0


@pytest.mark.parametrize(
    ("pairs", "groups"),
    [
        ([], None),
        ([(1, 10)], None),
        ([(1, 10), (2, 10), (0, 10)], ["a", "a", "a"]),
        ([(0, 0), (3, 0)], None),
        ([(0, 10), (0, 20), (0, 30)], None),
        ([(9, 9000), (0, 1), (1, 1)], None),
    ],
)
def test_no_interval(pairs, groups):
    """No clip, one clip, one speaker, no word, no error and one clip of nearly all words give no interval."""
    assert rate_interval(tallies_of(pairs, groups)) is None


def test_clips_without_words_do_not_count():
    """Clips with an empty reference leave the interval of the others as it is."""
    pairs = [(1, 10), (2, 12), (0, 9)]

    assert rate_interval(tallies_of([*pairs, (4, 0)])) == rate_interval(tallies_of(pairs))


@given(counts)
def test_a_rate_is_never_below_zero(pairs):
    """The interval encloses the rate, begins at 0 or above, and has no NaN."""
    found = rate_interval(tallies_of(pairs))

    if found is not None:
        spoken = [pair for pair in pairs if pair[1]]
        rate = sum(errors for errors, _ in spoken) / sum(words for _, words in spoken)
        assert 0 <= found.low <= rate + 1e-9
        assert rate - 1e-9 <= found.high < math.inf


@pytest.mark.parametrize(
    ("count", "tail", "low", "high"), [(6, 0.025, 0, 5), (5, 0.05, 0, 4), (9, 0.025, 1, 7), (20, 0.025, 5, 14)]
)
def test_order_statistics(count, tail, low, high):
    """The bounds of a median are those of the tables of the sign test."""
    found = median_interval([float(value) for value in reversed(range(count))], tail)

    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(("count", "tail"), [(0, 0.025), (5, 0.025), (4, 0.05)])
def test_too_few_for_a_median(count, tail):
    """So few values that all may lie on one side by chance have no bounds."""
    assert median_interval([1.0] * count, tail) is None


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
