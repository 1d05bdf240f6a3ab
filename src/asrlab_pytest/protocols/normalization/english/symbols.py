"""Steps of the profile `en` on symbols: those that a speaker says, and those that nobody does."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from asrlab_pytest.protocols.normalization.characters import PUNCTUATION_AND_SYMBOLS, SPACE, composed
from asrlab_pytest.protocols.normalization.english.measures import say_feet
from asrlab_pytest.protocols.normalization.whisper import diacritics

# Not those that are also words, which a missing space after a full stop would make of a sentence: me, in, it, us.
_DOMAINS = "com|org|net|edu|gov|mil|info|biz|io|ai|app|dev|tv|co|uk|ca|au|de|fr|es|nl|eu|jp|cn"
_FILES = "js|json|py|txt|pdf|csv|html|xml|exe|zip|docx?|xlsx?|pptx?|jpe?g|png|gif|wav|mp[34]"
_SAID = re.compile(rf"[#&@+=°×÷±<>≤≥‰]|https?:|\.(?:{_DOMAINS}|{_FILES})\b|\bnos?\.\s*\d|\dx\d")
_SCHEME = re.compile(r"\bhttps?://")
_E_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\w")
_ADDRESS = re.compile(rf"\b(?:[a-z0-9-]+\.)+(?:{_DOMAINS})\b(?!\.?\w)(?:/[\w-]+)*")
_SPOKEN_CHARACTERS = {"@": " at ", ".": " dot ", "_": " underscore ", "-": " dash ", "+": " plus "}
_SPOKEN = str.maketrans(_SPOKEN_CHARACTERS)
_SHORT_YEAR = re.compile(r"\b(q[1-4]|h[12]|fy)'(?=\d\d\b)")
_RULES = [
    (re.compile(rf"(?<![^\s(\"'])\.(?=(?:{_DOMAINS})\b)|(?<=[^\W_])\.(?=(?:{_FILES})\b(?!\.?\w))"), " dot "),
    (re.compile(r"\b([a-z])\+\+"), r"\1 plus plus "),
    (re.compile(r"\b([cf])#"), r"\1 sharp "),
    (re.compile(r"#\s?(?=\d)|\bno\.\s*(?=\d)"), " number "),
    (re.compile(r"\bnos\.\s*(?=\d)"), "numbers "),
    (re.compile(r"(?<=[\w.]) ?& ?(?=\w)"), " and "),
    (re.compile(r"(?<=\w)@(?=\w)"), " at "),
    (re.compile(r"(?<=\d)(?<!\b0)x(?=\d)"), " by "),
    (re.compile(r"± ?(?=\d)"), " plus or minus "),
    (re.compile(r"\+ ?(?=\(?[$€£]?\.?\d)|(?<=\w)\+(?![\w+])"), " plus "),
    (re.compile(r"(?<![<>=-])< ?(?=[$€£]?\.?\d)"), " less than "),
    (re.compile(r"(?<![<>=-])> ?(?=[$€£]?\.?\d)"), " greater than "),
    (re.compile(r"≤ ?(?=[$€£]?\.?\d)"), " less than or equal to "),
    (re.compile(r"≥ ?(?=[$€£]?\.?\d)"), " greater than or equal to "),
    (re.compile(r"(?<=\d) ?‰"), " per mille "),
    (re.compile(r"(?<=[\w)]) ?= ?(?=[\w(-])"), " equals "),
    (re.compile(r"(?<=\d) ?° ?c\b"), " degrees celsius"),
    (re.compile(r"(?<=\d) ?° ?f\b"), " degrees fahrenheit"),
    (re.compile(r"(?<=\d) ?°"), " degrees "),
    (re.compile(r"(?<=\d) ?× ?(?=\d)"), " times "),
    (re.compile(r"(?<=\d) ?÷ ?(?=\d)"), " divided by "),
]


def say_symbols(text: str) -> str:
    text = say_feet(_SHORT_YEAR.sub(r"\1 ", text) if "'" in text else text)
    if not _SAID.search(text):
        return text
    text = _SCHEME.sub("", text)
    text = _E_MAIL.sub(lambda found: found[0].translate(_SPOKEN), text)
    text = _ADDRESS.sub(lambda found: found[0].replace(".", " dot ").replace("/", " slash "), text)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


_KEPT = ".%$¢€£"
_REMOVED = {code: SPACE for code in PUNCTUATION_AND_SYMBOLS if chr(code) not in _KEPT}
_INNER_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_LOOSE = re.compile(r"\.(?!\d)|(?<=[^\W\d])\.|[$€£¢](?![\d.])|(?<!\d)%")
_SIGNS = re.compile(r"[.$€£¢%]")
_COMBINING = re.compile("[\u0300-\u036f\u1ab0-\u1ace\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]+")


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
