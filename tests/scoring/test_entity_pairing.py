"""Pairing entities: the same as by looking at every pair, in a time that grows with their number."""

import random
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.protocols.entities import ListedEntity, extract
from asrlab_pytest.scoring.entities import Listed, score_entities
from asrlab_pytest.scoring.entity_pairing import Ranges, maximum_matching, nearest_equals

values = st.sampled_from("ab")
members = st.lists(st.tuples(values, st.integers(0, 9)), max_size=12).map(lambda listed: dict(enumerate(listed)))
ranges = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12)


@given(members, members)
def test_equals(said, written):
    """Those that are equal are paired as by augmenting paths, where the nearest candidate comes first."""
    candidates = {
        index: sorted(
            (other for other in written if written[other][0] == value),
            key=lambda other, place=place: (abs(written[other][1] - place), other),
        )
        for index, (value, place) in said.items()
    }

    assert nearest_equals(said, written) == maximum_matching(candidates)


@given(ranges, st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_overlapping_ranges(listed, place):
    """The ranges are those that overlap, and no others, also where a range is empty."""
    expected = [number for number, (start, end) in enumerate(listed) if start < place[1] and place[0] < end]

    assert sorted(Ranges(enumerate(listed)).overlapping(place)) == expected


def steps(work):
    """How many functions a piece of work calls."""
    calls = 0

    def count(_, event, __):
        nonlocal calls
        calls += event in {"call", "c_call"}

    earlier = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(earlier)
    return calls


def figures(count, seed):
    """Sizes of rooms, as many as asked for."""
    draw = random.Random(seed)
    return " ".join(f"{draw.randint(1, 30)}x{draw.randint(1, 30)}" for _ in range(count))


@pytest.mark.parametrize(
    "texts",
    [
        lambda count: ("10x12 " * count, "10x12 " * (count - 1)),
        lambda count: (figures(count, 1), figures(count, 2)),
        lambda count: (figures(count, 1), figures(count // 2, 1)),
        lambda count: ("", "one hundred and " * count),
        lambda count: ("", "between " + "one hundred and " * count),
    ],
    ids=["all equal", "unlike", "half is missing", "joined by and", "between"],
)
def test_many_entities(texts):
    """Twice as many entities take about twice as many steps, and not four times as many."""
    few, many = (steps(lambda count=count: score_entities(*texts(count))) for count in (150, 300))

    assert many < 2.5 * few


@pytest.mark.parametrize("kind", ["number", "keyword"])
def test_many_listed_entities(kind):
    """Entities that a person has listed are looked for in a text that is read once, whatever the rules read there."""
    values = {"number": [f"{5 * number + 1}" for number in range(300)], "keyword": ["the", "cat"]}

    def score(count):
        words = "the cat " * (5 * count) + " ".join(figures(count, 1).split())
        listed = Listed(entities=tuple(ListedEntity(type=kind, value=value) for value in values[kind][:count]))
        return score_entities(words, words, listed=listed)

    few, many = (steps(lambda count=count: score(count)) for count in (100, 200))

    assert many < 2.7 * few


def test_many_full_stops():
    """Full stops without end, as a model writes them where it loops, take a time that grows with their number."""

    def seconds(text):
        start = time.process_time()
        extract(text)
        return time.process_time() - start

    few, many = (min(seconds("." * count) for _ in range(3)) for count in (2_000, 10_000))

    assert many < 15 * few
