"""The profiles `und` (any language), `tr` and `ru` (its rules with the language's letters), and `raw`."""

from __future__ import annotations

import re
import unicodedata

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.annotations import drop_hesitations
from asrlab_pytest.protocols.normalization.characters import (
    APOSTROPHES,
    CONTROLS,
    FORMATS,
    JOINERS,
    PUNCTUATION_AND_SYMBOLS,
    SELECTORS,
    SPACE,
    WIDTHS,
    composed,
    folded,
    single_spaces,
    without_stray_marks,
)
from asrlab_pytest.protocols.normalization.signs import (
    CURRENCY_SIGNS,
    OPERATORS,
    PLAIN_DIGITS,
    SAID_SIGNS,
    attach_signs,
    keep_operators,
    part_apostrophes,
    say_signs,
    write_minus,
)
from asrlab_pytest.protocols.normalization.step import Step

_TATWEEL = 0x0640
_POINTS = (
    *(*range(0x0591, 0x05BE), 0x05BF, 0x05C1, 0x05C2, 0x05C4, 0x05C5, 0x05C7),
    *(*range(0x0610, 0x061B), *range(0x064B, 0x0653), 0x0670),
    *(*range(0x06D6, 0x06DD), *range(0x06DF, 0x06E5), 0x06E7, 0x06E8, *range(0x06EA, 0x06EE)),
)
"""Vowel points and reading marks of Hebrew and Arabic, which may be left out of a text. Those that make a letter of
another, such as hamza and madda, are none of them."""
_ARMENIAN = (0x055B, 0x055C, 0x055E)
"""Marks of stress, exclamation and question, which stand within the word: ո՞վ."""
_SIGNS_OF_LETTERS = {
    code: plain
    for code in PUNCTUATION_AND_SYMBOLS.intersection(range(0x2100, 0x3400)).difference(map(ord, "™℠№"))
    if any(map(str.isalnum, plain := unicodedata.normalize("NFKC", chr(code))))
} | {ord("ℓ"): "l"}
"""Symbols that are letters, units and words in one character: ㎏, ℃, ㈱, ㊙."""
_FORMS_OF_LETTERS = {
    code: plain
    for code in (
        *(*map(ord, "ĲĳĿŀ"), *range(0x01C4, 0x01CD), *range(0x01F1, 0x01F4), *range(0x2160, 0x2180)),
        *(*range(0xFB1D, 0xFEFD), *range(0x1D400, 0x1D800), *range(0x1EE00, 0x1EEF0)),
    )
    if code not in PUNCTUATION_AND_SYMBOLS
    and (plain := unicodedata.normalize("NFKC", chr(code)).strip()) != chr(code)
    and SPACE not in plain
}
"""Letters, and several in one character, as they are drawn in their place of a word or in another font: ﻣ, ﻼ, ĳ, Ⅳ, 𝐀.
Phrases in one character, such as ﷺ, are none of them."""
_CHARACTERS = {
    **_SIGNS_OF_LETTERS,
    **_FORMS_OF_LETTERS,
    **dict.fromkeys(_POINTS),
    **dict.fromkeys(_ARMENIAN),
    **PLAIN_DIGITS,
    **str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"),  # CO₂; superscripts are powers
    **dict.fromkeys(FORMATS - {*JOINERS}),
    **dict.fromkeys(SELECTORS),
    **dict.fromkeys(CONTROLS, SPACE),
    **WIDTHS,
    **dict.fromkeys(map(ord, APOSTROPHES), "'"),
    **dict.fromkeys(map(ord, "‐‑‒﹣"), "-"),
    _TATWEEL: None,
    # Romanian letters as keyboards wrote them before Unicode had the comma below.
    **str.maketrans("şţŞŢ", "șțȘȚ"),
}
_TURKISH_CASE = str.maketrans({"İ": "i", "I": "ı"})
_RUSSIAN_IO = str.maketrans("ё", "е")
_RUSSIAN_SIGNS = str.maketrans({"−": "минус", "+": "плюс"})
_GERSHAYIM = lazy_pattern("(?<=[\u05d0-\u05ea])(?:[\"\u05f4“”]|'')(?=[\u05d0-\u05ea])")
"""Of an acronym, or the quotation mark of a name behind its preposition."""
_ARABIC_POINT = lazy_pattern("(?<=[0-9])٫(?=[0-9])")
_ARABIC_THOUSANDS = lazy_pattern("(?<=[0-9])٬(?=[0-9])")
_DECIMAL = "\ue004"
_DECIMALS = lazy_pattern(
    r"(?<![0-9])(?<![0-9][.,])([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+(?=\.)|[0-9]{1,3}(?:\.[0-9]{3})+(?=,))[.,]"
    r"([0-9]{1,2}|[0-9]{4,}|(?<=\b0.)[0-9]+)(?![.,]?[0-9])"
)
"""Numbers with decimals, but for three, which may be thousands."""
_BARE_DECIMALS = lazy_pattern(
    rf"(?<![^\s([{{\-–−+±<>≤≥=×÷{re.escape(CURRENCY_SIGNS)}])[.,٫](?=[0-9]+(?![0-9]|[.,:/-][0-9]))(?<!,(?=[1-9][0-9]{{2}}(?![0-9])))"
)
"""The point or comma of decimals without their zero, as in .5 and $.99, but not of ,500."""
_UNSAID = {code: SPACE for code in PUNCTUATION_AND_SYMBOLS if chr(code) not in f"{SAID_SIGNS}{OPERATORS}'"}


def unify(text: str) -> str:
    """The text without distinctions of case, in form C, its characters in one form each, decimals with their zero."""
    text = single_spaces(drop_hesitations(text))
    text = text.lower().translate(_CHARACTERS) if text.isascii() else _unified(text)
    return _BARE_DECIMALS.sub("0,", attach_signs(text))


def _unified(text: str) -> str:
    for _ in range(3):
        again = folded(composed(text).translate(_CHARACTERS))
        if again == text:
            break
        text = again
    return _GERSHAYIM.sub("", _ARABIC_THOUSANDS.sub("'", _ARABIC_POINT.sub(",", text)))


def turkish(text: str) -> str:
    """The text with the dots of Turkish capitals on their small letters."""
    return composed(text).translate(_TURKISH_CASE).replace("i\u0307", "i")


def russian(text: str) -> str:
    """The text, in small letters, with е for ё."""
    return text.translate(_RUSSIAN_IO)


def remove_symbols(text: str, *, decimals: re.Pattern[str] = _DECIMALS, elides: bool = False) -> str:
    """The text, in small letters, without punctuation and symbols that belong to no number.

    Args:
        text: As `unify` leaves it.
        decimals: Matches a number with its whole part and its decimals.
        elides: Whether an apostrophe parts two words, as in l'homme.
    """
    text = keep_operators(say_signs(write_minus(text.replace(_DECIMAL, SPACE))))
    text = without_stray_marks(decimals.sub(rf"\1{_DECIMAL}\2", text).translate(_UNSAID))
    text = text.replace("'", SPACE) if elides else part_apostrophes(text)
    # An apostrophe that is gone may leave a mark.
    return without_stray_marks(text).replace(_DECIMAL, ",")


def russian_signs(text: str) -> str:
    """The text with the signs of numbers as words."""
    return text.translate(_RUSSIAN_SIGNS)


def white_space(text: str) -> str:
    """Single spaces between tokens, none at the ends."""
    return SPACE.join(text.split())


CHARACTERS = Step(
    "characters",
    "Folds case; composes letters and marks (Unicode NFC, Thai and Lao am, and Malayalam and Bengali letters with a "
    "joiner); unifies apostrophes, hyphens, full- and half-width characters, forms of letters such as ﻣ, ĳ and 𝐀, the "
    "digits of all scripts, and ş and ș; attaches the sign of 10-€ and 5,- € to its number; writes out units and words "
    "in one character; writes the zero of .5; removes tatweel, the vowel points of Arabic and Hebrew, the marks within "
    "Armenian words, quotation marks within Hebrew words, invisible format characters, except the joiners ZWJ and ZWNJ "
    "within words, and %HESITATION.",
    "STRASSE Straße пʼять ＡＢＣ محـــمد كِتَاب ﺳﻼم ٣ ३ ㎏",
    unify,
)
_SYMBOLS = Step(
    "symbols",
    "Replaces punctuation and symbols with spaces. Apostrophes between letters stay, percent and currency signs become "
    "tokens after their number, and the signs "
    f"{' '.join(OPERATORS)} next to a number stay tokens. Decimals have a comma, but three digits may be thousands.",
    "हिन्दी, में! п'ять €50 100% -5 3.5 1,000",
    remove_symbols,
)
COMPOSE = Step(
    "compose",
    "Composes letters and marks (Unicode NFC, Thai and Lao am, and Malayalam and Bengali letters with a joiner).",
    "cafe\u0301",
    composed,
)
WHITE_SPACE = Step("white space", "Collapses white space and strips both ends.", " a\tb\u00a0 c ", white_space)

RAW = (COMPOSE, WHITE_SPACE)
UND = (CHARACTERS, _SYMBOLS, WHITE_SPACE)
TR = (
    Step("Turkish case", "Lowercases İ and I as i and ı.", "İki ILIK", turkish),
    *UND,
)
RU = (
    CHARACTERS,
    Step("ё", "Replaces ё with е.", "ёлка", russian),
    _SYMBOLS,
    Step("signs", "Spells out plus and minus.", "-5, +7", russian_signs),
    WHITE_SPACE,
)
