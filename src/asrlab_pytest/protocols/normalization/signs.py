"""Signs that a speaker says, percent and currencies, and apostrophes, in languages without rules of their own."""

from __future__ import annotations

import re

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.characters import char_class, single_spaces

CURRENCY_SIGNS = "$¢£¤¥֏؋৲৳৻૱௹฿៛₠₡₢₣₤₥₦₧₨₩₪₫€₭₮₯₰₱₲₳₴₵₶₷₸₹₺₻₼₽₾₿﷼"
_PERCENT = "%‰"
SAID_SIGNS = _PERCENT + CURRENCY_SIGNS
_FORMS = str.maketrans({"٪": "%", "﹪": "%", "؉": "‰", "﹩": "$"})
DIGITS = "0-9٠-٩۰-۹०-९০-৯੦-੯૦-૯୦-୯௦-௯౦-౯೦-೯൦-൯๐-๙໐-໙༠-༩၀-၉០-៩"
"""Of the scripts in use, as a part of a character class: every interpreter knows them."""
FRACTIONS = "½¼¾⅓⅔"
"""The usual ones in one character, as a part of a character class."""
PLAIN_DIGITS = {ord(zero) + digit: str(digit) for zero in re.findall("(.)-.", DIGITS) for digit in range(10)}
"""The digits of these scripts, by code point, as those that the others are written with."""
_SIGN = f"[{re.escape(SAID_SIGNS)}]"
_NUMBER = f"(?:[{DIGITS}]+(?:[.,'][{DIGITS}]+)*[{FRACTIONS}]?|[{FRACTIONS}])"
_RANGE_END = rf"[-–~〜]{_NUMBER}(?![{DIGITS}]|[.,'][{DIGITS}]|[-–]|\s*{_SIGN})"
"""Of $5-10, whose sign stands after both numbers as in 5-10 $."""
_SAID = lazy_pattern(
    rf"(?<![{DIGITS}])(?<![{DIGITS}][.,'])(?P<first>{_NUMBER})\s*(?P<after>{_SIGN})"
    rf"|(?P<before>{_SIGN})\s*(?P<second>{_NUMBER}(?:{_RANGE_END})?)|{_SIGN}"
)
_HYPHENS = "-–"
_MINUS = "−"
_UNSPACED = char_class("ideographs and kana", "scripts without spaces")
_BEHIND_COUNTER = "".join(rf"(?<![0-9][{_UNSPACED}]{{{length}}})" for length in (1, 2, 3))
"""For the hyphen of 3月-5月, which is no minus."""
_MONEY = f"[{re.escape(CURRENCY_SIGNS)}]"
_PRICE_DASH = lazy_pattern(
    rf"(?<=[0-9])[.,][-–—]{{1,2}}(?=\s?{_MONEY}|\s[^\W\d_])"
    rf"|(?:(?<={_MONEY})|(?<={_MONEY}\s)|(?<![\w.,])(?=[-–—]{{1,2}},[0-9]{{2}}\s?(?:{_MONEY}|eur|cent)))"
    r"[-–—]{1,2},(?=[0-9]{2}(?![0-9]))"
)
"""The dash for no euros or no cents: 5,- €, -,99 €."""
_SIGN_APART = lazy_pattern(rf"(?<=[\w.])-(?=[{re.escape(SAID_SIGNS)}°](?! ?[{DIGITS}]))")
_QUOTES = "\"'«»‹›„“”‚‘’"
BEFORE_MINUS = r"\s(\[¿¡…「『" + _QUOTES
"""What a minus stands directly after, as a part of a character class."""
AT_OPENING = rf"(?<![^\W{_UNSPACED}][{_QUOTES}])(?<![.,;:!?%)°][{_QUOTES}])(?<![0-9]…)"
"""Holds where the quotation mark before a minus, if there is one, opens: not in "A"-5."""
_HYPHEN = lazy_pattern(
    rf"(?<![^{BEFORE_MINUS}.{_UNSPACED}])(?<![^.]\.)(?<![0-9]\.\.)(?<![0-9]\.\.\.){AT_OPENING}(?<![0-9]\s){_BEHIND_COUNTER}[{_HYPHENS}]"
    rf"(?=(?:[{re.escape(CURRENCY_SIGNS)}]\s?)?[0-9{FRACTIONS}])"
)
_INNER_MINUS = lazy_pattern(rf"(?<![0-9])(?<![0-9]\s)((?:\br)?[{re.escape(CURRENCY_SIGNS)}])\s?[-−–](?=[0-9])")
_OPERATORS = "+±<>≤≥=×÷"
_OPERATOR = lazy_pattern(
    rf"(?:(?<=[0-9{FRACTIONS}])|(?<=[0-9{FRACTIONS}] ))(?P<behind>[{_OPERATORS}°])"
    rf"|(?P<before>[{_OPERATORS}{_MINUS}])(?= ?[0-9{FRACTIONS}])"
    rf"|[{_OPERATORS}{_MINUS}°]"
)
OPERATORS = f"{_OPERATORS}{_MINUS}°"
"""Signs that belong to a number next to them."""
_LETTER = rf"[^\s'\u200c\u200d{DIGITS}{re.escape(SAID_SIGNS)}]"
_STRAY = lazy_pattern(rf"(?<!{_LETTER})'|'(?!{_LETTER})")


def attach_signs(text: str) -> str:
    """The text without the hyphen between a number and its sign: 10-€-Schein, Zehn-€-Schein, 5,- €."""
    if "-" not in text and "–" not in text and "—" not in text:
        return text
    return _SIGN_APART.sub(" ", _PRICE_DASH.sub(_of_price, text))


def _of_price(found: re.Match[str]) -> str:
    return "0." if found[0][-1] == "," else ""


def say_signs(text: str) -> str:
    """Puts percent and currency signs after their number, as words; drops those without one."""
    return _SAID.sub(_said, text.translate(_FORMS))


def _said(found: re.Match[str]) -> str:
    number, sign = found["first"] or found["second"], found["after"] or found["before"]
    return f" {number} {sign} " if number else " "


def keep_operators(text: str) -> str:
    """Puts spaces around the signs of numbers and of arithmetic; drops those without a number, and other hyphens."""
    return _OPERATOR.sub(lambda found: f" {found['behind'] or found['before'] or ''} ", single_spaces(text))


def write_minus(text: str) -> str:
    """The text with − for the hyphens and dashes that are a minus, as −5."""
    return _HYPHEN.sub(_MINUS, minus_first(text))


def minus_first(text: str) -> str:
    """The text with -$5 for $-5."""
    has_minus = "-" in text or "−" in text or "–" in text
    return _INNER_MINUS.sub(r"-\1", text) if has_minus else text


def part_apostrophes(text: str) -> str:
    """The text with apostrophes between letters only."""
    return _STRAY.sub(" ", text)
