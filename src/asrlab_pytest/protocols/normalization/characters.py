"""Unicode properties that do not depend on the interpreter, and what is made of them.

The tables lie beside this module. Characters that the oldest supported interpreter does not know (Unicode 14.0 leaves
them unassigned) are passed over by case folding and composition, so that every interpreter gives the same text.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from importlib.resources import files
from itertools import pairwise

from asrlab_pytest.patterns import lazy_pattern

_TABLES: dict[str, str] = json.loads(files(__package__).joinpath("unicode.json").read_text(encoding="ascii"))


def code_points(table: str) -> Iterable[int]:
    """The code points of a table."""
    for entry in _TABLES[table].split():
        first, last = (int(code, 16) for code in entry.split("-"))
        yield from range(first, last + 1)


def char_class(*tables: str) -> str:
    """The characters of some tables, as the inside of a regular expression's ``[...]``."""
    entries = (entry.split("-") for table in tables for entry in _TABLES[table].split())
    return "".join(f"\\U{first:0>8}-\\U{last:0>8}" for first, last in entries)


SPACE = " "
_SPACES = lazy_pattern(r"[ \t-\r]{2,}|[\t-\r]")
APOSTROPHES = "’‘ʼʻʽʹ′‛＇`´ꞌ՚❛❜׳"
"""What stands for an apostrophe, besides itself."""
SURROGATES = range(0xD800, 0xE000)
JOINERS = (0x200C, 0x200D)
SELECTORS = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x20E3)
"""What follows a character and changes how it is drawn, as in emoji: variation selectors, and the frame of a key."""
PUNCTUATION_AND_SYMBOLS = frozenset(code_points("punctuation and symbols"))
FORMATS = frozenset(code_points("formats"))
CONTROLS = frozenset([*code_points("controls"), *SURROGATES])
UNASSIGNED = lazy_pattern(f"([{char_class('unassigned')}]+)")
_FIRST_UNASSIGNED = chr(next(iter(code_points("unassigned"))))

_JAMO = range(0xFFA1, 0xFFDD)
WIDTHS = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0xFF01, 0xFFA1), *range(0xFFE0, 0xFFE7))},
    **{code: chr(int(plain[1], 16)) for code in _JAMO if (plain := unicodedata.decomposition(chr(code)).split())},
}
"""The full- and half-width forms of characters, by their plain ones: of Hangul the letters, not parts of syllables."""

_SARA_AM = "\u0e33\u0eb3"
"""The vowels of Thai and Lao that stand after their consonant and its tone mark, and belong to them as marks do."""
_FORMS_OF_SARA_AM = (
    (lazy_pattern("\u0e4d([\u0e48-\u0e4b]*)\u0e32"), "\\1\u0e33"),
    (lazy_pattern("\u0ecd([\u0ec8-\u0ecb]*)\u0eb2"), "\\1\u0eb3"),
    (lazy_pattern(f"([{_SARA_AM}])([\u0e48-\u0e4b\u0ec8-\u0ecb]+)"), "\\2\\1"),
)
"""In two characters, as Unicode's compatibility forms have it, the tone mark before or after the ring; or before it."""
_THAI_OR_LAO = lazy_pattern("[\u0e33\u0e4d\u0eb3\u0ecd\u0edc\u0edd]")
_LAO_H = str.maketrans({"\u0edc": "\u0eab\u0e99", "\u0edd": "\u0eab\u0ea1"})
"""ໜ and ໝ, which are as often written ຫນ and ຫມ."""
_JOINED = {
    f"{letter}\u200d": joined
    for letter, joined in {
        "\u0d23\u0d4d": "\u0d7a",
        "\u0d28\u0d4d": "\u0d7b",
        "\u0d30\u0d4d": "\u0d7c",
        "\u0d32\u0d4d": "\u0d7d",
        "\u0d33\u0d4d": "\u0d7e",
        "\u0d15\u0d4d": "\u0d7f",
        "\u09a4\u09cd": "\u09ce",
    }.items()
}
"""Letters of Malayalam and Bengali as they were written before Unicode 5.1 and 4.1: with a virama and a joiner."""
_WITH_JOINER = lazy_pattern("|".join(_JOINED))
_MARK = char_class("marks")
_IDEOGRAPH = char_class("ideographs and kana")
_UNSPACED = char_class("scripts without spaces")
_UNIT = lazy_pattern(f"[{_IDEOGRAPH}{_UNSPACED}][{_MARK}{_SARA_AM}\u200c\u200d]*|[^{_IDEOGRAPH}{_UNSPACED}]+")
_STRAY_MARKS = lazy_pattern(f"(?<!\\S)[{_MARK}\u200c\u200d]+|[\u200c\u200d]+(?!\\S)")
_HAS_UNIT = lazy_pattern(f"[{_IDEOGRAPH}{_UNSPACED}]")
_BEGINS_UNSPACED = lazy_pattern(f"[{_IDEOGRAPH}{_UNSPACED}]")
_ENDS_UNSPACED = lazy_pattern(f"[{_IDEOGRAPH}{_UNSPACED}][{_MARK}\u200c\u200d]*$")
_EXTENDER = f"{_MARK}{_SARA_AM}\u200c\u200d\U0001f3fb-\U0001f3ff"
_GRAPHEME = lazy_pattern(
    "[\u1100-\u115f]*(?:[\uac00-\ud7a3]|[\u1160-\u11a7])[\u1160-\u11a7]*[\u11a8-\u11ff]*"  # a Hangul syllable
    f"[{_EXTENDER}]*"
    "|[\U0001f1e6-\U0001f1ff]{2}"  # a flag
    f"|.(?:[{_EXTENDER}]|(?<=\u200d)[\u2600-\u27bf\U0001f300-\U0001faff])*",
    re.DOTALL,
)


def on_assigned(function: Callable[[str], str], text: str) -> str:
    """A function of text that skips the characters an interpreter may not know."""
    if text.isascii() or max(text) < _FIRST_UNASSIGNED or not UNASSIGNED.search(text):
        return function(text)
    return "".join(part if number % 2 else function(part) for number, part in enumerate(UNASSIGNED.split(text)))


def single_spaces(text: str) -> str:
    """The text with one space for each run of spaces and line ends, as rules on several words expect it."""
    return _SPACES.sub(SPACE, text)


def composed(text: str) -> str:
    """Unicode's normalization form C, and one form of the letters that form C leaves with two, as in Thai and Lao."""
    if text.isascii():
        return text
    text = on_assigned(lambda part: unicodedata.normalize("NFC", part), text)
    if _THAI_OR_LAO.search(text):
        text = text.translate(_LAO_H)
        for pattern, replacement in _FORMS_OF_SARA_AM:
            text = pattern.sub(replacement, text)
    return _WITH_JOINER.sub(lambda found: _JOINED[found[0]], text) if "\u200d" in text else text


def folded(text: str) -> str:
    """The text without distinctions of case, composed.

    Folding may decompose and composing may give a letter that folds again, so it is done until nothing changes.
    """
    for _ in range(3):
        again = composed(on_assigned(str.casefold, text))
        if again == text:
            break
        text = again
    return text


def without_stray_marks(text: str) -> str:
    """The text without marks and joiners that stand with no letter, as emoji and other symbols leave them behind."""
    return text if text.isascii() else _STRAY_MARKS.sub("", text)


def graphemes(text: str) -> list[str]:
    """What a reader calls characters: each with the marks and joiners that follow it."""
    return list(text) if text.isascii() else _GRAPHEME.findall(text)


def characters_of(text: str) -> list[str]:
    """The graphemes of a normalized text, without the spaces beside a script that puts none between words."""
    if text.isascii() or not _HAS_UNIT.search(text):
        return graphemes(text)
    words = text.split(SPACE)
    spaces = [
        "" if _ENDS_UNSPACED.search(word) or _BEGINS_UNSPACED.match(later) else SPACE for word, later in pairwise(words)
    ]
    return graphemes("".join(word + space for word, space in zip(words, [*spaces, ""], strict=True)))


def is_unspaced(word: str) -> bool:
    """Whether a word begins with a character of a script that puts no spaces between words."""
    return not word.isascii() and _BEGINS_UNSPACED.match(word) is not None


def split_unspaced(token: str) -> list[str]:
    """A token as characters where its script puts no spaces between words, and as a whole elsewhere.

    Han, Kana, Thai, Lao, Khmer and Myanmar characters stand alone, each with its marks.
    """
    return [token] if token.isascii() or not _HAS_UNIT.search(token) else _UNIT.findall(token)
