"""How a text of the six European languages is typeset changes nothing: its spaces, its hyphens and an ellipsis."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asrlab_pytest.protocols.normalization import normalization
from asrlab_pytest.protocols.normalization.goldens import goldens

LANGUAGES = ("de", "fr", "es", "it", "pt", "nl")
SPACES, HYPHENS = " \u00a0\u2007\u2009\u202f\u3000", "-\u2010\u2011\uff0d"
ELLIPSES = ("...", "…", "....", "..")
PHRASES = {
    "de": [
        "10-15 Leute",
        "1.000.000",
        "3 Mrd. Euro",
        "-5 °C",
        "zwei Millionen dreihunderttausend",
        "€5,50",
        "halb vier",
    ],
    "fr": ["10-15 hommes", "1 250 euros", "3,5 millions d'euros", "-5 °C", "vingt et un ans", "8h30", "+5 %"],
    "es": ["10-15 años", "1.000.000", "2,5 millones de euros", "-5 °C", "treinta y un años", "las 8:30", "$5"],
    "it": ["10-15 anni", "1.000.000", "2,5 milioni di euro", "-5 °C", "trentun anni", "alle 8.30", "½ litro"],
    "pt": ["10-15 anos", "1.000.000", "2,5 milhões de euros", "-5 °C", "trinta e um anos", "às 8h30", "R$ 5"],
    "nl": ["10-15 mensen", "1.000.000", "2,5 miljoen euro", "-5 °C", "eenentwintig jaar", "om 8.30 uur", "<5"],
}


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=150)
@given(data=st.data())
def test_each_kind_of_space_and_hyphen_is_one(language, data):
    """Any text whose spaces and hyphens are of other kinds has the same normalization."""
    text = data.draw(st.sampled_from([golden.text for golden in goldens(language)]))
    kinds = {" ": SPACES, "-": HYPHENS}
    typeset = "".join(data.draw(st.sampled_from(kinds.get(character, character))) for character in text)

    assert normalization(language).apply(typeset) == normalization(language).apply(text)


@pytest.mark.parametrize("before", ["", "alpha", "alpha "])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_ellipsis_ends_what_is_before_it(language, before):
    """What stands directly after an ellipsis is read as it is alone."""
    apply = normalization(language).apply
    texts = {f"{before}{ellipsis}{phrase}": phrase for phrase in PHRASES[language] for ellipsis in ELLIPSES}

    assert {text for text, phrase in texts.items() if apply(text) != apply(f"{before.strip()} {phrase}")} == set()
