"""A number has one text in each of the six European languages, in every way in which it is spoken and written."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asrlab_pytest.protocols.normalization import normalization


@dataclass(frozen=True)
class Language:
    """The digits 0 to 9, larger numbers, and what is said for signs and units."""

    digits: str
    numbers: dict[int, str]
    point: str
    minus: str
    percent: str
    euros: str
    million: str
    carriers: tuple[str, ...]
    group: str = "."


LANGUAGES = {
    "de": Language(
        "null eins zwei drei vier fünf sechs sieben acht neun",
        {17: "siebzehn", 21: "einundzwanzig", 80: "achtzig", 99: "neunundneunzig", 305: "dreihundertfünf"}
        | {1984: "neunzehnhundertvierundachtzig", 2024: "zweitausendvierundzwanzig", 16000: "sechzehntausend"},
        *("Komma", "minus", "Prozent", "Euro", "Millionen"),
        ("{}", "es sind {} jetzt", "von {} an", "Es waren {}.", "etwa {}, sagt er"),
    ),
    "fr": Language(
        "zéro un deux trois quatre cinq six sept huit neuf",
        {17: "dix-sept", 21: "vingt et un", 80: "quatre-vingts", 99: "quatre-vingt-dix-neuf", 305: "trois cent cinq"}
        | {1984: "mille neuf cent quatre-vingt-quatre", 2024: "deux mille vingt-quatre", 16000: "seize mille"},
        *("virgule", "moins", "pour cent", "euros", "millions"),
        ("{}", "il y a {} maintenant", "à partir de {} alors", "C'était {}.", "environ {}, dit-il"),
        group=" ",
    ),
    "es": Language(
        "cero uno dos tres cuatro cinco seis siete ocho nueve",
        {17: "diecisiete", 22: "veintidós", 80: "ochenta", 99: "noventa y nueve", 305: "trescientos cinco"}
        | {1984: "mil novecientos ochenta y cuatro", 2024: "dos mil veinticuatro", 16000: "dieciséis mil"},
        *("coma", "menos", "por ciento", "euros", "millones"),
        ("{}", "hay {} ahora", "desde {} en adelante", "Eran {}.", "como {}, dice"),
    ),
    "it": Language(
        "zero uno due tre quattro cinque sei sette otto nove",
        {17: "diciassette", 21: "ventuno", 80: "ottanta", 99: "novantanove", 305: "trecentocinque"}
        | {1984: "millenovecentottantaquattro", 2024: "duemilaventiquattro", 16000: "sedicimila"},
        *("virgola", "meno", "per cento", "euro", "milioni"),
        ("{}", "ci sono {} adesso", "da {} in poi", "Erano {}.", "circa {}, dice"),
    ),
    "pt": Language(
        "zero um dois três quatro cinco seis sete oito nove",
        {17: "dezessete", 22: "vinte e dois", 80: "oitenta", 99: "noventa e nove", 305: "trezentos e cinco"}
        | {1984: "mil novecentos e oitenta e quatro", 2024: "dois mil e vinte e quatro", 16000: "dezesseis mil"},
        *("vírgula", "menos", "por cento", "euros", "milhões"),
        ("{}", "há {} agora", "desde {} em diante", "Eram {}.", "cerca de {}, diz"),
    ),
    "nl": Language(
        "nul een twee drie vier vijf zes zeven acht negen",
        {17: "zeventien", 21: "eenentwintig", 80: "tachtig", 99: "negenennegentig", 305: "driehonderdvijf"}
        | {1984: "negentienhonderdvierentachtig", 2024: "tweeduizend vierentwintig", 16000: "zestienduizend"},
        *("komma", "min", "procent", "euro", "miljoen"),
        ("{}", "het is {} nu", "met {} dan", "Het was {}.", "ongeveer {}, zegt hij"),
    ),
}


def renderings(language: Language, whole: int, decimals: str, unit: str, *, is_minus: bool) -> list[str]:
    """Of whole and decimals, with a percent or a euro sign, or in millions."""
    singles = language.digits.split()
    spoken = language.numbers.get(whole) or singles[whole]
    written = [str(whole)]
    if decimals:
        spoken = f"{spoken} {language.point} {' '.join(singles[int(digit)] for digit in decimals)}"
        written = [f"{whole},{decimals}", *([f"{whole}.{decimals}"] if len(decimals) != 3 or not whole else [])]
        written += [f"{point}{decimals}" for point in ",."[len(decimals) == 3 :]] if not whole else []
    elif whole > 9999:
        written.append(f"{whole:,}".replace(",", language.group))
    word = {"%": language.percent, "€": language.euros, "M": language.million, "": ""}[unit]
    forms = [f"{form} {word}".rstrip() for form in (spoken, *written)]
    if unit in ("%", "€"):
        forms += [f"{form}{space}{unit}" for form in written for space in ("", " ")]
    forms += [f"€{space}{form}" for form in written for space in ("", " ") if unit == "€"]
    return forms if not is_minus else [signed for form in forms for signed in negative(language, form)]


def negative(language: Language, form: str) -> list[str]:
    """The forms of the same number below zero; -,99 € is a price."""
    is_price = form[0] == "," and form.endswith(("€", language.euros))
    written = [f"{sign}{form}" for sign in ("−" if is_price else "-−")] if not form[0].isalpha() else []
    inner = [f"€-{form[1:]}"] if form[0] == "€" and form[1].isdigit() else []
    return [f"{language.minus} {form}", *written, *inner]


@pytest.mark.parametrize("code", LANGUAGES)
def test_all_renderings_of_a_number_are_equal_as_words(code):
    """A number is one text, however it is spoken or written, and no text of another."""
    language, apply = LANGUAGES[code], normalization(code).apply
    raws = st.tuples(
        st.sampled_from([0, *range(2, 10), *language.numbers]),
        st.sampled_from(["", "5", "25", "75", "07", "076", "204"]),
        st.sampled_from(["", "%", "€", "M"]),
    ).filter(lambda raw: (raw[2] != "M" or (1 < raw[0] < 100 and len(raw[1]) < 2)) and (raw[0] or raw[1] or not raw[2]))

    @settings(max_examples=25)
    @given(raws, raws, st.booleans(), st.sampled_from(language.carriers))
    def check(raw, other, is_minus, carrier):
        texts = {carrier.format(form): "" for form in renderings(language, *raw, is_minus=is_minus)}
        texts = {text: apply(text) for text in texts}
        others = renderings(language, *other, is_minus=not is_minus if raw == other else is_minus)

        assert len(set(texts.values())) == 1, texts
        assert {apply(carrier.format(form)) for form in others}.isdisjoint(texts.values())

    check()
