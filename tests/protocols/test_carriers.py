"""A value inside a sentence is the same, spoken and written, and no other value is."""

import random

import pytest
from carriers import KINDS, LANGUAGES, pairs

from asrlab_pytest.protocols.entities import extract
from asrlab_pytest.protocols.normalization import normalization

FEW, MANY = 12, 5_000
MOST = 0.001
"""The share of pairs of a kind that may come out wrong. Of 1,200 in each language, one was the most, in two kinds."""


def faults(language, kind, count, seed):
    """The pairs that differ where they are the same, or are the same where they differ, with what they become."""
    apply = normalization(language).apply
    wrong = []
    for pair in pairs(language, kind, random.Random(f"{seed} {language} {kind}"), count):
        texts = [pair.spoken, pair.written, pair.other]
        readings = [[apply(text) for text in texts]]
        if language == "en":
            same, written, other = (_entities(text, kind) for text in texts)
            # Ordinals up to ten are none.
            readings.append([same, written, [] if kind == "ordinal" else other])
        wrong += [
            (texts, reading)
            for reading in readings
            if reading[0] != reading[1] or (reading[2] and reading[2] in reading[:2])
        ]
    return wrong


def _entities(text, kind):
    """Types and values; what is read digit by digit may be a telephone number, and is a number in digits."""
    return [(entity.type if kind != "digits" else "", entity.value) for entity in extract(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_value_is_one_in_its_carrier(language):
    """In a sample of each kind, spoken and written forms are one text with one entity, which no other value has."""
    assert [fault for kind in KINDS for fault in faults(language, kind, FEW, "a few")] == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_few_values_differ_in_their_carriers(language, kind):
    """Of many thousands of pairs of a kind, nearly none comes out wrong."""
    wrong = faults(language, kind, MANY, "many")

    assert len(wrong) <= MOST * MANY, wrong[:20]


ONCE_WRONG = {
    "en": [
        ("between nine hundred and one thousand four hundred and one", "between 900 and 1,401"),
        ("between one thousand and five hundred and two thousand", "between 1500 and 2000"),
        ("between two thousand and twenty ten", "between 2000 and 2010"),
        ("both three hundred and two thousand, two hundred and eight and thirty", "both 302,208 and 30"),
        ("eight thousand, three hundred and eighty euros", "€8,380"),
        ("seven pounds, eighty-one pence", "£7.81"),
        ("'five hundred to seven hundred' is enough", "'500-700' is enough"),
        ("it is (B) five now", "it is (B)-5 now"),
        ("on May 5, four zero two seven then", "on May 5, 4027 then"),
        ("plus four thousand to six thousand five hundred", "plus 4000-6500"),
    ],
    "de": [
        ("es sind 'einunddreißig' Leute", "es sind '31' Leute"),
        ("«zwei Millionen achthunderttausend»", "«2.800.000»"),
        ("zwei null sieben", "207"),
        ("am Ende der einundfünfzig...", "am Ende der 51..."),
        ("drei Franken fünfzig", "3,50 CHF"),
        ("um 8:30 Uhr fünfzehn Komma sieben Millionen", "um 8:30 Uhr 15,7 Millionen"),
        ("um 8:30 Uhr zehn Dollar", "um 8:30 Uhr 10 Dollar"),
        ("ist acht sechs eins da", "ist 861 da"),
        ("das ist (B) fünf", "das ist (B)-5"),
    ],
    "fr": [
        ("pour cent-douze virgule trois millions", "pour 112,3 millions"),
        ("deux dollars et neuf cents", "2,09 $"),
        ("dix dollars et deux cents euros", "10 $ et 200 €"),
        ("au moins neuf", "au moins 9"),
        ("que vingt-deux heures: là", "que 22h: là"),
        ("quatre deux un zéro huit un dit-il", "421081 dit-il"),
        ("trois millions cent mille cent", "3 100 100"),
        ("trois francs cinquante", "3,50 francs"),
        ("vingt et un virgule neuf neuf", "21,99"),
        ("deux dollars soixante-treize en 2019", "2,73 $ en 2019"),
        ('"trente pour cent." et deux', '"30 %." et deux'),
        ("entre huit heures et vingt et une heure", "entre 8h et 21h"),
        ("entre huit heures vingt et une heure", "entre 8h20 et 1h"),
    ],
    "es": [
        ("cero punto seis: años", "0,6: años"),
        ("cinco dos uno aún", "521 aún"),
        ("dos punto uno uno más", "2,11 más"),
    ],
    "it": [
        ("ventiquattr'ore", "24 ore"),
        ("solo un milione… per noi", "solo 1 000 000… per noi"),
        ("alle tre e trenta: no", "alle 3.30: no"),
    ],
    "pt": [
        ("quatro euros e noventa e um deles", "4,91 € deles"),
        ("um homem e treze mil e dezanove milhões", "um homem e 13.000 e 19 milhões"),
        ("às 8:30, três três dois cinco com ele", "às 8:30, 3325 com ele"),
    ],
    "nl": [
        ("‘tachtig’ auto's", "‘80’ auto's"),
        ("zes nul drie", "603"),
        ("driehonderdvijfenzestigduizend procent en twee", "365.000 % en twee"),
    ],
}


@pytest.mark.parametrize("language", ONCE_WRONG)
def test_what_was_once_two_is_one(language):
    """What came out different in an earlier version is the same."""
    apply = normalization(language).apply
    results = [(said, apply(said), apply(written)) for said, written in ONCE_WRONG[language]]

    assert [result for result in results if result[1] != result[2]] == []


@pytest.mark.parametrize(("said", "written"), ONCE_WRONG["en"])
def test_what_was_once_two_values_is_one(said, written):
    """What had other entities in an earlier version has the same."""
    assert [value for _, value in _entities(said, "")] == [value for _, value in _entities(written, "")]


AFTER_A_MONTH = {
    "In May 5-10% of them": ["percent 5", "percent 10"],
    "In May five to ten percent": ["percent 5", "percent 10"],
    "May 5-10": ["date --05-05", "number 10"],
    "Between $15 and 20 may apply": ["money USD 15", "number 20"],
    "I paid $5 and 20 May is fine": ["money USD 5", "date --05-20"],
    "June 1350 cars": ["number 1350"],
    "June thirteen fifty cars": ["number 1350"],
    "In June 1350 the king": ["date 1350-06"],
    "In May 1950 houses were built": ["date 1950-05"],
}


@pytest.mark.parametrize("text", AFTER_A_MONTH)
def test_a_number_beside_a_month_is_what_it_counts(text):
    """A range of percentages, a price before may, and a number of four figures before a plural are no dates."""
    assert [f"{entity.type} {entity.value}" for entity in extract(text)] == AFTER_A_MONTH[text]
