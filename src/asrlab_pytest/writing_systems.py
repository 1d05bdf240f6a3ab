"""Scripts and function words of languages, as far as the audit needs them."""

from __future__ import annotations

import unicodedata
from functools import cache

from asrlab_pytest.languages import primary

SCRIPTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            *("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "nb", "nn", "fi", "is", "pl", "cs", "sk"),
            *("sl", "hr", "hu", "ro", "et", "lv", "lt", "tr", "vi", "id", "ms", "tl", "sw", "ca", "gl", "eu", "cy"),
            *("ga", "sq", "af", "la"),
        ),
        ("LATIN",),
    ),
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk"), ("CYRILLIC",)),
    **dict.fromkeys(("ar", "fa", "ur"), ("ARABIC",)),
    **dict.fromkeys(("hi", "mr", "ne"), ("DEVANAGARI",)),
    "el": ("GREEK",),
    "he": ("HEBREW",),
    "ko": ("HANGUL", "CJK"),
    "ja": ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "CJK"),
    "zh": ("CJK", "BOPOMOFO"),
    "yue": ("CJK", "BOPOMOFO"),
    "th": ("THAI",),
    "ka": ("GEORGIAN",),
    "hy": ("ARMENIAN",),
    "bn": ("BENGALI",),
    "ta": ("TAMIL",),
    "te": ("TELUGU",),
}
"""First words of the names of the letters, by language. A language that is not here is not checked."""

ALPHABETS = frozenset(["LATIN", "CYRILLIC", "GREEK"])
"""Scripts whose letters come at about the same rate."""

_WORDS = {
    "en": "the and of to is was that it he with for you this are not have they which were she",
    "de": "der und ist nicht das ein eine mit den auf sich dem auch wie wird wurde sind ich zu von",
    "fr": "le les et des est une dans que qui pour pas sur au avec il elle nous du ce sont",
    "es": "el los y las una por con para que su del se como más pero sus muy es lo hay",
    "it": "il che di una per non sono gli della nel è con anche più delle questo ha lo dei alla",
    "nl": "het een van en dat niet zijn op te met voor ook maar wordt hij zij naar bij deze heeft",
    "pt": "os uma não com para que do da em mais como foi ao mas pelo seu são você ele isso",
}
FUNCTION_WORDS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
"""Twenty frequent words of languages that share a script."""


@cache
def script_of(letter: str) -> str:
    """The script of a letter, as its Unicode name begins."""
    return unicodedata.name(letter, "UNKNOWN").split()[0].removesuffix("-COMPATIBILITY")


def base(language: str | None) -> str | None:
    """The language without its region."""
    return None if language is None else primary(language)


def other_language(language: str, words: list[str]) -> str | None:
    """The language whose function words a text has, where it has at least three of it and none of its own."""
    if language not in FUNCTION_WORDS or any(word in FUNCTION_WORDS[language] for word in words):
        return None
    counts = {code: sum(word in known for word in words) for code, known in FUNCTION_WORDS.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] >= 3 else None  # noqa: PLR2004
