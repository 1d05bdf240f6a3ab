"""Spoken numbers with "and" in the six European languages: one number, or two."""

import random

import pytest
from european_speller import cardinal

from asrlab_pytest.protocols.normalization import normalization

BETWEEN = {
    "de": "zwischen {} und {}",
    "fr": "entre {} et {}",
    "es": "entre {} y {}",
    "it": "tra {} e {}",
    "pt": "entre {} e {}",
    "nl": "tussen {} en {}",
}
SAME = {
    "fr": [
        ("un train à huit heures vingt et neuf heures", "un train à 8h20 et 9h"),
        ("entre huit heures trente et neuf heures", "entre 8h30 et 9h"),
        ("à huit heures trente-neuf", "à 8h39"),
        ("pages vingt et neuf", "pages 20 et 9"),
        ("soixante et onze", "71"),
        ("soixante et dix", "70"),
        ("entre soixante et dix personnes", "entre 60 et 10 personnes"),
    ],
    "es": [
        ("entre dos mil y treinta y cinco mil", "entre 2000 y 35000"),
        ("entre treinta y dos personas", "entre 32 personas"),
    ],
    "pt": [
        ("em dois mil e dez e dois mil e onze", "em 2010 e 2011"),
        ("entre dois mil e vinte e cinco mil", "entre 2000 e 25000"),
        ("entre duzentos e três mil", "entre 200 e 3000"),
        ("duzentos e três mil", "203000"),
    ],
}


@pytest.mark.parametrize("language", BETWEEN)
def test_each_number_that_is_spelled_is_its_digits(language):
    """Numbers from two up to a thousand million are their digits, however many "and" they have."""
    draw = random.Random(language)
    apply = normalization(language).apply
    numbers = [*range(2, 100), *(draw.randrange(100, 10**zeros) for zeros in range(3, 10) for _ in range(25))]
    results = {cardinal(language, number): (apply(cardinal(language, number)), str(number)) for number in numbers}

    assert {spoken: pair for spoken, pair in results.items() if pair[0] != pair[1]} == {}


@pytest.mark.parametrize("language", BETWEEN)
def test_two_years_with_and_stay_two(language):
    """Two years or two small numbers with "and" between them are never another pair of numbers."""
    draw = random.Random(language)
    apply = normalization(language).apply
    years = [(draw.randrange(1100, 2000), draw.randrange(2001, 2040)) for _ in range(80)]
    pairs = years + [tuple(sorted(draw.sample(range(1400, 2000), 2))) for _ in range(40)]
    pairs += [tuple(sorted(draw.sample(range(2, 100), 2))) for _ in range(40)]
    texts = [[BETWEEN[language].format(cardinal(language, a), cardinal(language, b)), (a, b)] for a, b in pairs]

    assert [(text, apply(text)) for text, pair in texts if apply(text) != BETWEEN[language].format(*pair)] == []


@pytest.mark.parametrize("language", BETWEEN)
def test_an_and_that_is_said_twice_stays(language):
    """Where the "and" of a number is repeated, both are words of the text, as a listener hears them."""
    draw = random.Random(language)
    joint = f" {BETWEEN[language].split()[2]} "
    numbers = [*range(21, 100), *(draw.randrange(100, 10**zeros) for zeros in range(3, 7) for _ in range(40))]
    spoken = [cardinal(language, number) for number in numbers] + ["cento e due", "mille e cento", "hundert und zwei"]
    spoken += ["soixante et onze", "honderd en vijf", "mil y una noches"]
    texts = [text.replace(joint, joint + joint.lstrip(), 1) for text in spoken if joint in text]
    results = {text: normalization(language).apply(text) for text in texts}

    assert texts
    assert [pair for pair in results.items() if joint + joint.lstrip() not in pair[1]] == []


@pytest.mark.parametrize("language", SAME)
def test_what_is_said_the_same(language):
    """An "and" joins two numbers where the language does, and nowhere else."""
    apply = normalization(language).apply
    results = [(said, apply(said), apply(written)) for said, written in SAME[language]]

    assert [result for result in results if result[1] != result[2]] == []
