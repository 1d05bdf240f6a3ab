"""Marks of a sentence that touch a number: full stops, colons and ellipses change nothing of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.protocols.entities import extract
from asrlab_pytest.protocols.normalization import normalization

NUMBER = st.one_of(
    st.decimals("0.0", "99.9", places=1).map(str),
    st.decimals("0.00", "99.99", places=2).map(str),
    st.integers(0, 9999).map(str),
    st.builds("{}.{}.{}.{}".format, *[st.integers(1, 255)] * 4),
    st.builds("{}.{}.{}".format, *[st.integers(0, 20)] * 3),
    st.builds("{}:{:02d}".format, st.integers(1, 23), st.integers(0, 59)),
    st.builds("{}/{}".format, st.integers(1, 3), st.sampled_from([4, 5, 8])),
    st.builds("${}.{:02d}".format, st.integers(1, 99), st.integers(0, 99)),
    st.builds("{}.{}M".format, st.integers(1, 99), st.integers(1, 9)),
    st.builds("{}-{}".format, st.integers(1, 40), st.integers(41, 99)),
    st.builds("{}.{}%".format, st.integers(1, 99), st.integers(0, 9)),
    st.builds("-{}".format, st.integers(1, 99)),
    st.sampled_from(["555-123-4567", "007", "21st", "3/4/2024", "2024-05-06", "€5", "-$5", "$2.5 million"]),
)
BEHIND = ["", ".", "!", "?", ",", ";", ":", "...", "…", ". Then", "... then", ": then", "! Then", ")"]
BEFORE = ["", "...", "…", "(", "... ", "… ", ": ", "well... "]


def _entities(text):
    return [(entity.type, entity.value) for entity in extract(text)]


@given(number=NUMBER, mark=st.sampled_from(BEHIND))
def test_a_mark_behind_a_number(number, mark):
    """A number before the end of a clause is what it is without the mark, in the profile `en` and in entities."""
    apply = normalization("en").apply
    words = mark.strip("().,;:!?… ").lower()

    assert apply(f"it is {number}{mark}") == f"{apply(f'it is {number}')} {words}".strip()
    assert _entities(f"it is {number}{mark}") == _entities(f"it is {number}")


@given(number=NUMBER, mark=st.sampled_from(BEFORE))
def test_a_mark_before_a_number(number, mark):
    """A number at the start of a clause is what it is without the mark, in the profile `en` and in entities."""
    apply = normalization("en").apply
    words = "well " if "well" in mark else ""

    assert apply(f"{mark}{number} then") == words + apply(f"{number} then")
    assert _entities(f"{mark}{number} then") == _entities(f"{number} then")


@pytest.mark.parametrize("hyphen", "-‐‑‒﹣－–")
@pytest.mark.parametrize("before", ["", "... ", "...", "…", "x ...", "x…", "(", "x "])
@pytest.mark.parametrize("profile", ["und", "ru", "tr", "en"])
def test_a_minus_behind_an_ellipsis(profile, before, hyphen):
    """A hyphen of any form before a number is its minus, also where an ellipsis touches it."""
    apply = normalization(profile).apply

    assert apply(f"{before}{hyphen}5 y") == apply(f"{before}−5 y") != apply(f"{before}5 y")


@pytest.mark.parametrize("profile", ["und", "ru", "tr"])
def test_no_minus_between_numbers(profile):
    """A hyphen after a number is no minus, also with an ellipsis between the two, and none after a full stop."""
    apply = normalization(profile).apply

    assert [apply(text) for text in ("5...-7", "5…-7", "5-7", "x.-7")] == ["5 7", "5 7", "5 7", "x 7"]


@pytest.mark.parametrize("sign", ["%", "‰", "€", "$", "£", "¥", "°", "°C"])
@pytest.mark.parametrize("profile", ["und", "ru", "tr", "en", "de", "fr", "es", "it", "pt", "nl"])
def test_a_hyphen_before_a_sign(profile, sign):
    """A number keeps its sign behind a hyphen, as in 10-€-Schein, but a sign before another number is that number's."""
    apply = normalization(profile).apply

    assert apply(f"y 1,5-{sign}-x") == apply(f"y 1,5{sign}-x") != apply("y 1,5-x")
    assert apply(f"y 12-{sign} x") == apply(f"y 12 {sign} x") != apply("y 12 x")


@pytest.mark.parametrize(
    ("profile", "spoken", "written"),
    [
        ("de", "zwanzig Grad Celsius", "zwanzig °C"),
        ("de", "der Zehn-Euro-Schein", "der Zehn-€-Schein"),
        ("de", "zwanzig US-Dollar", "20 US-$"),
        ("de", "zwanzig Grad", "zwanzig °"),
        ("fr", "vingt degrés Celsius", "vingt °C"),
        ("es", "veinte grados Celsius", "veinte °C"),
        ("it", "venti gradi Celsius", "venti °C"),
        ("pt", "vinte graus Celsius", "vinte °C"),
        ("nl", "twintig graden Celsius", "twintig °C"),
        ("en", "twenty degrees Celsius", "twenty °C"),
        ("en", "twenty degrees Celsius", "20 ºC"),
        ("en", "twenty-five percent. Then", "twenty-five %. Then"),
        ("en", "a ten dollar bill", "a ten-$ bill"),
        ("en", "a forty-five degree angle", "a forty-five-° angle"),
        ("en", "a zero percent loan", "a zero-% loan"),
        ("en", "zero degree weather", "zero-° weather"),
        ("en", "two and a half percent", "two and a half %"),
        ("en", "half a percent, a third percent", "half a %, a third %"),
        ("en", "two and a half euros", "two and a half €"),
        ("fr", "un degré Celsius", "un °C"),
        ("es", "un grado Celsius", "un °C"),
        ("it", "un grado Celsius", "un °C"),
        ("pt", "um grau Celsius", "um °C"),
        ("nl", "een graad Celsius", "een °C"),
        ("en", "a ten euro note", "a ten-€ note"),
        ("de", "ein Euro, ein Prozent", "ein €, ein %"),
        ("fr", "un euro, un pour cent", "un €, un %"),
        ("es", "un euro, un por ciento", "un €, un %"),
        ("it", "un euro, un per cento", "un €, un %"),
        ("pt", "um euro, um por cento", "um €, um %"),
        ("nl", "een euro, één procent", "een €, één %"),
        ("de", "eine Zwei-Millionen-Euro-Villa", "eine 2-Mio.-€-Villa"),
    ],
)
def test_a_sign_behind_a_number_in_words(profile, spoken, written):
    """A number in words keeps the sign behind it."""
    apply = normalization(profile).apply

    assert apply(written) == apply(spoken)


@pytest.mark.parametrize("dash", [",-", ",–", ",--", ".-", ".–"])
@pytest.mark.parametrize("profile", ["und", "ru", "tr", "en", "de", "fr", "es", "it", "pt", "nl"])
def test_a_dash_for_no_cents(profile, dash):
    """A price keeps its currency behind the dash that stands for no cents."""
    apply = normalization(profile).apply

    assert apply(f"x 5{dash} € y") == apply(f"x 5{dash}€ y") == apply("x 5 € y") != apply("x 5 y")


@pytest.mark.parametrize("price", ["-,99 €", "–,99 €", "—,99 Euro", "€ -,99", "€–,99", "--,99 €"])
@pytest.mark.parametrize("profile", ["de", "nl", "fr"])
def test_a_dash_for_no_euros(profile, price):
    """A dash before the comma of cents is no minus."""
    apply = normalization(profile).apply

    assert apply(f"x {price} y") == apply("x 0,99 € y")
    assert apply("x -0,99 € y") != apply("x 0,99 € y")


QUOTED = {
    "de": ["zehn vor zwölf", "10 Min. vor acht", "drei Punkt elf", "acht Uhr null fünf", "Z. B. Berlin", "mein Prof"],
    "fr": ["deux euros et demi", "huit heures zéro cinq", "on a gagné trois un", "trois, deux, un", "quatre vingt un"],
    "es": ["a las veinte treinta", "la 3a", "treinta y cuatro seis uno dos tres", "una hora y 20", "gracias a Ud."],
    "it": ["alle otto trenta", "due euro e mezzo", "abbiamo vinto due uno", "tre, due, uno", "ciao prof"],
    "pt": ["são dez para as oito", "quinze para as nove", "ganhou por três um", "dois euros e meio", "os Srs."],
    "nl": ["tien voor twaalf", "we wonnen drie een", "drie, twee, een", "mijn prof"],
    "en": ["made in the U S A", "hmm", "it is .5", "...5 users", "fifty, mm-hmm"],
}
"""Texts whose last words say what is before them."""


@pytest.mark.parametrize("marks", ['""', "„“", "“”", "»«", "«»", ("« ", " »"), "''", "‘’"])
@pytest.mark.parametrize("profile", QUOTED)
def test_quotation_marks_begin_and_end_a_clause(profile, marks):
    """A text in quotation marks is what it is before a comma, and at either end of the whole."""
    apply = normalization(profile).apply
    opening, closing = marks
    texts = [(f"{opening}{text}{closing}", text) for text in QUOTED[profile]]

    assert [quoted for quoted, text in texts if apply(quoted) != apply(text)] == []
    assert [quoted for quoted, text in texts if apply(f"{quoted}, alpha omega") != apply(f"{text}, alpha omega")] == []
    assert [quoted for quoted, text in texts if apply(f"alpha omega: {quoted}") != apply(f"alpha omega: {text}")] == []
