"""Numbers in compounds with hyphens: the same, however number, unit and hyphens are written."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from spellings import spellings

from asrlab_pytest.protocols.normalization import normalization

NOUNS = {"en": "run", "de": "Lauf", "nl": "loop"}
UNITS = {
    "en": [
        ("euro", "€"),
        ("dollar", "$"),
        ("percent", "%"),
        ("degree", "°"),
        ("kilometer", "km"),
        ("millimeter", "mm"),
    ],
    "de": [("Euro", "€"), ("Dollar", "$"), ("Prozent", "%"), ("Grad", "°"), ("Kilometer", "km"), ("Liter", "l")],
    "nl": [("euro", "€"), ("dollar", "$"), ("procent", "%"), ("graden", "°"), ("kilometer", "km"), ("liter", "l")],
}
NUMBERS = st.integers(1, 10_000)
PLACES = st.integers(0, len(UNITS["en"]) - 1)
HALVES = {
    "de": {"anderthalb": "1", "eineinhalb": "1", "zweieinhalb": "2", "dreieinhalb": "3", "zehneinhalb": "10"},
    "nl": {"anderhalf": "1", "tweeënhalf": "2", "drieënhalf": "3", "tienenhalf": "10"},
}


@pytest.mark.parametrize("language", NOUNS)
@given(number=NUMBERS, place=PLACES)
@example(number=1, place=0)
@example(number=9, place=5)
def test_a_compound_is_one_text(language, number, place):
    """A number before a unit in a compound is the same, spoken and written, with the unit as a word or a sign."""
    apply = normalization(language).apply
    word, sign = UNITS[language][place]
    said = "ein" if (language, number) == ("de", 1) else spellings(language, number)[0].replace(" ", "-")
    forms = ["{}-{}-{}", "{} {}-{}", "{} {} {}"]
    pairs = [(said, word), (number, word), (number, sign)]
    texts = {apply(form.format(*pair, NOUNS[language])) for form in forms for pair in pairs}
    texts |= {apply(f"{number}{sign}-{NOUNS[language]}")}

    assert len(texts) == 1, texts


@pytest.mark.parametrize("language", NOUNS)
@given(number=NUMBERS, places=st.lists(PLACES, min_size=2, max_size=2, unique=True))
def test_a_compound_keeps_its_unit(language, number, places):
    """Another unit in a compound is another text, and so is none."""
    apply = normalization(language).apply
    first, last = (UNITS[language][place][1] for place in places)
    texts = [apply(f"{number}-{sign}{NOUNS[language]}") for sign in (f"{first}-", f"{last}-", "")]

    assert len(set(texts)) == len(texts), texts


@pytest.mark.parametrize(("language", "half"), [(language, half) for language in HALVES for half in HALVES[language]])
@pytest.mark.parametrize("place", range(len(UNITS["de"])))
def test_a_half_in_a_compound_is_one_text(language, half, place):
    """A number and a half before a unit in a compound is the same, spoken and written."""
    apply = normalization(language).apply
    word, sign = UNITS[language][place]
    whole = HALVES[language][half]
    numbers = [f"{whole},5", f"{whole}½", f"{whole} 1/2"]
    pairs = [(half, word), *((number, unit) for number in numbers for unit in (word, sign))]
    texts = {apply(f"{number}-{unit}-{NOUNS[language]}") for number, unit in pairs}

    assert len(texts) == 1, texts
