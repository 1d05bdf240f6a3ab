"""What the profile `en` writes for amounts of money, feet and inches, and thousands, written or spoken."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.english_words import AFTER_AN_AMOUNT
from asrlab_pytest.protocols.normalization.english.marks import BREAK, SHIELD

CURRENCIES = {
    "¥": ("yen", "yen"),
    "₹": ("rupee", "rupees"),
    "₨": ("rupee", "rupees"),
    "₩": ("won", "won"),
    "₽": ("ruble", "rubles"),
    "₺": ("lira", "lira"),
    "₴": ("hryvnia", "hryvnias"),
    "₪": ("shekel", "shekels"),
    "₫": ("dong", "dong"),
    "₱": ("peso", "pesos"),
    "฿": ("baht", "baht"),
    "₿": ("bitcoin", "bitcoins"),
    "₦": ("naira", "naira"),
    "₵": ("cedi", "cedis"),
    "₸": ("tenge", "tenge"),
    "₼": ("manat", "manat"),
    "₾": ("lari", "lari"),
    "৳": ("taka", "taka"),
    "us$": ("us dollar", "us dollars"),
    "a$": ("australian dollar", "australian dollars"),
    "c$": ("canadian dollar", "canadian dollars"),
    "ca$": ("canadian dollar", "canadian dollars"),
    "hk$": ("hong kong dollar", "hong kong dollars"),
    "nz$": ("new zealand dollar", "new zealand dollars"),
}
"""Signs that Whisper's rules do not know, with the names of one and of more."""
_SIGN = rf"(?:\b(?:us|a|ca?|hk|nz)\$|[{''.join(sign for sign in CURRENCIES if len(sign) == 1)}])"
_NUMBER = r"\d+(?:\.\d+)?"
_SCALE = r"thousand|million|billion|trillion"
_SHORT_SCALES = {
    "k": "thousand",
    **dict.fromkeys(("m", "mn", "mil", "mill"), "million"),
    **dict.fromkeys(("b", "bn"), "billion"),
    **dict.fromkeys(("t", "tn", "trn"), "trillion"),
}
_SCALED = rf"({_NUMBER})(?: ?({_SCALE}|{'|'.join(_SHORT_SCALES)})\b)?"
_BEFORE = lazy_pattern(rf"({_SIGN})\s?{_SCALED}")
_AFTER = lazy_pattern(rf"(?<![\w.]){_SCALED} ?({_SIGN})(?!\d)")
_MINUS = lazy_pattern(rf"({_SIGN})-(?=\d)")
HAS_SIGN = lazy_pattern(_SIGN)


def name_currencies(text: str) -> str:
    """Writes ¥5 million as 5 million yen."""
    if not HAS_SIGN.search(text):
        return text
    text = _AFTER.sub(lambda found: _named(found[1], found[2], found[3]), _MINUS.sub(r"-\1", text))
    return _BEFORE.sub(lambda found: _named(found[2], found[3], found[1]), text)


def _named(number: str, scale: str | None, sign: str) -> str:
    one, more = CURRENCIES[sign]
    name = one if number == "1" and not scale else more
    return " ".join(filter(None, (number, scale and _SHORT_SCALES.get(scale, scale), name)))


_FEET_AND_INCHES = lazy_pattern(r"(?<![\d'])(\d{1,2})'(?:(\d{1,2})(?:\"|'')?| (\d{1,2})(?:\"|''))(?![\d'])")
_OF_LENGTH = r"(?= (?:tall|long|wide|high|deep|thick|by)\b)"
_UNITS = {
    "foot": "feet|ft",
    "inch": "inches",
    "degrees": "degree",
    "km h": "(?:kilomet(?:er|re)s?|kms?) (?:per|an) hour|kmh|kph",
    "mph": "miles? (?:per|an) hour",
    "km squared": "square (?:kilomet(?:er|re)s?|km)|sq km",
    "m squared": "square (?:met(?:er|re)s?|m)|sq m",
    "cm squared": "square (?:centimet(?:er|re)s?|cm)|sq cm",
    "foot squared": "square (?:feet|foot|ft)|sq (?:feet|ft)",
    "m cubed": "cubic (?:met(?:er|re)s?|m)",
    "cm cubed": "cubic (?:centimet(?:er|re)s?|cm)",
    "km": "kilomet(?:er|re)s?|kms",
    "cm": "centimet(?:er|re)s?",
    "mm": "millimet(?:er|re)s?",
    "kg": "kilogram(?:me)?s?|kilos?|kgs",
    "mg": "milligrams?",
    "ml": "millilit(?:er|re)s?",
    "kwh": "kilowatt hours?",
    "gb": "gigabytes?",
    "mb": "megabytes?",
}
"""Units after a number, whose signs say neither one nor more, with their other forms as regular expressions."""
_UNIT = lazy_pattern(rf"(?<=\d )(?:{'|'.join(f'({forms})' for forms in _UNITS.values())})\b")
_FEET = lazy_pattern(rf"(?<=\d)'{_OF_LENGTH}")
_INCHES = lazy_pattern(rf"(?<=\d)(?:\"|''){_OF_LENGTH}")
_OPENING_QUOTE = lazy_pattern(r"(?<!\w)'(?=\.*[^\s.,;:!?)])")
_OPENING_DOUBLE_QUOTE = lazy_pattern(r"(?<!\w)(?:\"|'')(?=\.*[^\s.,;:!?)])")
_OPEN_QUOTE = lazy_pattern(r"(?<!\w)'(?=\.*[^\s.,;:!?)])(?:[^']|(?<=\w)'(?=\w))*$")
_OPEN_DOUBLE_QUOTE = lazy_pattern(r"(?<!\w)\"(?=\.*[^\s.,;:!?)])[^\"]*$")
_LONE_FEET = lazy_pattern(r"(?<=\d)'(?![\w'\"])")
_LONE_INCHES = lazy_pattern(r"(?<=\d)(?:\"|'')(?!\w)")
_SPOKEN_FEET = lazy_pattern(
    r"\b(\d+) (?:foot|feet|ft) (?:and )?(\d{1,2}(?:\.\d+)?)"
    r"(?: inch(?:es)?\b| in(?= *$| (?:tall|long|wide|high|deep)\b))?\b(?! (?:percent|feet|foot))"
)


def say_feet(text: str) -> str:
    """Writes 5'2" as 5 foot 2."""
    if "'" not in text and '"' not in text:
        return text
    text = _FEET_AND_INCHES.sub(lambda found: f"{found[1]} foot {found[2] or found[3]}", text)
    if not _OPENING_QUOTE.search(text):
        text = _LONE_FEET.sub(" foot", text)
    if not _OPENING_DOUBLE_QUOTE.search(text):
        text = _LONE_INCHES.sub(" inch", text)
    text = _FEET.sub(lambda found: _measure(found, _OPEN_QUOTE, " foot"), text)
    return _INCHES.sub(lambda found: _measure(found, _OPEN_DOUBLE_QUOTE, " inch"), text)


def _measure(found: re.Match[str], opened: re.Pattern[str], unit: str) -> str:
    """The unit, unless the mark ends a quotation: "Area 51" by the locals."""
    return found[0] if opened.search(found.string[: found.start()]) else unit


_THOUSANDS = lazy_pattern(rf"(?<![\w.])([$€£]?)({_NUMBER}) k\b")
_CENTS = lazy_pattern(rf"([€£$]\d+) (?:and )?(?:{BREAK} )?¢(\d{{1,2}})(?!\d)")
_ONLY_CENTS = lazy_pattern(r"[€$]0\.(\d\d)(?!\d)")
_PENCE = lazy_pattern(rf"(£\d+) (?:and )?(?:{BREAK} )?(\d{{1,2}}) (?:pence|p)\b")
_ONLY_PENCE = lazy_pattern(r"(?<![\w.£])(?:(\d+) pence|(\d{1,2}) p)\b")
_AMOUNT = r"\d+(?:\.\d+)?"
_NEGATIVE = lazy_pattern(rf"\bnegative (?={SHIELD}?[$€£¢]?\d)")
_FIRST_SIGN = lazy_pattern(
    rf"([$€£])(?={_AMOUNT} (?:to|or) \1(?!0\.)\d)|(?<=between )([$€£])(?={_AMOUNT} (?:{BREAK} )?and \2\d)"
)
_FIRST_PERCENT = lazy_pattern(
    rf"(?<![\d.])({_AMOUNT})%(?= (?:to|or) (?:{SHIELD}?(?:plus|minus) )?{_AMOUNT}%)"
    rf"|(?<=between )({_AMOUNT})%(?= and {_AMOUNT}%)"
)
_FIRST_DEGREES = lazy_pattern(
    r"(?<=\d) degrees( celsius| fahrenheit)?"
    rf"(?= (?:to|or) (?:{SHIELD}?(?:plus|minus) )?{_AMOUNT} degrees(?(1)\1)\b)"
)
_CODES = {"usd": "$", "eur": "€", "gbp": "£"}
_CODE = lazy_pattern(rf"(?<![\w.$€£])({_AMOUNT}) ({'|'.join(_CODES)})\b")
_NAMES = "|".join(more for _, more in CURRENCIES.values() if more not in ("yen", "won"))
_NO_SCALE = rf"(?![\d.]| (?:{_SCALE}|hundred)\b)"
_SMALL_AMOUNT = rf"\d{{1,5}}(?:\.\d+)?{_NO_SCALE}"
"""No millions, of which the first end of a range shares the scale."""
_TENTH = lazy_pattern(
    rf"(?<![\w.])([$€£]\d+)\.(\d){_NO_SCALE}"
    rf"|(?<![\w.$€£])(\d+)\.(\d)(?= (?:{_NAMES})\b| (?:to|or) [$€£]{_SMALL_AMOUNT})"
    rf"|(?<=between )(\d+)\.(\d)(?= and [$€£]{_SMALL_AMOUNT})"
)
"""One decimal of an amount, which has two as it is written; but of $2.5 million it is no tenth of a dollar."""
_REST = lazy_pattern(rf"([€£$]\d+) ([1-9]\d)(?= *$| {BREAK}| (?:{'|'.join(sorted(AFTER_AN_AMOUNT))})\b)")


def join_amounts(text: str) -> str:
    """Joins what Whisper's rules leave in two: dollars and cents, pounds and pence, feet and inches, 100 k.

    The sign of a range stays with its end only, and negative is minus: 10% to 12% and -5 say neither.
    """
    text = _THOUSANDS.sub(lambda found: found[1] + _thousands(found[2]), text)
    text = _CODE.sub(lambda found: _CODES[found[2]] + found[1], text)
    text = _UNIT.sub(lambda found: [*_UNITS][(found.lastindex or 1) - 1], _SPOKEN_FEET.sub(r"\1 foot \2", text))
    text = _PENCE.sub(lambda found: f"{found[1]}.{int(found[2]):02d}", text)
    text = _ONLY_PENCE.sub(lambda found: f"£{Decimal(found[1] or found[2]) / 100:.2f}", text)
    text = _CENTS.sub(lambda found: f"{found[1]}.{int(found[2]):02d}", text)
    text = _FIRST_SIGN.sub("", _REST.sub(r"\1.\2", _NEGATIVE.sub("minus ", text)))
    if "." in text:
        text = _TENTH.sub(_hundredths, text)
    text = _FIRST_PERCENT.sub(lambda found: found[1] or found[2], text)
    text = _FIRST_DEGREES.sub("", text) if "degrees" in text else text
    return _ONLY_CENTS.sub(lambda found: f"¢{int(found[1])}", text)


def _hundredths(found: re.Match[str]) -> str:
    """An amount with one decimal as it is written with its cents: $2.5 is $2.50."""
    whole, tenth = filter(None, found.groups())
    return whole if tenth == "0" else f"{whole}.{tenth}0"


def _thousands(number: str) -> str:
    product = Fraction(number) * 1000
    return str(product.numerator) if product.denominator == 1 else f"{number} k"
