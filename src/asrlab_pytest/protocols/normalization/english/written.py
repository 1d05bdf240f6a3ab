"""Steps of the profile `en` on numbers that are written in digits: they take the form of the spoken ones."""

from __future__ import annotations

import re
from fractions import Fraction

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.english_words import DIGITS, RANGE_OF_HUNDREDS, SCALES, TEENS, TENS
from asrlab_pytest.protocols.normalization.english.marks import BREAK, FRACTION, SHIELD
from asrlab_pytest.protocols.normalization.english.measures import name_currencies

_DIGIT = lazy_pattern(r"\d")
_BARE_POINT = lazy_pattern(r"(?<![\w.)\]%])\.(?=\d)")
_MIXED = lazy_pattern(r"(?<![\w./])(?<!\d-)([$€£]?\d+)[ -](\d{1,2}/\d{1,3})(?![\d/])")
_HUNDREDTHS = {"1/2": "5", "1/4": "25", "3/4": "75"}
_THOUSANDS = lazy_pattern(r"(?<=\d),(?=(?:\d\d,){0,9}\d{3}(?!\d))")
_SPACED_THOUSANDS = lazy_pattern(r"(?<![\d.,])([1-9]\d{0,2})((?: \d{3}){0,9} 000)(?![\d,.]*\d)")
_CLOCK = lazy_pattern(r"(?<!\d)(?<!\d:)(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?!:?\d)")
_POINTED_CLOCK = lazy_pattern(
    r"(?<![\d.])(\d{1,2})\.([0-5]\d)"
    r"(?= ?(?:[ap]m|oclock)\b| (?:in the (?:morning|afternoon|evening)|sharp|tonight|tomorrow)\b)"
)
"""British times with a full stop, where what follows says so."""
_CLOCK_RANGE = lazy_pattern(
    r"(?<![\d:.,/-])(\d{1,2}:[0-5]\d(?: ?[ap]m)?)-(?=\d{1,2}(?::[0-5]\d)?(?!:?\d))|"
    r"(?<![\w:.,/$€£-])(\d{1,2})-(?=\d{1,2}:[0-5]\d(?!:?\d))"
)
"""Times go round: 22:00-6:00 is a range, too."""
_GROUPED_RANGE = lazy_pattern(r"(?<![\w.,/:$€£-])(\d{3})-(?=[1-9],\d{3}(?!\d|,\d))")
_INTERNATIONAL = lazy_pattern(r"\bplus (\d{8,}|\d{1,3} \d{6,}|(?=[\d ().-]{8})\d+(?:[ ().-]{1,3}\d+){2,})(?!\d)")
_PHONE = lazy_pattern(r"(?<![\w.$€£])(?:1[ .-])?\d{3}\s*[ .-]\s*\d{3}[ .-]\d{4}(?!\d|[.,-]\d)")
_LOCAL = lazy_pattern(
    rf"(?<![\w.$€£-])(?:(?!{RANGE_OF_HUNDREDS})\d{{3}}-\d{{4}}"
    r"|\d{3}-\d{2}-\d{4}|\d{4}(?:[ -]\d{4}){2,3})(?!\d|[.,-]\d)"
)
_TRUNK_ZERO = lazy_pattern(r"(?<![\w.$€£-])0[1-9]\d{1,3}(?:[ -]\d{3,4}){1,2}(?!\d|[.,-]\d)")
_DATE = r"\d{4}-\d\d-\d\d\b|\d\d?-\d\d?-\d{4}\b"
_HYPHENED = lazy_pattern(rf"(?<![\w.,/:$€£-])(?!{_DATE})\d+(?:-\d+){{2,}}(?![\w%]|[.,/:-]\d)")
"""Three groups of digits or more, which are no range, and no date."""
_SPELT = lazy_pattern(
    r"(?<![\w.,/$€£¢:-])\d(?:(?: \d)+|(?<!\d, \d)(?<!\d \d)(?:(?:,? |,)\d){2,}(?!,? \d)|(?:-\d){2,})(?![\w%]|[.,/:-]\d)"
)
"""A list with commas beside a larger number is none, as in words: 7, 8, 9, 10."""
_RANGE = lazy_pattern(
    r"(?<![\w.,/:-])(?!1-\d{3}-)((?:\b(?:us|a|ca?|hk|nz)\$)|[$€£]?)(\d+(?:\.\d+)?)(%?)-\1?(\d+(?:\.\d+)?)"
    r"(?![\d_/]|-(?![a-z])|[.,:]\d|(?:st|nd|rd|th|s)\b)"
)
"""But not the start of a telephone number with letters: 1-800-flowers."""
_WORDED_RANGE = lazy_pattern(
    r"(?<=\d)(?:( ?[ap]m) ?- ?(?=\d{1,4} ?[ap]m\b)"
    r"|( (?:thousand|million|billion|trillion)|(?:k|mn?|bn?|tn|trn)(?=-[$€£]))-(?=[$€£]?\d))"
)
_SIGN_TWICE = lazy_pattern(r"(?<![\w.,/:$€£-])(\d+(?:\.\d+)?) ?([$€£])-(\d+(?:\.\d+)?) ?\2")
"""5€-10€ is €5-€10."""
_SPACED_RANGE = lazy_pattern(r"(?<![\w.,/:$€£-])(\d+(?:\.\d+)?%|([$€£])\d+(?:\.\d+)?) - (?=(?(2)\2\d|\d+(?:\.\d+)?%))")
"""50% - 60%: between two numbers without a sign, it may be a dash."""
_MEASURED_RANGE = lazy_pattern(
    r"(?<![\w.,/:$€£-])(?<!- )(\d+(?:\.\d+)?)( ?(?:[a-z]{1,9}(?: celsius| fahrenheit| squared| cubed)?|[$€£%]))"
    r"(?:-| {1,2}- |(?:(?<=squared)|(?<=cubed)) -)(?=(\d+(?:\.\d+)?)\2(?!\w|[.,-]\d| {1,2}- \d))"
)
"""5 km - 10 km, 20°C-25°C."""
_ROUND_THE_CLOCK = lazy_pattern(r"(?<![\w.,/:$€£-])24-7(?![\w%]|[.,/:-]\d)")
_DIGIT_WORDS = ("zero", *DIGITS)
_NUMBER_WORD = rf"(?:{'|'.join([*_DIGIT_WORDS, *TEENS, *TENS, *SCALES, 'oh?', 'point', 'double', 'triple'])}|\d+)"
_SPOKEN_NUMBERS = lazy_pattern(rf"(?<![\w-]){_NUMBER_WORD}(?:[ -]{_NUMBER_WORD})*(?![\w-])")
_SPOKEN_RESULTS = {
    **{
        f"{first}-{last}": f"{value}-{other}"
        for value, first in enumerate(_DIGIT_WORDS)
        for other, last in enumerate(_DIGIT_WORDS)
    },
    **{f"{word}-{word}": f"{number}0-{number}0" for number, word in enumerate(TENS[1:], start=3)},  # 2020 is a year
    "fifty fifty": "50-50",
}
"""Two numbers in words whose hyphen does not make them one, if no other number is next to them."""
_MONTHS = {
    "jan": "january",
    "feb": "february",
    "mar": "march",
    "apr": "april",
    "jun": "june",
    "jul": "july",
    "aug": "august",
    "sep": "september",
    "sept": "september",
    "oct": "october",
    "nov": "november",
    "dec": "december",
}
_SHORT = "|".join(_MONTHS)
_MONTH = lazy_pattern(rf"\b({_SHORT})\b\.?(?= ?\d)|(?<=\d )({_SHORT})\b\.?|(?<=(?:st|nd|rd|th) )({_SHORT})\b\.?")
_LETTER_DIGIT = lazy_pattern(r"(?<=[^\W\d_])(?=[\d$€£])|(?<=\d)(?!(?:st|nd|rd|th|s)\b)(?=[^\W\d_])")
_NO_DIGIT = lazy_pattern(r"\D")
_LEADING_ZERO = lazy_pattern(r"0\d")
_NOON = 12
_FEWEST_COUNTED = 3
_COUNTS = {"".join(count): " ".join(count) for count in ([*"123456789", "10"], ["10", *"987654321"])}
_COUNT = lazy_pattern(rf"(?<![\w.,/:$€£¢-])(?:{'|'.join(_COUNTS)})(?![\w%]|[.,/:-]\d)")
"""How models write a count."""
_BEFORE_TEN = lazy_pattern(r" 10\b")
_AFTER_TEN = lazy_pattern(r"(?:^|\W)10 $")


def regroup_digits(text: str) -> str:
    if "-" in text or "fifty fifty" in text:
        text = _SPOKEN_NUMBERS.sub(lambda found: _SPOKEN_RESULTS.get(found[0], found[0]), text)
    if not _DIGIT.search(text):
        return text
    # Before number words, which take a unit to a number that begins with a digit only.
    text = _BARE_POINT.sub("0.", text)
    if "," in text:
        text = _THOUSANDS.sub("", _GROUPED_RANGE.sub(r"\1 to ", text))
    if "/" in text:
        text = _MIXED.sub(_mixed, text)
    if ":" in text:
        text = _CLOCK.sub(_clock, _CLOCK_RANGE.sub(lambda found: f"{found[1] or found[2]} to ", text))
    text = _POINTED_CLOCK.sub(_clock, text)
    for pattern in (_INTERNATIONAL, _PHONE, _LOCAL, _TRUNK_ZERO, _HYPHENED, _SPACED_THOUSANDS):
        text = pattern.sub(_digits, text)
    text = _COUNT.sub(lambda found: _COUNTS[found[0]], _SPELT.sub(_spelt, text))
    if "-" in text:
        text = _ROUND_THE_CLOCK.sub("24/7", text)
        text = _WORDED_RANGE.sub(
            r"\1\2 to ", _RANGE.sub(_range, _SPACED_RANGE.sub(r"\1-", _SIGN_TWICE.sub(r"\2\1-\2\3", text)))
        )
        text = _MEASURED_RANGE.sub(_measured_range, text)
    return _MONTH.sub(lambda found: _MONTHS[found[1] or found[2] or found[3]] + " ", text)


def _mixed(found: re.Match[str]) -> str:
    """A whole number with halves or quarters as a decimal, and with another fraction apart from it."""
    whole, part = found.groups()
    return f"{whole}.{_HUNDREDTHS[part]}" if part in _HUNDREDTHS else f"{whole} {part}"


def _spelt(found: re.Match[str]) -> str:
    """Digits as one number, unless they count up to ten or down from it."""
    digits = _NO_DIGIT.sub("", found[0])
    is_up = "0123456789".endswith(digits) and _BEFORE_TEN.match(found.string, found.end())
    is_down = "9876543210".startswith(digits) and _AFTER_TEN.search(
        found.string[max(0, found.start() - 4) : found.start()]
    )
    return found[0] if len(digits) >= _FEWEST_COUNTED and (is_up or is_down) else digits


def _digits(found: re.Match[str]) -> str:
    digits = _NO_DIGIT.sub("", found[0])
    return f"plus {digits}" if found[0].startswith("plus") else digits


def _range(found: re.Match[str]) -> str:
    """A range as it is spoken; two other numbers, such as those of a result, apart."""
    sign, first, percent, last = found.groups()
    is_range = Fraction(first) < Fraction(last) and not _LEADING_ZERO.match(first)
    return f"{first} to {sign}{last}" if is_range else f"{sign}{first}{percent} {BREAK} {sign}{last}"


def _measured_range(found: re.Match[str]) -> str:
    """A range as it is spoken with its unit twice: 5 km to 10 km."""
    first, unit, last = found.groups()
    return f"{first}{unit} to " if Fraction(first) < Fraction(last) else found[0]


def _clock(found: re.Match[str]) -> str:
    """A time as it is spoken: without the colon, and a full hour without its minutes."""
    hour, minute, *seconds = found.groups()
    if minute == "00" and not any(seconds) and 1 <= int(hour) <= _NOON:
        return str(int(hour))
    return str(int(hour)) + minute + "".join(second or "" for second in seconds)


_SCALES = {
    "k": "thousand",
    **dict.fromkeys(("m", "mm", "mn", "mil", "mill"), "million"),
    "b": "billion",
    "bn": "billion",
    "t": "trillion",
    "tn": "trillion",
    "trn": "trillion",
}
_SCALED = lazy_pattern(r"([$€£]\s?\d[\d.]*)(?:\s?(k|mm?|mn|mill?|bn?|tn|trn)\b(?!(?<=\s\w)-[a-z])|(t)\b)")
"""But not a $5 T-shirt or B-side."""
_SCALE = "k|m|mn|mill?|b|bn|t|tn|trn|thousand|million|billion|trillion"
_SIGN_AFTER = lazy_pattern(rf"(?<![\w.$€£])(\d+(?:\.\d+)?(?: ?(?:{_SCALE}))?) ?([€£¢$])(?!\d)")
_SIGN_BEFORE_MINUS = lazy_pattern(r"(?<!\d)(?<!\d\s)([$€£])\s?-(?=\d)")
_SIGN_APART = lazy_pattern(r"([$€£])\s+(?=\d)")
_NO_CENTS = lazy_pattern(r"(?<=[$€£])(\d+)\.00(?!\d)")
_POINT_PERCENT = lazy_pattern(r"(\bpoint \d+)\s*%")
"""Number words join the figure to its point only where it has no sign."""
_PERCENT_APART = lazy_pattern(r"(?<=\d)\s+%")
_FRACTION = lazy_pattern(r"(?<![\w./$€£])(?<!(?<![a-z])-)(\d{1,2})/(\d{1,3})(?!\d|[./]\d|st\b|nd\b|rd\b|th\b)")
_DENOMINATORS = frozenset([2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 32, 64, 100])
_DOTTED_NUMBER = lazy_pattern(r"(?<![\w.])\d+(?:\.\d+){3}(?!\.?\w)")
_WHOLE_DECIMAL = lazy_pattern(r"(?<![\d.])(\d+)\.(0+)(?!\.?\d|%)")
_MINUS = lazy_pattern(r"(?<![\w)\]%.;])-(?=[$€£¢.]?\d)")
_LITERAL = lazy_pattern(r"(?<![\w.$€£¢])(?<!\bpoint )(?:0\d+|\d{16,})(?![\w%]|\.\d)")


def rewrite_amounts(text: str) -> str:
    if not _DIGIT.search(text):
        return text
    text = name_currencies(_money(text))
    if "-" in text:
        text = _MINUS.sub(" minus ", text)
    if "/" in text:
        text = _FRACTION.sub(_fraction, text)
    if "%" in text:
        text = _PERCENT_APART.sub("%", _POINT_PERCENT.sub(r"\1 percent", text))
    if "." in text:
        text = _DOTTED_NUMBER.sub(lambda found: found[0].replace(".", " dot "), text)
        text = _WHOLE_DECIMAL.sub(r"\1 point \2", text)
    text = _LETTER_DIGIT.sub(" ", text)
    return _LITERAL.sub(SHIELD + r"\g<0>", text)


def _money(text: str) -> str:
    text = _CODE.sub(lambda found: _CODES[found[1] or found[2]], text)
    if not _CURRENCY.search(text):
        return text
    text = _SIGN_BEFORE_MINUS.sub(r"-\1", text)
    text = _SIGN_AFTER.sub(r"\2\1", text)
    text = _SIGN_APART.sub(r"\1", text)
    text = _NO_CENTS.sub(r"\1", text)
    return _SCALED.sub(lambda found: f"{found[1]} {_SCALES[found[2] or found[3]]}", text)


_CODES = {"eur": "€", "usd": "$", "gbp": "£"}
_CODE = lazy_pattern(r"\b(eur|usd|gbp) ?(?=\d)|(?<=\d) ?(eur|usd|gbp)\b")
_CURRENCY = lazy_pattern(r"[$€£¢]")


def _fraction(found: re.Match[str]) -> str:
    """A fraction as one token; two numbers with a stroke that are none, such as 24/7, as they are said."""
    above, below = int(found[1]), int(found[2])
    if above == below:  # 50/50
        return f"{found[1]} {BREAK} {found[2]}"
    if 0 < above < below and below in _DENOMINATORS:
        return f"{SHIELD}{above}{FRACTION}{below}"
    return found[1] + found[2]
