"""Reads dates: with the month as a word in both orders, ISO 8601, and figures with slashes, dots or hyphens."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterator

from asrlab_pytest.protocols.english_words import NO_NOUNS
from asrlab_pytest.protocols.entities.entity import DEFAULT, EntityParameters
from asrlab_pytest.protocols.entities.money import money, percent
from asrlab_pytest.protocols.entities.ordinals import ordinal
from asrlab_pytest.protocols.entities.quantities import below_hundred, unsigned, whole, year_in_pairs
from asrlab_pytest.protocols.entities.text import Tokens
from asrlab_pytest.protocols.entities.vocabulary import BEFORE_A_VERB, MONTH_WORDS, SCALES, UNITS, VERB_MONTHS

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_UNITS = frozenset({"%", "percent", "per", "dollars", "euros", "pounds", "bucks", "cents", "hundred", "k", *SCALES})
"""Before one of these words, a number is not a day: "in March 20 percent of them"."""
_COUNTED = frozenset({"people", "persons", "children", "men", "women", "users", "customers", "jobs", "homes", "miles"})
"""Before one of these words, a round number is not a year: "in June twelve hundred people"."""
_FIRST_YEAR_BEFORE_A_NOUN, _LAST_YEAR_BEFORE_A_NOUN = 1500, 2099
_MOST_ENDS = 20
"""Of a range, in a text that says more and more of them."""
_PIVOT = 70
"""Two figures from here up are a year of the twentieth century."""


def date(tokens: Tokens, start: int, parameters: EntityParameters) -> tuple[str, int] | None:
    """A canonical date that begins here, and the token after it; the longest reading."""
    if tokens.kind(start) == "date":
        value = _in_figures(tokens.word(start), parameters)
        return None if value is None else (value, start + 1)
    readings = [*_month_first(tokens, start), *_day_first(tokens, start)]
    return max(readings, key=lambda reading: reading[1], default=None)


def _in_figures(text: str, parameters: EntityParameters) -> str | None:
    first, second, third = re.split(r"[./-]", text)
    if len(first) == 4:  # noqa: PLR2004
        return _value(int(first), int(second), int(third))
    year = int(third) + (0 if len(third) == 4 else 1900 if int(third) >= _PIVOT else 2000)  # noqa: PLR2004
    month, day = (int(first), int(second)) if parameters.date_order == "MDY" else (int(second), int(first))
    return _value(year, month, day) or _value(year, day, month)


def _value(year: int | None, month: int, day: int | None) -> str | None:
    if not 1 <= month <= len(_DAYS) or (day is not None and not 1 <= day <= _DAYS[month - 1]):
        return None
    if (month, day) == (2, 29) and year is not None and not isleap(year):
        return None
    if day is None:
        return f"{year:04d}-{month:02d}"
    return f"{'-' if year is None else f'{year:04d}'}-{month:02d}-{day:02d}"


def _month_first(tokens: Tokens, start: int) -> Iterator[tuple[str, int]]:
    """As in "March 3, 2024", "March third", "March 2024"."""
    month = _month(tokens, start)
    if month is None:
        return
    number, place = month
    year = _year(tokens, place + (tokens.word(place) in {"of", ","}))
    if year is not None:
        yield f"{year[0]:04d}-{number:02d}", year[1]
    place += tokens.word(place) == "the"
    day = _day(tokens, place)
    if day is not None:
        yield from _dated(tokens, number, *day)


def _day_first(tokens: Tokens, start: int) -> Iterator[tuple[str, int]]:
    """As in "3 March 2024", "the third of March"."""
    day = _day(tokens, start + (tokens.word(start) == "the"))
    if day is None:
        return
    number, place = day
    month = _month(tokens, place + (tokens.word(place) == "of"))
    if month is not None and not (tokens.word(place) in VERB_MONTHS and _ends_a_price(tokens, start)):
        yield from _dated(tokens, month[0], number, month[1])


def _ends_a_price(tokens: Tokens, start: int) -> bool:
    """Whether a number is the second end of a range of money: "$15-20 may apply"."""
    is_between = tokens.word(start - 1) == "and" and "between" in tokens.words(start - 6, 5)
    is_joined = is_between or tokens.word(start - 1) in {"-", "to", "or"}
    is_written = tokens.kind(start - 2) == "number" and tokens.kind(start - 3) == "currency"
    return is_joined and (is_written or tokens.word(start - 2) in UNITS)


def _dated(tokens: Tokens, month: int, day: int, end: int) -> Iterator[tuple[str, int]]:
    """The date without a year, and with the year that follows."""
    value = _value(None, month, day)
    if value is None:
        return
    yield value, end
    comma = tokens.word(end) in {",", "of", "in"}
    year = _year(tokens, end + comma)
    if year is not None and (dated := _value(year[0], month, day)):
        yield dated, year[1]


def _month(tokens: Tokens, place: int) -> tuple[int, int] | None:
    """A month's number. "may" and "march" behind a pronoun are verbs, unless a day of the month follows."""
    word = tokens.word(place)
    is_verb = word in VERB_MONTHS and tokens.word(place - 1) in BEFORE_A_VERB and not _is_dated(tokens, place)
    if word not in MONTH_WORDS or is_verb:
        return None
    is_short = len(word) < 5 and word not in {"may", "june", "july"} and tokens.touches(place + 1)  # noqa: PLR2004
    return MONTH_WORDS[word], place + 1 + (is_short and tokens.word(place + 1) == ".")


def _is_dated(tokens: Tokens, place: int) -> bool:
    """Whether a month follows "to" and a day or year follows it: "moved to May 5", but not "to march 5 miles"."""
    if tokens.word(place - 1) != "to":
        return False
    if ordinal(tokens, place + 1 + (tokens.word(place + 1) == "the")) or _year(tokens, place + 1):
        return True
    day = _day(tokens, place + 1)
    return day is not None and (tokens.word(place) == "may" or tokens.kind(day[1]) != "word")


def _day(tokens: Tokens, place: int) -> tuple[int, int] | None:
    found = ordinal(tokens, place)
    if found is None:
        text = tokens.word(place)
        if tokens.kind(place) == "number" and text.isdigit() and len(text) < 3:  # noqa: PLR2004
            found = int(text), place + 1
        else:
            found = below_hundred(tokens, place)
        if found is not None and _goes_on(tokens, place, found):
            return None
    return found if found is not None and 1 <= found[0] <= 31 else None  # noqa: PLR2004


def _goes_on(tokens: Tokens, place: int, found: tuple[int, int]) -> bool:
    """Whether a number is only the beginning of a larger number, a decimal, an amount or a percentage."""
    for _ in range(_MOST_ENDS):
        value, end = found
        pair = year_in_pairs(tokens, place)
        if tokens.word(end) in _UNITS or (pair is not None and pair[1] > end and _is_count(tokens, *pair)):
            return True
        longer = unsigned(tokens, place)
        if longer is not None and longer.end > end and longer.value > value:
            return True
        if tokens.word(end) not in {"-", "to", "or"} or tokens.word(end + 1) == "-":
            amount = percent(tokens, place) or money(tokens, place, DEFAULT)
            return amount is not None and tokens.word(end) != "grand" and amount[1] > end
        last = unsigned(tokens, end + 1)
        if last is None:
            return False
        place, found = end + 1, (int(last.value), last.end)
    return False


def _year(tokens: Tokens, place: int) -> tuple[int, int] | None:
    """A year of four figures, in figures or in words, that no unit follows."""
    text = tokens.word(place)
    if tokens.kind(place) == "number" and re.fullmatch(r"[12][0-9]{3}", text):
        found: tuple[int, int] | None = int(text), place + 1
    else:
        readings = (year_in_pairs(tokens, place), _year_in_full(tokens, place))
        found = max((reading for reading in readings if reading), key=lambda reading: reading[1], default=None)
    return None if found is None or _goes_on(tokens, place, found) or _is_count(tokens, *found) else found


def _is_count(tokens: Tokens, value: int, end: int) -> bool:
    """Whether a number of four figures counts what follows: of years, only recent ones stand before a plural."""
    word = tokens.word(end)
    if value < _FIRST_YEAR_BEFORE_A_NOUN and word.endswith("s") and word not in NO_NOUNS and tokens.kind(end) == "word":
        return True
    return word in _COUNTED and (value % 100 == 0 or value > _LAST_YEAR_BEFORE_A_NOUN)


def _year_in_full(tokens: Tokens, place: int) -> tuple[int, int] | None:
    """As in "two thousand and five"; a number of thousands and hundreds is no year."""
    found = whole(tokens, place)
    if found is None or not 1000 <= found.value < 3000:  # noqa: PLR2004
        return None
    is_amount = {"thousand", "hundred"} <= set(tokens.words(place, found.end - place))
    return None if is_amount else (int(found.value), found.end)
