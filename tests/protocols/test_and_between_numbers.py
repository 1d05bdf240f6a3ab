"""Two spoken numbers with "and" between them, and other places where one number ends and the next word begins."""

import pytest

from asrlab_pytest import score
from asrlab_pytest.protocols.normalization import normalization

SAME = {
    "en": [
        ("between a thousand and two thousand", "between 1,000 and 2,000"),
        ("between a hundred and two hundred", "between 100 and 200"),
        ("between two thousand and three thousand dollars", "between $2,000 and $3,000"),
        ("between one million dollars and two million dollars", "between $1 million and $2 million"),
        ("between a million and two million", "between 1 million and 2 million"),
        ("between five hundred and a thousand", "between 500 and 1000"),
        ("between two hundred and three hundred thousand", "between 200 and 300,000"),
        ("between nineteen hundred and nineteen fifty", "between 1900 and 1950"),
        ("between five hundred and two thousand people", "between 500 and 2,000 people"),
        ("between a hundred and fifty thousand and two hundred thousand", "between 150,000 and 200,000"),
        ("both one hundred and one fifty", "both 100 and 150"),
        ("between two thousand and twenty ten", "between 2000 and 2010"),
        ("a thousand and a hundred", "1000 and 100"),
        ("between fifty thousand and one hundred and fifty thousand", "between 50,000 and 150,000"),
        (
            "between one hundred and twenty thousand and one hundred and thirty thousand dollars",
            "between $120,000 and $130,000",
        ),
        ("between two million and two hundred and fifty million", "between 2 million and 250 million"),
        ("three million and one hundred and fifty thousand", "3,150,000"),
        ("two thousand and one hundred and fifty people", "2,150 people"),
        ("two hundred and five thousand", "205,000"),
        ("seven hundred and one thousand", "701,000"),
        ("two thousand and twenty one", "2021"),
        ("one million and two hundred thousand and five", "1,200,005"),
        ("five hundred dollars and fifty cents", "$500.50"),
        ("disney plus", "Disney+"),
        ("fifty plus people", "50+ people"),
        ("an A plus", "an A+"),
        ("five billion plus users", "5B+ users"),
        ("plus or minus five percent", "±5%"),
        ("less than five", "<5"),
        ("greater than five", ">5"),
        ("five minus three", "5 − 3"),
        ("thirty or forty dollars", "$30 or $40"),
        (">> hello", "hello"),
        ("[upbeat music] hello (dramatic music)", "hello"),
    ],
    "de": [
        ("zwischen hundert und tausend", "zwischen 100 und 1000"),
        ("zwischen zehn und hundert", "zwischen 10 und 100"),
        ("zwischen einer Million und zwei Millionen", "zwischen 1 Million und 2 Millionen"),
        ("zwischen fünf und zwanzig Leuten", "zwischen 5 und 20 Leuten"),
        ("hundert und fünf", "105"),
        ("Drei-Zimmer-Wohnung", "drei Zimmer Wohnung"),
        ("drei Zimmer Wohnung", "3-Zimmer-Wohnung"),
        ("zwei-drei Leute", "zwei drei Leute"),
        ("fünf plus fünf", "5 + 5"),
        ("zehn minus drei", "10 − 3"),
        ("Vitamin B zwölf", "Vitamin B12"),
        ("G sieben", "G7"),
        ("fünf G", "5G"),
        ("die achtziger Jahre", "die 80er Jahre"),
        ("zwei und ein halbes", "2 und ein halbes"),
        ("Disney plus C plus plus", "Disney+ C++"),
        ("fünfzig plus", "50+"),
        ("[Musik] hallo [Gelächter]", "hallo"),
    ],
    "fr": [
        ("entre cent et deux cents", "entre 100 et 200"),
        ("cent mille et deux cent mille", "100 000 et 200 000"),
        ("vingt et un mille", "21 000"),
        ("soixante et onze", "71"),
        ("mille et une nuits", "1001 nuits"),
        ("trois et une femme", "3 et une femme"),
        ("deux-roues", "deux roues"),
        ("mille-feuille", "mille feuille"),
        ("un million et demi", "1,5 million"),
        ("vingt-deux millions et demi d'euros", "22,5 millions d'euros"),
        ("2 millions et demi", "2,5 millions"),
        ("cinq mille milliards", "5 mille milliards"),
        ("cinq G", "5G"),
        ("la 3ème", "la 3e"),
        ("[applaudissements] merci [musique]", "merci"),
    ],
    "es": [
        ("entre mil y dos mil", "entre 1000 y 2000"),
        ("entre cien y un millón", "entre 100 y 1 millón"),
        ("treinta y un años", "31 años"),
        ("cuarenta y cinco mil", "45.000"),
        ("dos millones y medio", "2,5 millones"),
        ("cinco mil millones", "5 mil millones"),
        ("doscientos mil millones", "200 mil millones"),
        ("tres y un cuarto", "3 y un cuarto"),
        ("dieciocho un día", "18 un día"),
        ("EEUU", "EE.UU."),
        ("[Música] hola [risas]", "hola"),
    ],
    "it": [
        ("tra mille e duemila", "tra 1000 e 2000"),
        ("alle nove e un quarto", "alle 9 e un quarto"),
        ("mille e duecento", "1200"),
        ("un milione e mezzo", "1,5 milioni"),
        ("[Applausi] ciao", "ciao"),
    ],
    "pt": [
        ("entre mil e dois mil", "entre 1000 e 2000"),
        ("entre cem e mil", "entre 100 e 1000"),
        ("entre duzentos e três mil", "entre 200 e 3000"),
        ("duzentos e três mil", "203.000"),
        ("cento e vinte mil", "120 mil"),
        ("mil e duzentos e trinta", "1230"),
        ("um milhão e duzentos mil", "1.200.000"),
        ("vinte e um", "21"),
        ("dois milhões e meio", "2,5 milhões"),
        ("cem mil milhões", "100 mil milhões"),
        ("na segunda-feira", "na segunda feira"),
        ("na segunda feira", "na 2ª feira"),
        ("terceira idade", "terceira-idade"),
        ("[risos] olá", "olá"),
    ],
    "nl": [
        ("tussen vijftig en honderd", "tussen 50 en 100"),
        ("tussen honderd en duizend", "tussen 100 en 1000"),
        ("tussen zes en dertig", "tussen 6 en 30"),
        ("honderd en vijf", "105"),
        ("drie en een kwart", "3 en een kwart"),
        ("twee en een half miljoen", "2,5 miljoen"),
        ("[muziek] hallo", "hallo"),
    ],
}
DIFFERENT = [
    ("en", "between a thousand and two thousand", "between 3000"),
    ("en", "65+", "65"),
    ("en", "<5", ">5"),
    ("de", "zwischen fünf und zwanzig Leuten", "zwischen 25 Leuten"),
    ("de", "(Musik) hallo", "hallo"),
    ("es", "entre mil y dos mil", "entre 1002 1000"),
    ("nl", "acht en negentig", "98"),
]


@pytest.mark.parametrize("language", SAME)
def test_spoken_and_written_numbers_meet(language: str):
    """A spoken text and its written form have one normalized form."""
    rules = normalization(language)
    texts = [(spoken, written, rules.apply(spoken), rules.apply(written)) for spoken, written in SAME[language]]

    assert [text for text in texts if text[2] != text[3]] == []


@pytest.mark.parametrize(("language", "reference", "hypothesis"), DIFFERENT)
def test_what_was_not_said_is_an_error(language: str, reference: str, hypothesis: str):
    """A number that nobody said, a sign that was left out, and speech in parentheses count as errors."""
    assert score(reference, hypothesis, language=language).wer > 0


def test_the_geresh_is_an_apostrophe():
    """A Hebrew word is one word, and the same, with a geresh and with an apostrophe."""
    result = score("צ׳ק", "צ'ק", language="he")

    assert result.wer == 0
    assert result.words.reference_length == 1
