"""Steps of the profile `en` on characters and words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.english_words import DIGITS, TEENS, TENS
from asrlab_pytest.protocols.normalization.annotations import drop_annotations, drop_hesitations
from asrlab_pytest.protocols.normalization.characters import (
    APOSTROPHES,
    CONTROLS,
    FORMATS,
    SELECTORS,
    SPACE,
    UNASSIGNED,
    folded,
    single_spaces,
)
from asrlab_pytest.protocols.normalization.english.marks import BREAK, FRACTION, SHIELD, readable
from asrlab_pytest.protocols.normalization.signs import attach_signs
from asrlab_pytest.protocols.normalization.whisper import english

_PLAIN = {
    **dict.fromkeys(FORMATS),
    **dict.fromkeys(SELECTORS),
    **dict.fromkeys(CONTROLS, SPACE),
    **dict.fromkeys(map(ord, SHIELD + FRACTION + BREAK)),
    **dict.fromkeys(map(ord, APOSTROPHES), "'"),
    **dict.fromkeys(map(ord, "“”„«»"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–−﹣－"), "-"),
    **dict.fromkeys(map(ord, "—―"), " - "),
    **dict.fromkeys(map(ord, "™®©℠"), SPACE),
    ord("…"): "... ",
    ord("№"): "no. ",
    ord("\u2044"): "/",
}
_CONTROL_PLAIN = {ord(char): SPACE for char in map(chr, range(32))} | {127: SPACE, ord("`"): "'"}
_FRACTION_CHARACTER = lazy_pattern(f"(?<=[^\\W{APOSTROPHES}])(?=[\u00bc-\u00be\u2150-\u215e])")
_NO_BREAK_THOUSANDS = lazy_pattern(
    "(?<!\\d)\\d{1,3}(?:[\u00a0\u2007\u2009\u202f]\\d{3})+(?![\u00a0\u2007\u2009\u202f]?\\d)"
)
_LESS = lazy_pattern(r"(?<=\d)\s?−\s?(?=\d)")
_POWER = lazy_pattern(r"(?:(?<=\d)|(?<=\b[^\W\d])|(?<=\b[^\W\d]{2})|(?<=\d[^\W\d])|(?<=\d[^\W\d]{2}))[⁰¹²³⁴-⁹⁻]+")
_POWERS = {"²": " squared ", "³": " cubed "}
_ORDINAL_DEGREES = lazy_pattern(r"(?<=\d)\s?º(?=\s?[cf]\b)")
_NO_BREAK = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"))


def unify(text: str) -> str:
    if text.isascii():
        return attach_signs(text.lower().translate(_CONTROL_PLAIN))
    text = _LESS.sub(" minus ", folded(UNASSIGNED.sub(SPACE, text)))
    text = _POWER.sub(lambda found: _POWERS.get(found[0], f" to the {found[0]} "), text)
    text = _ORDINAL_DEGREES.sub("°", text)
    text = _NO_BREAK_THOUSANDS.sub(lambda found: found[0].translate(_NO_BREAK), text)
    text = _FRACTION_CHARACTER.sub(SPACE, text).translate(_PLAIN)
    return attach_signs(folded(unicodedata.normalize("NFKC", folded(text)).translate(_PLAIN)))


_FULL_STOPS = lazy_pattern(r"\.{2,}")


def remove_annotations(text: str) -> str:
    text = drop_annotations(drop_hesitations(text))
    return _FULL_STOPS.sub(". ", text) if ".." in text else text


_PRONOUN_IS = lazy_pattern(
    r"\b(he|she|it|that|this|there|here|what|who|where|when|why|how|everything|something|nothing|anything|"
    r"everyone|someone|anyone|everybody|somebody|nobody|anybody)'s\b"
)
_S_AFTER_S = lazy_pattern(r"(?<=s)'s\b")  # James's and James' are one
_CAUSE = lazy_pattern(r"(?<!\w)'(?:cause|cuz)\b")
_STRAY_CLITIC = lazy_pattern(r"\s+(?=(?:n't|'(?:s|t|re|ve|ll|d|m))\b)")
_WORD_RULE = lazy_pattern(r"\\b(\w+)\\b")
_COLLOQUIAL = {
    "kinda": "kind of",
    "sorta": "sort of",
    "dunno": "do not know",
    "cuz": "because",
    "etc": "et cetera",
    "etcetera": "et cetera",
    "vs": "versus",
    "yall": "you all",
    "maam": "madam",
    "gimme": "give me",
    "lemme": "let me",
}
_DOTTED_LETTERS = lazy_pattern(
    r"\b[a-z](?:\.[a-z])+\b\.?(?!\w)|\b[a-z]\.(?: [a-z]\.)+(?!\w)|(?<=\d)[ap]\. ?m\b\.?(?!\w)"
)
_UNDERSCORED = lazy_pattern(r"(?<!\w)(?:[a-z]_){2,}[a-z]?(?!\w)")
_HYPHENED = lazy_pattern(r"\b(?:e[ -](?=mail(?:s|ed|ing)?\b)|wi[ -](?=fi\b)|co-(?=op(?:erat|t)|ordinat))")
"""Words that are as usual without their hyphen: e-mail, wi-fi, co-operate."""
_SPACED_LETTERS = lazy_pattern(r"\b([ap]) m\b|\bph\.? ?d\b\.?|\bo'? clock\b|\bper[ -]cent\b")


@cache
def _word_rules() -> tuple[re.Pattern[str], dict[str, str]]:
    """Whisper's rewritings of whole words."""
    rules = {rule[1]: new for old, new in english().replacers.items() if (rule := _WORD_RULE.fullmatch(old))}
    rules |= _COLLOQUIAL
    return re.compile(rf"\b(?:{'|'.join(rules)})\b(?!-\d)"), rules


@cache
def _clitic_rules() -> list[tuple[re.Pattern[str], str]]:
    """Whisper's rewritings of contractions, but for the one that reads every 's as "is"."""
    return [
        (_PRONOUN_IS, r"\1 is") if old == r"'s\b" else (re.compile(old), new)
        for old, new in english().replacers.items()
        if not _WORD_RULE.fullmatch(old)
    ]


def write_out(text: str) -> str:
    if "'" in text:
        text = _CAUSE.sub("because", _STRAY_CLITIC.sub("", text))
        for pattern, replacement in _clitic_rules():
            text = pattern.sub(replacement, text)
        text = _S_AFTER_S.sub("", text)
    pattern, words = _word_rules()
    text = pattern.sub(lambda found: words[found[0]], text)
    if "." in text:
        text = _DOTTED_LETTERS.sub(lambda found: found[0].replace(".", "").replace(SPACE, ""), text)
    if "_" in text:
        text = _UNDERSCORED.sub(lambda found: found[0].replace("_", ""), text)
    text = _HYPHENED.sub(lambda found: found[0][:-1], text)
    return _SPACED_LETTERS.sub(lambda found: f"{found[1]}m" if found[1] else _joined(found[0]), text)


def _joined(letters: str) -> str:
    if letters.startswith("per"):
        return "percent"
    return "oclock" if letters.startswith("o") else "phd " if letters.endswith(".") else "phd"


_NO_UNIT = "".join(rf"(?<!\b{word}[ -])" for word in (*DIGITS, *TEENS, *TENS, "hundred", "thousand"))
"""Not behind a number: nine mm, nine-mm."""
_FILLER = (
    r"(?:uh[ -]huh|uh+(?![ -]oh\b)|uh?m+|h+m+|m+h+m+|mm+[ -]h+m+|(?<!\w')(?<!\b[ap] )m-h+m+"
    rf"|(?<!\d[ -]){_NO_UNIT}mm+|(?<!\bthe )(?<!\ban )erm*)"
)
_FILLERS = lazy_pattern(rf"\b{_FILLER}(?:[ -]+{_FILLER})*\b(?!'\w)")


def remove_fillers(text: str) -> str:
    return single_spaces(_FILLERS.sub("", text))


_SPELLINGS = {
    "ok": "okay",
    "cannot": "can not",
    "1s": "ones",
    # Rows of Whisper's table that hold markup, two words, or another form of the word.
    "archaeology": "archeology",
    "flyer": "flier",
    "flyers": "fliers",
    "pummelling": "pummeling",
    "rouble": "ruble",
    "roubles": "rubles",
}


@cache
def _spellings() -> dict[str, str]:
    table = english().standardize_spellings.mapping.items()
    return {**{old: new for old, new in table if old.isalpha() and new.isalpha()}, **_SPELLINGS}


def spell(text: str) -> str:
    spellings = _spellings()
    tokens = readable(text).split()
    return SPACE.join(
        spellings.get(token, token) for token in tokens if token.isalnum() or any(map(str.isalnum, token))
    )
