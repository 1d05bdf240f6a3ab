"""What may not matter to a normalized text."""

import re
import sys
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from asrlab_pytest.protocols.normalization import PROFILES, normalization
from asrlab_pytest.protocols.normalization.goldens import goldens

PIECES = (
    "one two three oh zero five ten twenty thirty hundred thousand million second third half and point double minus "
    "percent dollars cents 5 10 25 007 1.5 1,000 1/2 st o'clock am mm p.m. it's don't may march 3rd c++ ninth k m u.s. "
    "the a of john's ٣ ² ① ﬁ İ ß é ½ … ’ . , - ( ) < > $ % & @ : € # + = _ [ ] हिन्दी 我们 😀"
)
any_text = st.text(max_size=30)
soup = st.lists(st.sampled_from(PIECES.split()), max_size=10).flatmap(
    lambda pieces: st.sampled_from([" ".join(pieces), "".join(pieces)])
)
WORDS = "it's don’t John's five 5:30 $25 café colour Mr. Smith's oh yes March 3rd 12%"
WITHOUT_NUMBERS = "it's don’t John's café colour Mr. Smith's oh yes well-known U.S. R&D"
words = st.lists(st.sampled_from(WORDS.split()), min_size=1).map(" ".join)
folding = pytest.mark.parametrize("profile", ["en", "und"])
own = pytest.mark.parametrize("profile", ["en", "und", "raw"])


@pytest.mark.parametrize("profile", PROFILES)
@given(text=any_text | soup | st.text(st.characters(), max_size=10))
def test_any_text_can_be_normalized(profile: str, text: str):
    """No text, surrogates included, is too odd to be normalized, and its white space becomes single spaces."""
    found = normalization(profile).apply(text)

    assert found == " ".join(found.split())


@pytest.mark.parametrize("profile", PROFILES)
def test_a_number_without_end_can_be_normalized(profile: str):
    """A run of digits that Python does not convert to a number is not a reason to crash."""
    assert normalization(profile).apply("7" * (sys.get_int_max_str_digits() + 1))


@folding
@given(text=any_text | soup)
def test_case_does_not_matter(profile: str, text: str):
    """The text in capitals gives the same as the text, but that 5M is five million, and 5m five meters."""
    assume(not re.search(r"\dm\b", text.lower()))
    apply = normalization(profile).apply

    assert apply(text.upper()) == apply(text)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("space", ["  ", " \n", "\t\r\n"])
def test_white_space_does_not_matter(profile: str, space: str):
    """Words with more than one space between them, or on several lines, give the same as with one space."""
    apply = normalization(profile).apply

    for golden in goldens(profile):
        text = " ".join(golden.text.split())
        assert apply(text.replace(" ", space)) == apply(text)


@folding
@given(text=words, mark=st.sampled_from([".", "?", "!", ",", "…", "...", " .", "。"]))
def test_trailing_punctuation_does_not_matter(profile: str, text: str, mark: str):
    """A mark at the end adds no token."""
    apply = normalization(profile).apply

    assert apply(text + mark) == apply(text)


@given(text=words | soup, style=st.sampled_from("’‘ʼ＇`"))
@example(text="one’½", style="ʼ")  # an apostrophe that is a letter to Unicode
def test_the_apostrophe_style_does_not_matter(text: str, style: str):
    """Curly, straight and other apostrophes give the same."""
    apply = normalization("en").apply

    assert apply(text.replace("'", style).replace("’", style)) == apply(text.replace("’", "'"))


@own
@given(text=any_text | soup)
@example(text="À¼")  # a fraction character after a letter that can be decomposed
def test_composition_does_not_matter(profile: str, text: str):
    """Letters and marks, composed or decomposed, give the same."""
    apply = normalization(profile).apply

    assert apply(unicodedata.normalize("NFD", text)) == apply(unicodedata.normalize("NFC", text))


@own
@given(text=words, space=st.sampled_from(["  ", "\t", "\n", "\r\n", " \u3000", "\u2028"]))
def test_the_kind_of_white_space_does_not_matter(profile: str, text: str, space: str):
    """Tabs, line ends and wide spaces separate words as a space does."""
    apply = normalization(profile).apply

    assert apply(space + text.replace(" ", space) + space) == apply(text)


@pytest.mark.parametrize("profile", ["und", "raw"])
@given(text=any_text | soup)
def test_normalizing_twice_changes_nothing(profile: str, text: str):
    """A normalized text is its own normalized form."""
    apply = normalization(profile).apply

    assert apply(apply(text)) == apply(text)


@given(st.lists(st.sampled_from(WITHOUT_NUMBERS.split())))
def test_english_without_numbers_is_normalized_once(pieces: list[str]):
    """A normalized English text without adjacent numbers is its own normalized form."""
    apply = normalization("en").apply
    once = apply(" ".join(pieces))

    assert apply(once) == once
