"""Signs that a speaker says, percent and currencies, and apostrophes, in languages without rules of their own."""

from __future__ import annotations

import re

CURRENCY_SIGNS = "$¢£¤¥֏؋৲৳৻૱௹฿៛₠₡₢₣₤₥₦₧₨₩₪₫€₭₮₯₰₱₲₳₴₵₶₷₸₹₺₻₼₽₾₿﷼"
_PERCENT = "%‰"
SAID_SIGNS = _PERCENT + CURRENCY_SIGNS
_FORMS = str.maketrans({"٪": "%", "﹪": "%", "﹩": "$"})
DIGITS = "0-9٠-٩۰-۹०-९০-৯੦-੯૦-૯୦-୯௦-௯౦-౯೦-೯൦-൯๐-๙໐-໙༠-༩၀-၉០-៩"
"""Of the scripts in use, as a part of a character class: every interpreter knows them."""
PLAIN_DIGITS = {ord(zero) + digit: str(digit) for zero in re.findall("(.)-.", DIGITS) for digit in range(10)}
"""The digits of these scripts, by code point, as those that the others are written with."""
_SIGN = f"[{re.escape(SAID_SIGNS)}]"
_NUMBER = f"[{DIGITS}]+(?:[.,'][{DIGITS}]+)*"
_SAID = re.compile(
    rf"(?<![{DIGITS}])(?<![{DIGITS}][.,'])(?P<first>{_NUMBER})\s*(?P<after>{_SIGN})"
    rf"|(?P<before>{_SIGN})\s*(?P<second>{_NUMBER})|{_SIGN}"
)
_LETTER = rf"[^\s'{DIGITS}{re.escape(SAID_SIGNS)}]"
_STRAY = re.compile(rf"(?<!{_LETTER})'|'(?!{_LETTER})")


def say_signs(text: str) -> str:
    """Puts percent and currency signs after their number, as words; drops those without one."""
    return _SAID.sub(_said, text.translate(_FORMS))


def _said(found: re.Match[str]) -> str:
    number, sign = found["first"] or found["second"], found["after"] or found["before"]
    return f" {number} {sign} " if number else " "


def part_apostrophes(text: str) -> str:
    """The text with apostrophes between letters only."""
    return _STRAY.sub(" ", text)
