"""Steps of the profile `en` on numbers in words: Whisper's number rules, and what must be settled before and after."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.english_words import DIGITS, SCALES, TEENS, TENS
from asrlab_pytest.protocols.normalization.english.conjunctions import part_numbers
from asrlab_pytest.protocols.normalization.english.marks import BREAK, FRACTION, SHIELD
from asrlab_pytest.protocols.normalization.english.measures import join_amounts
from asrlab_pytest.protocols.normalization.english.sequences import part_sequences
from asrlab_pytest.protocols.normalization.whisper import english

_VALUES = {word: value for value, word in enumerate([*DIGITS, *TEENS], start=1)}
_SPELT_DIGITS = frozenset([*DIGITS, "zero", "oh", "o"])
_OH_ALONE = frozenset(["oh", "o"])
_YEAR_DIGITS = frozenset([*DIGITS, *"123456789"])
_BEFORE_YEAR = frozenset(["in", "since", "until", "till", "before", "after", "of"])
"""Words before the last two digits of a year."""
_BELOW_HUNDRED = frozenset([*DIGITS, *TEENS, *TENS, "zero"])

_MONTH = "(january|february|march|april|may|june|july|august|september|october|november|december)"
_PARTS = {
    "half": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "twelfth": 12,
    "sixteenth": 16,
    "twentieth": 20,
}
_PLURAL_PARTS = {("halves" if name == "half" else name + "s"): value for name, value in _PARTS.items()}
_PLURAL_PARTS["hundredths"] = 100  # in the singular it is the ordinal: "the one hundredth time"
_NUMBER_BEFORE = rf"(?:\b(?:{'|'.join(TENS)}|hundred|thousand|and) )?"
_SPOKEN_FRACTION = lazy_pattern(
    rf"({_NUMBER_BEFORE})\b(?:(one|1) ({'|'.join(_PARTS)})|({'|'.join(_VALUES)}|\d\d?) ({'|'.join(_PLURAL_PARTS)}))\b"
)
_PARTS_OF = {
    **{name: below for name, below in _PARTS.items() if name not in ("half", "quarter")},
    **{f"{below}{'rd' if below == 3 else 'th'}": below for below in _PARTS.values() if below > 2},  # noqa: PLR2004
    "hundredth": 100,
    "100th": 100,
}
_PART_OF = lazy_pattern(rf"\ba ({'|'.join(_PARTS_OF)}) (?=of\b(?! {_MONTH}\b))")
_NOUGHT = lazy_pattern(
    rf"\b(?:nought|naught)(?= (?:point|percent|per cent|to (?:{'|'.join([*DIGITS, *TEENS, *TENS])}|\d+))\b)"
    rf"|\boh?(?= point (?:{'|'.join([*_VALUES, *TENS, 'zero', 'oh?'])})\b)"
    r"|(?<=\bpoint )(?:(?:nought|naught)\b ?)+"
)
_NOUGHT_WORD = lazy_pattern(r"\b(?:nought|naught|oh?)\b")
_DECIMALS = {"half": "five", "quarter": "two five", "quarters": "seven five"}
_AND_A_HALF = lazy_pattern(
    rf"\b({'|'.join([*_VALUES, *TENS])}|\d+) and (?:(?:a|one|1) (half|quarter)|(?:three|3) (quarters))\b"
)
_A_HUNDRED = lazy_pattern(
    r"(?<!half )\ba (?=(?:hundred|thousand|million|billion|trillion)\b|"
    rf"(?:dollar|euro|pound)(?: and(?= \S+(?: \S+)? (?:cents|pence)\b))? (?:{'|'.join([*TEENS, *TENS])}|\d\d)\b)"
)
_THREE_QUARTER = lazy_pattern(r"\b(three|3) quarter\b(?! ?(?:finals?|backs?)\b)")
# After these it is a unit of time; "thirty second" may be the ordinal and stays with Whisper's rules.
_UNIT_SECOND = lazy_pattern(rf"\b({'|'.join(_VALUES)}|\d*(?:[1-9]|10)) (?=second\b)")
_SIGN_WORD = lazy_pattern(r"\b(?=(?:minus|negative|plus|positive)\b)")
_SPELT_DIGIT = rf"(?:{'|'.join([*DIGITS, 'zero', 'oh', 'o'])})"
_SPELT_HUNDREDS = lazy_pattern(rf"\b({_SPELT_DIGIT}) hundred(?=(?: {_SPELT_DIGIT}\b){{3}})")
_ZEROS = lazy_pattern(
    r"(?:\b(?:(?:double|triple) )?zero )+"
    rf"(?=(?:(?:{'|'.join([*_VALUES, *TENS])}|\d{{1,3}}) )+(?:{'|'.join(SCALES)})\b)"
)
"""Zeros said before a number with a scale, whose product would drop them: zero eight hundred."""
_TIMES = ("double", "triple")
_TIMES_ZERO = lazy_pattern(r"(double|triple) zero")
_INSIDE_A_NUMBER = lazy_pattern(rf"(?:\b(?:{'|'.join([*_VALUES, *TENS, 'point', 'oh?'])})|\d) $")
_HELD_ZERO = f"{SHIELD}zero"
_HELD_ZEROS = lazy_pattern(rf"{SHIELD}((?:zero)+)(?: (?=\d))?")
_LARGE = rf"(?:{'|'.join([*_VALUES, *TENS])}|hundred|thousand|\d{{1,3}})"
_THOUSANDS_OF_MILLIONS = lazy_pattern(
    rf"(?<![\w.])((?:{_LARGE} )+?(?:(?:thousand|hundred)(?: (?:and )?{_LARGE})*|(?:million|billion|trillion))"
    r"|[$€£]?\d{4,15}) (thousand|million|billion|trillion)\b(?! [mbtr]+illion\b)"
)
_PLACES = 3
"""How many digits before a scale word Whisper's rules read."""
_QUARTER_OF_A_YEAR = lazy_pattern(r"\bq ((?:one|two|three|four|[1-4])\b)")
_SCALE_AND_A_HALF = lazy_pattern(r"\b(?:(a) )?(million|billion|trillion) and a half\b")
_LONE_POINT = lazy_pattern(rf"\bpoint\b(?! (?:{'|'.join([*_VALUES, *TENS, 'zero', 'oh?'])}|\d[\d.]*)(?: |$))")
"""It begins no decimals; before another word of theirs, Whisper's rules drop it."""
_NINTH = lazy_pattern(r"\bninth\b")
_OH = lazy_pattern(r"\boh?\b")


@cache
def _numbers() -> Any:
    return english().standardize_numbers


@cache
def _number_word() -> re.Pattern[str]:
    """Matches where Whisper's number rules would change something."""
    words = sorted((_numbers().words - {"and", "per"}) | {"ninth"}, key=len, reverse=True)
    return re.compile(rf"\d|\b(?:{'|'.join(words)})\b")


_MOST_DIGITS = 4_000
"""Of a number that Python converts; Whisper's rules end with an error at more."""
_TOO_LONG = lazy_pattern(rf"(?<!\S)(?=\S*\d{{{_MOST_DIGITS}}})(?!{SHIELD})")


def number_words(text: str) -> str:
    if not _number_word().search(text):
        return text
    text = _SPELT_HUNDREDS.sub(r"\1 zero zero", text)
    if "zero " in text:
        text = _ZEROS.sub(_held_zeros, text)
    if "ught" in text or "point" in text:
        text = _NOUGHT.sub(lambda found: _NOUGHT_WORD.sub("zero", found[0]), text)
    if "illion" in text:
        text = _SCALE_AND_A_HALF.sub(lambda found: f"{'one ' if found[1] else ''}and a half {found[2]}", text)
    text = _NINTH.sub("nineth", _spoken_fractions(text))  # so Whisper's rules spell it
    text = _A_HUNDRED.sub("one ", part_numbers(text))
    if "q " in text:
        text = _QUARTER_OF_A_YEAR.sub(rf"q \1 {BREAK}", text)
    text = part_sequences(_LONE_POINT.sub(f"{SHIELD}point", text))
    if "illion" in text or "thousand" in text:
        text = _THOUSANDS_OF_MILLIONS.sub(_product, text)
    text = _UNIT_SECOND.sub(rf"\1 {SHIELD}", text)
    text = _SIGN_WORD.sub(SHIELD, text)
    if len(text) > _MOST_DIGITS:
        text = _TOO_LONG.sub(SHIELD, text)
    words = text.split()
    if _OH.search(text):
        words = _settle_oh(words)
    text = " ".join(word for word in _numbers().process_words(words) if word is not None)
    return _HELD_ZEROS.sub(lambda found: found[1].replace("zero", "0"), text) if _HELD_ZERO in text else text


def _held_zeros(found: re.Match[str]) -> str:
    """The zeros as one token that the number rules leave as it is, unless they stand inside a number."""
    if _INSIDE_A_NUMBER.search(found.string[: found.start()]):
        return found[0]
    zeros = _TIMES_ZERO.sub(lambda times: "zero" * (2 if times[1] == "double" else 3), found[0])
    return f"{SHIELD}{zeros.replace(' ', '')} "


def _product(found: re.Match[str]) -> str:
    """The digits of 1500 million, of which Whisper's rules multiply the 500 only."""
    number = " ".join(_numbers().process_words(found[1].split()))
    return found[0] if " " in number or len(number) <= _PLACES else number + "0" * SCALES[found[2]]


def _spoken_fractions(text: str) -> str:
    text = _THREE_QUARTER.sub(r"\1 quarters", text) if "quarter" in text else text
    text = _AND_A_HALF.sub(lambda found: f"{found[1]} point {_DECIMALS[found[2] or found[3]]}", text)
    if " of" in text:
        text = _PART_OF.sub(lambda found: f"{SHIELD}1{FRACTION}{_PARTS_OF[found[1]]} ", text)
    return _SPOKEN_FRACTION.sub(_fraction, text)


def _fraction(found: re.Match[str]) -> str:
    """A spoken fraction as one token; the ordinal of a larger number, such as twenty one third, as it is."""
    before, one, part, count, parts = found.groups()
    if before and before != "and ":
        return found[0]
    above = 1 if one else _VALUES.get(count) or int(count)
    below = _PARTS[part] if one else _PLURAL_PARTS[parts]
    return f"{before}{SHIELD}{above}{FRACTION}{below}"


_REACH = 3
"""How many words after an "oh" are looked at."""


def _settle_oh(words: list[str]) -> list[str]:
    """Reads each "oh" as a zero inside a spelt number, and shields it from the number rules elsewhere."""
    settled: list[str] = []
    for position, word in enumerate(words):
        if word not in ("oh", "o"):
            settled.append(word)
        else:
            after = words[position + 1 : position + 1 + _REACH]
            settled.append("zero" if _is_zero(settled, after) else SHIELD + word)
    return settled


def _is_zero(before: list[str], after: list[str]) -> bool:
    """Whether an "oh" between these words is a digit."""
    last = before[-1] if before else ""
    if before[-2:] == ["class", "of"] and after:  # class of oh five
        return after[0] in _SPELT_DIGITS
    if last in (*_TIMES, "point"):
        return True
    if last in _BEFORE_YEAR and after and after[0] in _YEAR_DIGITS:  # in oh eight
        return len(after) == 1 or not (_is_number(after[1]) or _number_word().fullmatch(after[1]))
    if last in _BELOW_HUNDRED or last.isdecimal():
        spelt = [word for word in before[-2:] if word in _SPELT_DIGITS or word.isdecimal() or word == "point"]
        return len(spelt) == 2 or (bool(after) and _is_number(after[0]))  # noqa: PLR2004
    digits = [word for word in after if word not in _TIMES]
    is_spelt = len(after) > 2 and all(word in _SPELT_DIGITS for word in digits)  # noqa: PLR2004
    is_spelt |= after[:1] != digits[:1] and bool(digits) and digits[0] in _SPELT_DIGITS
    return is_spelt and not _OH_ALONE.issuperset(digits)


def _is_number(word: str) -> bool:
    return word in _BELOW_HUNDRED or word in ("oh", "o") or word.isdecimal()


_BARE_POINT = lazy_pattern(r"(?<![\d.])\.(?=\d)")
_AND_FRACTION = lazy_pattern(rf"(?<=\d) and (?={SHIELD}?\d+{FRACTION})")
_FRACTION_PERCENT = lazy_pattern(rf"(?<={FRACTION})(\d+) (?:percent|per cent)\b")
_HALF = lazy_pattern(rf"(?<![\w.{FRACTION}])(\d+) {SHIELD}?(1{FRACTION}2|[13]{FRACTION}4)\b")
_HUNDREDTHS = {f"1{FRACTION}2": "5", f"1{FRACTION}4": "25", f"3{FRACTION}4": "75"}
_MONTH_DAY = lazy_pattern(rf"\b{_MONTH} (?:the )?(\d{{1,2}})(?:st|nd|rd|th)\b")
_DAY_MONTH = lazy_pattern(rf"(?:\bthe )?\b(\d{{1,2}})(?:st|nd|rd|th) (?:of )?{_MONTH}\b")
_ANY_DIGIT = lazy_pattern(r"\d")


def money_and_dates(text: str) -> str:
    if not _ANY_DIGIT.search(text):
        return text
    text = join_amounts(_BARE_POINT.sub("0.", text))
    if FRACTION in text:
        text = _FRACTION_PERCENT.sub(r"\1%", _AND_FRACTION.sub(" ", text))
        text = _HALF.sub(lambda found: f"{found[1]}.{_HUNDREDTHS[found[2]]}", text)
    text = _MONTH_DAY.sub(r"\1 \2", text)
    return _DAY_MONTH.sub(r"\1 \2", text)
