"""Two numbers with an x or a slash between them."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from speller import cardinal

from asrlab_pytest import score
from asrlab_pytest.protocols.entities import extract
from asrlab_pytest.protocols.normalization import normalization

NUMBERS = st.integers(2, 9999)
CROSSES = ["x", "X", " x ", " X ", "-x-", "×", " × "]
PHRASES = {"24/7", "50/50", "20/20"}


def values(text):
    return [(entity.type, entity.value) for entity in extract(text)]


@given(first=NUMBERS, last=NUMBERS, other=NUMBERS)
@example(first=1920, last=1080, other=1200)
@example(first=10, last=12, other=15)
def test_both_sides_are_entities(first, last, other):
    """Both numbers beside an x are entities, spoken and written, and other numbers are others."""
    spoken = values(f"a screen of {cardinal(first)} by {cardinal(last)} in all")

    assert spoken == [("number", str(first)), ("number", str(last))]
    for cross in CROSSES:
        assert values(f"a screen of {first}{cross}{last} in all") == spoken
        assert values(f"a screen of {first:,}{cross}{last:,} in all") == spoken
        assert (values(f"a screen of {first}{cross}{other} in all") == spoken) == (other == last)


@given(first=NUMBERS, last=NUMBERS)
@example(first=120, last=80)
@example(first=10, last=10)
def test_both_numbers_beside_a_slash_are_entities(first, last):
    """Two numbers with a slash that are no fraction below one are two entities, as when they are said with over."""
    assume(first >= last and f"{first}/{last}" not in PHRASES)
    spoken = values(f"a pressure of {cardinal(first)} over {cardinal(last)} then")

    assert spoken == values(f"a pressure of {first}/{last} then") == [("number", str(first)), ("number", str(last))]
    assert values(f"a pressure of {first}/{last + 1} then") != spoken


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("ten foot by twelve foot", "10'x12'"),
        ("ten foot by twelve foot", "10ft x 12ft"),
        ("eight and a half by eleven", "8½x11"),
        ("eight and a half by eleven", '8.5" x 11"'),
        ("three centimeters by four point five centimeters", "3cmx4.5cm"),
        ("is point five by point two five", "is .5x.25"),
        ("one half by three quarters", "1/2x3/4"),
        ("two by four by eight", "2x4x8"),
        ("some two by fours", "some 2x4s"),
        ("the four by one hundred meters", "the 4x100m"),
        ("the four by one hundred meters", "the 4 x 100M"),
        ("four times one hundred dollars", "4x$100"),
        ("one twenty over eighty", "120/80"),
        ("nine out of ten", "9 / 10"),
        ("the eighty twenty rule", "the 80/20 rule"),
        ("twenty twenty vision, fifty fifty, twenty four seven", "20/20 vision, 50/50, 24/7"),
    ],
)
def test_spoken_and_written_pairs_meet(spoken, written):
    """Two numbers give the same entities with units, decimals and fractions, and as a phrase."""
    assert values(spoken) == values(written)


def test_a_wrong_second_number_is_an_error():
    """A second number that was heard wrong is a lost entity, and one that was heard right is none."""
    assert score("a room of 10x12 feet", "a room of 10x15 feet", language="en").entities.error_rate == 0.5
    assert score("blood pressure was 120/80", "blood pressure was 120/90", language="en").entities.error_rate == 0.5
    assert score("a room of ten by twelve feet", "a room of 10x12 feet", language="en").entities.error_rate == 0
    assert score("one twenty over eighty", "120/80", language="en").entities.error_rate == 0


@given(first=NUMBERS, last=NUMBERS, other=NUMBERS)
@example(first=10, last=12, other=15)
def test_an_x_between_numbers_is_by(first, last, other):
    """In the profile `en`, an x between two numbers is the word by, with spaces and without."""
    apply = normalization("en").apply
    spoken = apply(f"a room of {cardinal(first)} by {cardinal(last)} feet")

    for cross in ("x", "X", " x ", "-x-"):
        assert apply(f"a room of {first}{cross}{last} feet") == spoken
        assert (apply(f"a room of {first}{cross}{other} feet") == spoken) == (other == last)


@pytest.mark.parametrize("text", ["the x 12", "10 x y", "x 5", "10x 12 months", "0x12", "a 10 x", "(10) x (12)"])
def test_any_other_x_stays(text):
    """In the profile `en`, an x that is not between two numbers is a letter."""
    assert " by " not in normalization("en").apply(text)
