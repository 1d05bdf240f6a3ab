"""Amounts of money in the six languages: signs and words after the number, cents as decimals."""

from __future__ import annotations

import re
from functools import cache

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.european.lexicon import REAIS, Lexicon
from asrlab_pytest.protocols.normalization.signs import CURRENCY_SIGNS, say_signs

_NUMBER = r"[0-9]+(?:,[0-9]+)?"
_SIGN = rf"(?:[{re.escape(CURRENCY_SIGNS)}]|{REAIS})(?!\w)"
_US_DOLLAR = lazy_pattern(r"\bus ?\$")
_REAL = lazy_pattern(r"\br\$\s?([0-9]+(?:[.,][0-9]+)*)")
_ZERO_CENTS = lazy_pattern(rf"(?<![\d,])([0-9]+),00(?= {_SIGN})")
_ONLY_CENTS = lazy_pattern(rf"(?<![\d,])0,([0-9]{{2}}) {_SIGN}")


def name_amounts(lexicon: Lexicon, text: str) -> str:
    """The text with currency words after a number as signs, and cents as decimals."""
    text = say_signs(_US_DOLLAR.sub("$", _REAL.sub(rf"\1 {REAIS}", text)))
    pattern = _currency(lexicon.links, tuple(lexicon.currencies))
    text = pattern.sub(lambda found: f"{found[1]} {lexicon.currencies[found[2]]}", text)
    text = _cents(lexicon.joins, lexicon.cents).sub(_joined, " ".join(text.split()))
    text = _ONLY_CENTS.sub(lambda found: f"{int(found[1])} ¢", _ZERO_CENTS.sub(r"\1", text))
    return _lone_cents(lexicon.cents).sub(" ¢", text)


@cache
def _currency(links: str, words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = "|".join(sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\d,])({_NUMBER}) (?:{links})?({longest_first})\b")


@cache
def _cents(joins: str, cents: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\d,])([0-9]+) ({_SIGN})(?: (?:(?:{joins}) )?|, (?=[0-9]+ (?:{cents})\b))([0-9]{{1,2}})"
        rf"(?: (?:{cents})\b|(?= ?(?:$|[.!?;:])))"
    )


def _joined(found: re.Match[str]) -> str:
    return f"{found[1]},{int(found[3]):02d} {found[2]}"


@cache
def _lone_cents(cents: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=[0-9]) (?:{cents})\b")
