"""Steps of the profile `en` on symbols: those that a speaker says, and those that nobody does."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.english_words import DIGITS, LENGTHS, SCALES, TEENS, TENS
from asrlab_pytest.protocols.normalization.characters import PUNCTUATION_AND_SYMBOLS, SPACE, composed
from asrlab_pytest.protocols.normalization.english.measures import say_feet
from asrlab_pytest.protocols.normalization.whisper import diacritics

# Not those that are also words, which a missing space after a full stop would make of a sentence: me, in, it, us.
_DOMAINS = "com|org|net|edu|gov|mil|info|biz|io|ai|app|dev|tv|co|uk|ca|au|de|fr|es|nl|eu|jp|cn"
_FILES = "js|json|py|txt|pdf|csv|html|xml|exe|zip|docx?|xlsx?|pptx?|jpe?g|png|gif|wav|mp[34]"
_SAID = lazy_pattern(rf"[#&@+=°×÷±<>≤≥‰]|https?:|\.(?:{_DOMAINS}|{_FILES})\b|\bnos?\.\s*\d|x\.?\d|[ -]x[ -]")
_SCHEME = lazy_pattern(r"\bhttps?://")
_E_MAIL = lazy_pattern(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\w")
_ADDRESS = lazy_pattern(rf"\b(?:[a-z0-9-]+\.)+(?:{_DOMAINS})\b(?!\.?\w)(?:/[\w-]+)*")
_SPOKEN_CHARACTERS = {"@": " at ", ".": " dot ", "_": " underscore ", "-": " dash ", "+": " plus "}
_SPOKEN = str.maketrans(_SPOKEN_CHARACTERS)
_SHORT_YEAR = lazy_pattern(r"\b(q[1-4]|h[12]|fy)'(?=\d\d\b)")
_MARK_AND_CROSS = lazy_pattern(r"(?<=\d['\"])x(?=\d)")
_NUMBER_WORDS = "|".join(["zero", *DIGITS, *TEENS, *TENS, *SCALES])
_SIDES = lazy_pattern(
    rf"((?<!(?<![\d.])0)(?<=\d)(?: ?(?:{LENGTHS})\.?)?|\b(?:{_NUMBER_WORDS})(?: (?:{LENGTHS}))?)"
    rf"(?:x(?=\.?\d)| x (?=\.?\d|(?:{_NUMBER_WORDS})\b)|-x-(?=\.?\d|(?:{_NUMBER_WORDS})\b))"
)
"""An x between two numbers, with spaces on both sides or on neither: not that of 0x12, or of 10x 12 months ago."""
_BETWEEN_WORDS = {
    r"\+": "plus",
    "<": "less than",
    ">": "greater than",
    "(?:≤|<=)": "less than or equal to",
    "(?:≥|>=)": "greater than or equal to",
    "×": "times",
    "÷": "divided by",
}
_HAS_UNIT = lazy_pattern("[%$€£¢]")
_HAS_SPELLED_AMOUNT = lazy_pattern(r"[a-z] ?[%$€£¢](?!\.?\d)")
_SPELLED_AMOUNT = lazy_pattern(rf"\b({_NUMBER_WORDS}|half(?: an?)?|(?:quarter|third)s?) ?([%$€£¢])(?!\.?\d)")
_UNITS = {"%": "percent", "$": "dollars", "€": "euros", "£": "pounds", "¢": "cents"}
_RULES = [
    (lazy_pattern(rf"(?<![^\s(\"'])\.(?=(?:{_DOMAINS})\b)|(?<=[^\W_])\.(?=(?:{_FILES})\b(?!\.?\w))"), " dot "),
    (lazy_pattern(r"\b([a-z])\+\+"), r"\1 plus plus "),
    (lazy_pattern(r"\b([cf])#"), r"\1 sharp "),
    (lazy_pattern(r"#\s?(?=\d)|\bno\.\s*(?=\d)"), " number "),
    (lazy_pattern(r"\bnos\.\s*(?=\d)"), "numbers "),
    (lazy_pattern(r"(?<=[\w.]) ?& ?(?=\w)"), " and "),
    (lazy_pattern(r"(?<=\w)@(?=\w)"), " at "),
    (_SIDES, r"\1 by "),
    (lazy_pattern(r"(?:±|\+ ?/ ?-) ?(?=[$€£]?\.?\w)"), " plus or minus "),
    (lazy_pattern(r"\+ ?(?=\(?[$€£]?\.?\d)|(?<=\w)\+(?![\w+])"), " plus "),
    (lazy_pattern(r"(?<![<>=-])< ?(?=[$€£]?\.?\d)"), " less than "),
    (lazy_pattern(r"(?<![<>=-])> ?(?=[$€£]?\.?\d)"), " greater than "),
    (lazy_pattern(r"≤ ?(?=[$€£]?\.?\d)"), " less than or equal to "),
    (lazy_pattern(r"≥ ?(?=[$€£]?\.?\d)"), " greater than or equal to "),
    (lazy_pattern(r"(?<=\d) ?‰"), " per mille "),
    *(
        (lazy_pattern(rf"(?<=[\w)%;]) ?{sign} ?(?=[\w(;]|-?[$€£]?\.?\d)"), f" {words} ")
        for sign, words in _BETWEEN_WORDS.items()
    ),
    (lazy_pattern(r"(?<=[\w)%;]) ?= ?(?=[\w(;-]|[$€£]?\.?\d)"), " equals "),
    (lazy_pattern(r"(?<=[a-z\d]) ?° ?c\b"), " degrees celsius"),
    (lazy_pattern(r"(?<=[a-z\d]) ?° ?f\b"), " degrees fahrenheit"),
    (lazy_pattern(r"(?<=\d) ?°(?=-\d)"), " degrees"),
    (lazy_pattern(rf"(?:(?<=\d)|\b({_NUMBER_WORDS})) ?°"), r"\1 degrees "),
]


def say_symbols(text: str) -> str:
    text = _MARK_AND_CROSS.sub(" x ", text) if "x" in text else text
    text = say_feet(_SHORT_YEAR.sub(r"\1 ", text) if "'" in text else text)
    if _HAS_UNIT.search(text) and _HAS_SPELLED_AMOUNT.search(text):
        text = _SPELLED_AMOUNT.sub(_spelled_amount, text)
    if not _SAID.search(text):
        return text
    text = _SCHEME.sub("", text)
    text = _E_MAIL.sub(lambda found: found[0].translate(_SPOKEN), text)
    text = _ADDRESS.sub(lambda found: found[0].replace(".", " dot ").replace("/", " slash "), text)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def _spelled_amount(found: re.Match[str]) -> str:
    """An amount in words with its unit, which is one after half a: half a dollar, two dollars."""
    words, unit = found[1], _UNITS[found[2]]
    return f"{words} {unit.removesuffix('s') if words.endswith((' a', ' an')) else unit}"


_KEPT = ".%$¢€£"
_REMOVED = {code: SPACE for code in PUNCTUATION_AND_SYMBOLS if chr(code) not in _KEPT}
_INNER_APOSTROPHE = lazy_pattern(r"(?<=\w)'(?=\w)")
_LOOSE = lazy_pattern(r"\.(?!\d)|(?<=[^\W\d])\.|[$€£¢](?![\d.])|(?<!\d)%")
_SIGNS = lazy_pattern(r"[.$€£¢%]")
_COMBINING = lazy_pattern("[\u0300-\u036f\u1ab0-\u1ace\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]+")


@cache
def _letters() -> dict[int, str]:
    return {ord(letter): plain for letter, plain in diacritics().items()}


def remove_symbols(text: str) -> str:
    if "'" in text:
        text = _INNER_APOSTROPHE.sub("", text)
    text = text.translate(_REMOVED)
    if _SIGNS.search(text):
        text = _LOOSE.sub(SPACE, text)
    if text.isascii():
        return text
    text = _COMBINING.sub("", unicodedata.normalize("NFKD", text.translate(_letters())))
    return composed(text)
