"""p-values of sign flips, and Holm's adjustment."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.scoring import p_values
from asrlab_pytest.scoring.p_values import holm, sign_flip_p, tarone_holm

differences = st.lists(st.integers(-9, 9), max_size=9)


@given(differences, st.sampled_from([0.0, 0.3, 1.0, 2.5, 40.0]))
def test_all_flips_counted(found, allowance):
    """The p-value is the share of all flips whose sum is as large as the one found, less what is allowed."""
    sums = [sum(sign * abs(one) for sign, one in zip(signs, found, strict=True)) for signs in flips(len(found))]

    share = sum(one >= sum(found) - allowance for one in sums) / len(sums)
    assert sign_flip_p(found, allowance) == pytest.approx(share)


def flips(count):
    return list(product((1, -1), repeat=count))


@pytest.mark.parametrize(("found", "p"), [([], 1.0), ([0, 0], 1.0), ([3], 0.5), ([1] * 5, 1 / 32), ([-2], 1.0)])
def test_by_hand(found, p):
    """Nothing that differs has p 1, and five blocks that are all worse have 1 in 32, the least there can be."""
    assert sign_flip_p(found) == pytest.approx(p)


def test_many_blocks():
    """Over thousands of blocks the distribution is still exact: half of it and half of the middle lie at 0 or above."""
    assert sign_flip_p([1, -1] * 1300) == pytest.approx(0.5 + 0.5 * 0.01565, abs=1e-5)


def test_drawn_where_counts_are_large(monkeypatch):
    """Where the counts are too large for the exact distribution, the drawn p-value is near, and the same each time."""
    found = [5, -2, 7, 3, -4, 6, 1, 2, -1, 8]
    exact = sign_flip_p(found)
    monkeypatch.setattr(p_values, "EXACT_STEPS", 0)

    drawn = sign_flip_p(found)
    assert drawn == pytest.approx(exact, abs=0.01)
    assert sign_flip_p(found) == drawn
    assert sign_flip_p([1] * 100) == pytest.approx(1 / 20_001)


def test_holm_by_hand():
    """The smallest of three is taken three times, the next twice, and none falls below the one before."""
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_only_raises(found):
    """No p-value becomes smaller or more than 1, the smallest is taken as often as there are, and the order stays."""
    adjusted = holm(found)

    assert all(raw <= new <= 1 for raw, new in zip(found, adjusted, strict=True))
    assert min(adjusted) == pytest.approx(min(1.0, len(found) * min(found)))
    order = sorted(range(len(found)), key=found.__getitem__)
    assert [adjusted[index] for index in order] == sorted(adjusted)


def test_tarone_by_hand():
    """Comparisons that cannot come to a twentieth over their number neither fail nor cost the others anything."""
    least = [0.001, 0.02, 0.02, 0.02, 0.5]

    # Of one, four reach 0.05; of two, four reach 0.025; of three, one reaches 0.0167.
    assert tarone_holm([0.04, 0.02, 0.02, 0.02, 0.5], least) == [0.04, None, None, None, None]
    assert tarone_holm([0.01, 0.04, 0.03], [0.001] * 3) == pytest.approx([0.03, 0.06, 0.06])
    assert tarone_holm([], []) == []
    assert tarone_holm([0.25], [0.25]) == [None]


@given(st.lists(st.tuples(st.integers(0, 12), st.floats(1, 100)), max_size=12))
def test_tarone_costs_no_more_than_holm(pairs):
    """A comparison is adjusted by no more than Holm alone does, or could not have come to a twentieth over all."""
    least = [0.5**changed for changed, _ in pairs]
    p_values = [min(1.0, least_p * factor) for least_p, (_, factor) in zip(least, pairs, strict=True)]

    adjusted = tarone_holm(p_values, least)
    for by_holm, one, alone, best in zip(holm(p_values), adjusted, p_values, least, strict=True):
        assert best * len(least) > 0.05 if one is None else alone <= one <= by_holm
