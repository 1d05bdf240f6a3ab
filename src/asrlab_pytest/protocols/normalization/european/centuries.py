"""Centuries in Roman numerals, as French, Spanish, Italian and Portuguese write them: le XIXe siècle, el siglo XXI."""

from __future__ import annotations

import re
from functools import cache

from asrlab_pytest.protocols.normalization.european.lexicon import Lexicon

_VALUES = {"i": 1, "v": 5, "x": 10}


def say_centuries(lexicon: Lexicon, text: str) -> str:
    """The text with the numerals of centuries in digits, which number words become as well."""
    if not lexicon.century:
        return text
    for _ in ("the century", "and the one behind it: siglos XVI y XVII"):
        text = _century(lexicon.century).sub(lambda found: _in_digits(lexicon, found), text)
    return text


@cache
def _century(form: str) -> re.Pattern[str]:
    return re.compile(rf"\b{form}\b")


def _in_digits(lexicon: Lexicon, found: re.Match[str]) -> str:
    number = _arabic(found[1])
    return found[0] if number < lexicon.least_century else f"{number}{lexicon.century_ending}"


def _arabic(numeral: str) -> int:
    values = [_VALUES[letter] for letter in numeral]
    return sum(-value if value < later else value for value, later in zip(values, [*values[1:], 0], strict=True))
