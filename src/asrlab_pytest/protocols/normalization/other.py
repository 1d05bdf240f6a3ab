"""The profiles `und` (any language), `tr` and `ru` (its rules with the language's letters), and `raw`."""

from __future__ import annotations

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
from asrlab_pytest.protocols.normalization.signs import PLAIN_DIGITS, SAID_SIGNS, part_apostrophes, say_signs
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
_CHARACTERS = {
    **dict.fromkeys(_POINTS),
    **dict.fromkeys(_ARMENIAN),
    **PLAIN_DIGITS,
    **dict.fromkeys(FORMATS - {*JOINERS}),
    **dict.fromkeys(SELECTORS),
    **dict.fromkeys(CONTROLS, SPACE),
    **WIDTHS,
    **dict.fromkeys(map(ord, APOSTROPHES), "'"),
    _TATWEEL: None,
    # Romanian letters as keyboards wrote them before Unicode had the comma below.
    **str.maketrans("şţŞŢ", "șțȘȚ"),
}
_TURKISH_CASE = str.maketrans({"İ": "i", "I": "ı"})
_RUSSIAN_IO = str.maketrans("ё", "е")
UNSAID = {code: SPACE for code in PUNCTUATION_AND_SYMBOLS if chr(code) not in f"{SAID_SIGNS}'"}


def unify(text: str) -> str:
    """The text without distinctions of case, in form C, its characters in one form each."""
    text = single_spaces(drop_hesitations(text))
    if text.isascii():
        return text.lower().translate(_CHARACTERS)
    for _ in range(3):
        again = folded(composed(text).translate(_CHARACTERS))
        if again == text:
            break
        text = again
    return text


def turkish(text: str) -> str:
    """The text with the dots of Turkish capitals on their small letters."""
    return composed(text).translate(_TURKISH_CASE).replace("i\u0307", "i")


def russian(text: str) -> str:
    """The text, in small letters, with е for ё."""
    return text.translate(_RUSSIAN_IO)


def remove_symbols(text: str, *, elides: bool = False) -> str:
    """The text, in small letters, without punctuation and symbols that nobody says.

    Args:
        text: As `unify` leaves it.
        elides: Whether an apostrophe parts two words, as in l'homme.
    """
    text = without_stray_marks(say_signs(text).translate(UNSAID))
    return text.replace("'", SPACE) if elides else part_apostrophes(text)


def white_space(text: str) -> str:
    """Single spaces between tokens, none at the ends."""
    return SPACE.join(text.split())


CHARACTERS = Step(
    "characters",
    "Folds case; composes letters and marks (Unicode NFC, and Thai and Lao am); unifies apostrophes, full- and "
    "half-width characters, the digits of all scripts, and ş and ș; removes tatweel, the vowel points of Arabic and "
    "Hebrew, the marks within Armenian words, invisible format characters, except the joiners ZWJ and ZWNJ, and "
    "%HESITATION.",
    "STRASSE Straße пʼять ＡＢＣ محـــمد كِتَاب ٣ ३",
    unify,
)
_SYMBOLS = Step(
    "symbols",
    "Replaces punctuation and symbols with spaces. Apostrophes between letters stay, and percent and currency signs "
    "become tokens after their number.",
    "हिन्दी, में! п'ять €50 100%",
    remove_symbols,
)
COMPOSE = Step("compose", "Composes letters and marks (Unicode NFC, and Thai and Lao am).", "cafe\u0301", composed)
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
    *UND[1:],
)
