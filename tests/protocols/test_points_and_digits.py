"""Digits of all scripts, and vowel points, in languages without rules of their own."""

import unicodedata

import pytest

from asrlab_pytest import score
from asrlab_pytest.protocols.normalization import normalization
from asrlab_pytest.protocols.normalization.signs import DIGITS

SAME = [
    ("٣ كتب", "3 كتب"),
    ("३ किताबें", "3 किताबें"),
    ("۱۲۳", "123"),
    ("๑๒๓", "123"),
    ("٣٫٥", "3.5"),
    ("١٬٢٣٤٫٥٪", "1,234.5%"),
    ("1.234,5 €", "1,234.5 €"),
    ("٣٫٥؉", "3.5‰"),
    ("$5-10", "5-10 $"),
    ("$-5", "-5 $"),
    ("-€ 5", "-€5"),
    (",05 x", "0.05 x"),
    (",076 x", "0,076 x"),
    ("€1,000–2,000", "1,000–2,000 €"),
    ("كِتَابٌ", "كتاب"),
    ("مُحَمَّد", "محمد"),
    ("هٰذا", "هذا"),
    ("שָׁלוֹם", "שלום"),
    ("בְּרֵאשִׁ֖ית", "בראשית"),
]
OTHER = [
    ("أحمد", "احمد"),
    ("قرآن", "قران"),
    ("مسؤول", "مسوول"),
    ("हिन्दी", "हनद"),
    ("ที่", "ท"),
    ("é", "e"),
    ("$5-10", "$5 10"),
    ("$5-10", "$5 -10"),
    ("$5-10", "$5-$10"),
    ("й", "и"),
]


@pytest.mark.parametrize("profile", ["und", "ru", "tr"])
def test_what_is_the_same(profile):
    """A digit is one digit in every script, and a text with vowel points is the text without them."""
    rules = normalization(profile)

    assert [pair for pair in SAME if rules.apply(pair[0]) != rules.apply(pair[1])] == []


@pytest.mark.parametrize("signed", ["{}٪", "{} ٪", "٪{}", "{}$", "{} €", "$ {}", "-{}٪", "{}°", "{} كيلو", "{}"])
@pytest.mark.parametrize("profile", ["und", "ru", "tr", "de"])
def test_arabic_decimals_beside_a_sign(profile, signed):
    """A decimal with Arabic marks is the one with a point, next to whatever sign, and no other number."""
    rules = normalization(profile)
    latin = [f"{thousands}{whole}.{part}" for thousands in ("", "1,") for whole in (123, 350) for part in (5, 52, 53)]
    arabic = [number.translate(str.maketrans("0123456789.,", "٠١٢٣٤٥٦٧٨٩٫٬")) for number in latin]
    found = [rules.apply(signed.format(number)) for number in arabic]

    assert found == [rules.apply(signed.format(number)) for number in latin]
    assert len(set(found)) == len(latin)
    assert rules.apply(signed.format("٣٫٥")) != rules.apply(signed.format("٣ ٥"))


def test_marks_that_make_another_letter_stay():
    """Hamza and madda, the vowels of Indic and Thai scripts, and accents stay; only a range shares its sign."""
    rules = normalization("und")

    assert [pair for pair in OTHER if rules.apply(pair[0]) == rules.apply(pair[1])] == []


def test_all_listed_digits():
    """Each digit that the rules list becomes the decimal that Unicode gives it."""
    first, last = DIGITS[::3], DIGITS[2::3]
    listed = [chr(code) for a, b in zip(first, last, strict=True) for code in range(ord(a), ord(b) + 1)]

    assert len(listed) >= 160
    assert {normalization("und").apply(digit) == str(unicodedata.decimal(digit)) for digit in listed} == {True}
    assert score("٥٠٪", "50%", language="ar").wer == 0


@pytest.mark.parametrize("profile", ["und", "ru", "tr", "de", "es", "fr", "it", "nl", "pt"])
@pytest.mark.parametrize("text", ["{} %", "{} km", "-{}", "({})", "x {}, y {}.", "${}", "{} €"])
@pytest.mark.parametrize(("bare", "zero"), [(".5", "0,5"), (",5", "0.5"), (".45", "0,45"), ("٫٥", "0,5")])
def test_decimals_without_their_zero(profile, text, bare, zero):
    """Decimals without their zero are those with it, and not the whole number."""
    apply = normalization(profile).apply

    assert apply(text.replace("{}", bare)) == apply(text.replace("{}", zero))
    assert apply(text.replace("{}", bare)) != apply(text.replace("{}", bare[1:]))


@pytest.mark.parametrize("profile", ["und", "ru", "tr", "de", "es", "fr", "it", "nl", "pt"])
def test_points_that_begin_no_decimals(profile):
    """A full stop or comma that a text puts at a number leaves it as it is."""
    apply = normalization(profile).apply

    assert [apply(text) for text in ("...5 x", "end.5 x", "x ,500 y")] == ["5 x", "end 5 x", "x 500 y"]


@pytest.mark.parametrize("profile", ["und", "ru", "tr", "de", "es", "fr", "it", "nl", "pt"])
def test_decimals_before_a_comma(profile):
    """Decimals are the same before a comma of the sentence."""
    apply = normalization(profile).apply

    assert {apply(text) for text in ("x 3,5, y", "x 3.5, y", "x 3,5 y", "x 3,5; y")} == {"x 3,5 y"}
    assert apply("1,2,3") != apply("1,2 3")


@pytest.mark.parametrize("part", ["2", "2'", "12'", "2´", "2,", "2.", "2-", "0"])
def test_a_number_that_python_does_not_convert(part):
    """A run of more digits than a number may have is a text like any other."""
    assert normalization("en").apply(f"hello {part * 5_000} five").startswith("hello ")
