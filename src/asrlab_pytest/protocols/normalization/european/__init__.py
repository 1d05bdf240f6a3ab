"""The profiles `de`, `fr`, `es`, `it`, `pt` and `nl`: numbers, percent and currencies meet, written or spoken."""

from __future__ import annotations

from functools import partial

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.annotations import drop_annotations
from asrlab_pytest.protocols.normalization.european.abbreviations import say_abbreviations
from asrlab_pytest.protocols.normalization.european.amounts import name_amounts
from asrlab_pytest.protocols.normalization.european.lexicon import Lexicon
from asrlab_pytest.protocols.normalization.european.lexicons import LEXICONS
from asrlab_pytest.protocols.normalization.european.numbers import number_words
from asrlab_pytest.protocols.normalization.european.said import said_symbols
from asrlab_pytest.protocols.normalization.european.typography import plain_typography
from asrlab_pytest.protocols.normalization.european.written import regroup_digits
from asrlab_pytest.protocols.normalization.other import CHARACTERS, WHITE_SPACE, remove_symbols
from asrlab_pytest.protocols.normalization.step import Step

_EXAMPLES = {
    "de": (
        "1.250 Euro, 3.5 km, 100k, 10–20, 3/4, 8:30",
        "fünfundzwanzig Leute, dreimal, drei Komma fünf, null eins zwei, halb neun",
        "50 Prozent von €1.250, 5 Kilometer",
    ),
    "fr": (
        "1 250 euros, 3.5 km, 100k, 10–20, 3/4, 8h30",
        "vingt-cinq personnes, trois virgule cinq, zéro un deux, huit heures et demie",
        "50 pour cent de €1 250, 5 kilomètres",
    ),
    "es": (
        "1.250 euros, 3.5 km, 100k, 10–20, 3/4, 8:30",
        "veinticinco personas, tres coma cinco, cero uno dos, las ocho y media",
        "50 por ciento de €1.250, 5 kilómetros",
    ),
    "it": (
        "1.250 euro, 3.5 km, 100k, 3/4, 8:30",
        "venticinque persone, tre virgola cinque, zero uno due, alle otto e mezza",
        "50 per cento di €1.250, 5 chilometri",
    ),
    "pt": (
        "1.250 euros, 3.5 km, 100k, 10–20, 3/4, 8h30",
        "vinte e cinco pessoas, três vírgula cinco, zero um dois, às oito e meia",
        "50 por cento de €1.250, 5 quilômetros",
    ),
    "nl": (
        "1.250 euro, 3.5 km, 100k, 3/4, 8:30",
        "vijfentwintig mensen, viermaal, drie komma vijf, nul een twee, half negen",
        "50 procent van €1.250, 5 kilometer",
    ),
}
_SAID_EXAMPLES = {
    "de": "-5 °C, <5, A & B, Nr. 5, am 5. Mai, U.S.A., E-Mail",
    "fr": "-5 °C, 20°, A & B, n° 5, le 1er mai, XIXe siècle",
    "es": "-5 °C, A & B, n.º 5, el 1º de mayo, la 2a vez, siglo XXI",
    "it": "-5 °C, A & B, n. 5, il 1º maggio, la 2a volta, XX secolo, E' vero",
    "pt": "-5 °C, A & B, n.º 5, o 1º de maio, a 2a vez, século XXI",
    "nl": "-5 °C, 20°, A & B, nr. 5, de 1e mei, U.S.A.",
}
_ABBREVIATIONS = {
    "de": "Herr Dr. Weber, z. B. hier, usw.",
    "fr": "M. Petit, Mme Petit, le Dr Petit, p. ex.",
    "es": "el Sr. López, la Dra. Ruiz, p. ej.",
    "it": "il sig. Rossi, la dott.ssa Neri, ecc.",
    "pt": "o Sr. Silva, a Dr.ª Costa, etc.",
    "nl": "dhr. Jansen, mevr. De Vries, bijv.",
}
_ORDINALS = {
    "de": "; recognizes ordinals by the words around them",
    **dict.fromkeys(("es", "it", "pt"), "; reads ordinals with plain letters"),
}
_TYPOGRAPHY = Step(
    "typography",
    "Composes letters and marks, unifies spaces and hyphens, and puts a space after an ellipsis.",
    "5\u00a0km, 10\u201115, ...3",
    plain_typography,
)
_DECIMALS = lazy_pattern(r"(?<![\d,])([0-9]+),([0-9]+)(?!\d|,\d)")
_SYMBOLS_EXAMPLES = {"fr": "l'homme, 3,5 %", "it": "l'uomo, 3,5 %"}


def _steps(language: str, lexicon: Lexicon) -> tuple[Step, ...]:
    written, spoken, amounts = _EXAMPLES[language]
    return (
        _TYPOGRAPHY,
        Step(
            "abbreviations",
            "Writes out titles and common phrases.",
            _ABBREVIATIONS[language],
            partial(say_abbreviations, language),
        ),
        CHARACTERS,
        Step(
            "annotations",
            "Removes annotations (listed words such as laughs and noise) in brackets, asterisks or notes, and "
            "<tags>. Other words in brackets are speech.",
            "[noise] (laughs) ok <unk>",
            drop_annotations,
        ),
        Step(
            "said symbols",
            'Spells out plus and minus signs, ±, <, >, °, &, C#, # and the abbreviation of "number", and a first in '
            "digits; ends a clause at a closing quotation mark; joins dotted letters, e-mail and wi-fi"
            + ("; writes Roman centuries in digits" if lexicon.century else "")
            + ("; writes the accent of citta'" if language == "it" else "")
            + _ORDINALS.get(language, "")
            + ".",
            _SAID_EXAMPLES[language],
            partial(said_symbols, lexicon),
        ),
        Step(
            "digit groups",
            "Joins the digits of thousands, writes decimals with a comma, separates letters from digits, and spells "
            "out times of day, scales after digits"
            + (", rising ranges" if lexicon.to else "")
            + " and common fractions.",
            written,
            partial(regroup_digits, lexicon),
        ),
        Step(
            "number words",
            "Converts spoken numbers from two up to digits with text2num; joins three or more digits spoken one by "
            "one, and the parts of a number with a leading zero; percent words become signs, and spoken times of day "
            'digits. Ends a number at an "and" that starts another; replaces a hyphen between a number and another '
            "word with a space" + (", and separates the two where they are one word." if lexicon.counted else "."),
            spoken,
            partial(number_words, lexicon),
        ),
        Step(
            "amounts",
            "Moves percent and currency signs after their number, and converts currency words and units after a number "
            "to signs.",
            amounts,
            partial(name_amounts, lexicon),
        ),
        Step(
            "symbols",
            "Replaces punctuation and symbols with spaces, except decimal commas, percent and currency signs, and "
            "other signs next to a number. "
            + ("An apostrophe separates two words." if lexicon.elides else "Apostrophes between letters stay."),
            _SYMBOLS_EXAMPLES.get(language, "(ok), 3,5 %!"),
            partial(remove_symbols, decimals=_DECIMALS, elides=lexicon.elides),
        ),
        WHITE_SPACE,
    )


EUROPEAN = {language: _steps(language, lexicon) for language, lexicon in LEXICONS.items()}
"""The steps of each profile."""
