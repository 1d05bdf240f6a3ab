"""Words of a number that a model repeats or leaves out, and signs for them, in the profile `en`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from speller import cardinal

from asrlab_pytest.protocols.normalization import normalization

LARGE = st.builds(
    lambda head, scale, rest, small: head * scale + rest * small,
    st.integers(1, 99),
    st.sampled_from([10**6, 10**9]),
    st.integers(1, 9),
    st.sampled_from([100, 10**3, 10**5]),
)
NUMBER = st.one_of(st.integers(100, 10**12 - 1), LARGE)
JOINED = st.sampled_from(["", "and"])
SIGNS = {
    "+": "plus",
    "<": "less than",
    ">": "greater than",
    "=": "equals",
    "≤": "less than or equal to",
    "≥": "greater than or equal to",
    "×": "times",
    "÷": "divided by",
}
SIDE = st.sampled_from(["two", "x", "the price", "25", "3.5", "$5", "20%", "(a)", "Anna", "seventy five"])


@given(number=NUMBER, joined=JOINED, data=st.data())
def test_a_word_said_twice(number, joined, data):
    """A number with one of its words repeated is another text."""
    words = cardinal(number, joined=joined).split()
    place = data.draw(st.integers(0, len(words) - 1))

    assert normalization("en").apply(" ".join([*words[:place], words[place], *words[place:]])) != str(number)


@given(number=NUMBER, joined=JOINED)
def test_a_lost_scale(number, joined):
    """A number without its million or billion is another text."""
    words = cardinal(number, joined=joined).split()
    lost = [" ".join(word for word in words if word != scale) for scale in {"million", "billion"}.intersection(words)]

    assert str(number) not in map(normalization("en").apply, lost)


@given(before=SIDE, sign=st.sampled_from([*SIGNS]), behind=SIDE)
def test_a_sign_between_words(before, sign, behind):
    """A sign of arithmetic between two words is what it is called, and is never dropped."""
    apply = normalization("en").apply

    assert (
        apply(f"{before} {sign} {behind}") == apply(f"{before} {SIGNS[sign]} {behind}") != apply(f"{before} {behind}")
    )


@given(amount=st.integers(1, 999), tenth=st.integers(0, 9), sign=st.sampled_from(["$", "€", "£"]))
def test_an_amount_with_one_decimal(amount, tenth, sign):
    """One decimal of an amount is two, unless a scale follows."""
    apply = normalization("en").apply

    assert apply(f"it is {sign}{amount}.{tenth} now") == apply(f"it is {sign}{amount}.{tenth}0 now")
    assert apply(f"{sign}{amount}.{tenth} million") == f"{sign}{amount}{tenth}00000"


CENTS = {10: "ten", 11: "eleven", 20: "twenty", 50: "fifty", 55: "fifty five", 99: "ninety nine"}


@pytest.mark.parametrize("cents", CENTS)
@pytest.mark.parametrize("mark", [".", "!", "?", ",", ";", ":", "...", ")", '"', " -"])
@pytest.mark.parametrize("unit", ["pounds", "dollars", "euros"])
def test_cents_before_a_mark(unit, mark, cents):
    """The cents said after an amount are its cents before any mark of punctuation."""
    apply = normalization("en").apply
    sign = {"pounds": "£", "dollars": "$", "euros": "€"}[unit]

    assert apply(f"It costs five {unit} {CENTS[cents]}{mark} Great") == f"it costs {sign}5.{cents} great"
    assert apply(f"five {unit} {CENTS[cents]} people{mark} Great") == f"{sign}5 {cents} people great"
