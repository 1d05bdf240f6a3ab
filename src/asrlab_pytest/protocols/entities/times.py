"""Reads times of day. Without "am", "pm" or an hour beyond twelve, half of the day stays open: ``5:30?``."""

from __future__ import annotations

import re
from typing import NamedTuple

from asrlab_pytest.protocols.entities.quantities import behind_hyphen, below_hundred, pair_of_parts
from asrlab_pytest.protocols.entities.text import Tokens
from asrlab_pytest.protocols.entities.vocabulary import BEFORE_A_TIME, DAYTIMES, NAMED_TIMES

_UNITS = frozenset({"dollar", "dollars", "percent", "per", "thousand", "million", "billion", "hundred", "%"})


def time(tokens: Tokens, start: int) -> tuple[str, int] | None:
    """A canonical time that begins here, and the token after it."""
    if tokens.word(start) in NAMED_TIMES:
        return NAMED_TIMES[tokens.word(start)], start + 1
    return _in_figures(tokens, start) or _relative(tokens, start) or _full_hour(tokens, start) or _spoken(tokens, start)


def _in_figures(tokens: Tokens, start: int) -> tuple[str, int] | None:
    """As in "5:30", "17:30:15", "5.30 pm"."""
    text = tokens.word(start)
    if tokens.kind(start) == "time":
        hour, minute, *second = map(int, text.split(":"))
        half, end = _half(tokens, start + 1)
        value = _clock(hour, minute, half, second=second[0] if second else None, is_full=text.startswith("0"))
        return None if value is None else (value, end)
    if tokens.kind(start) == "number" and re.fullmatch(r"[0-9]{1,2}\.[0-9]{2}", text):
        hour, minute = map(int, text.split("."))
        half, end = _half(tokens, start + 1)
        value = _clock(hour, minute, half)
        return None if half is None or value is None else (value, end)
    return None


_PARTS = {"half": 30, "quarter": 15}
_BEFORE = frozenset({"to", "till"})
"""Between minutes and the hour that they lead up to."""
_DIRECTIONS = _BEFORE | {"past", "after"}


def _relative(tokens: Tokens, start: int) -> tuple[str, int] | None:
    """As in "half past five", "quarter-to six", "ten minutes past midnight", "at half five"."""
    found = _minutes(tokens, start)
    if found is None:
        return None
    minutes, place, is_part = found
    place = behind_hyphen(tokens, place)
    direction = tokens.word(place)
    direction = "to" if direction == "of" and tokens.word(place - 1) == "quarter" else direction
    has_direction = direction in _DIRECTIONS
    hour = _stated_hour(tokens, behind_hyphen(tokens, place + 1) if has_direction else place)
    if hour is None or not (has_direction or tokens.word(start) == "half"):
        return None
    is_sure = direction == "past" or (is_part and has_direction and tokens.word(place) != "of")
    is_round = minutes % 5 == 0 or direction == "till"
    if is_sure or (is_round and _sounds_like_a_time(tokens, start, hour)):
        return _counted(minutes, hour, is_before=direction in _BEFORE)
    return None


def _minutes(tokens: Tokens, start: int) -> tuple[int, int, bool] | None:
    """Minutes before or after an hour, the token behind them, and whether they are a part of the hour."""
    place = start + (tokens.word(start) == "a")
    if tokens.word(place) in _PARTS:
        return _PARTS[tokens.word(place)], place + 1, True
    found = _small(tokens, start)
    if found is None or not 1 <= found[0] <= 59:  # noqa: PLR2004
        return None
    minutes, place = found
    return minutes, place + (tokens.word(place) in {"minute", "minutes"}), False


class _Hour(NamedTuple):
    number: int
    half: str | None
    end: int
    has_name: bool = False


def _stated_hour(tokens: Tokens, place: int) -> _Hour | None:
    """An hour and its half of the day; noon and midnight state both."""
    name = NAMED_TIMES.get(tokens.word(place))
    if name is not None:
        return _Hour(12, "pm" if name == "12:00" else "am", place + 1, has_name=True)
    hour = _hour(tokens, place)
    if hour is None or tokens.word(hour[1]) in _UNITS or _is_quantity(tokens, hour[1]):
        return None
    return _Hour(hour[0], *_half(tokens, hour[1]))


def _sounds_like_a_time(tokens: Tokens, start: int, hour: _Hour) -> bool:
    """Whether "ten to twelve" is 11:50 and no range or result."""
    is_told = tokens.word(start - 1) in BEFORE_A_TIME - {"from", "between"} or _is_asked(tokens, start)
    return is_told or (hour.half is not None and not hour.has_name)


def _is_asked(tokens: Tokens, start: int) -> bool:
    """Whether the text says what time it is."""
    return tokens.word(start - 1) in {"is", "was"} and tokens.word(start - 2) in {"it", "time", "now"}


def _counted(minutes: int, hour: _Hour, *, is_before: bool) -> tuple[str, int] | None:
    """The time so many minutes before or after an hour."""
    number, half = hour.number, hour.half
    if is_before:
        # Ten to 12 p.m. is still before noon, and ten to 1 p.m. is 12:50 p.m.
        if number == 12 and half in ("am", "pm"):  # noqa: PLR2004
            half = "am" if half == "pm" else "pm"
        number, minutes = (number - 2) % 12 + 1, 60 - minutes
    value = _clock(number, minutes, half)
    return None if value is None else (value, hour.end)


def _is_quantity(tokens: Tokens, place: int) -> bool:
    """Whether a plural noun follows, so that "five to ten people" is a range."""
    word = tokens.word(place)
    return tokens.kind(place) == "word" and (word.endswith("s") or word in {"people", "children", "percent"})


def _full_hour(tokens: Tokens, start: int) -> tuple[str, int] | None:
    """As in "five o'clock", "5 p.m.", "12 noon"."""
    hour = _hour(tokens, start)
    if hour is None:
        return None
    number, place = hour
    if number == 12 and tokens.word(place) in NAMED_TIMES:  # noqa: PLR2004
        return NAMED_TIMES[tokens.word(place)], place + 1
    o_clock = _o_clock(tokens, place)
    is_told = o_clock is not None or tokens.word(start - 1) in BEFORE_A_TIME or _is_asked(tokens, start)
    half, end = _half(tokens, o_clock or place, by_daytime=is_told)
    value = _clock(number, 0, half)
    return None if value is None or (half is None and not o_clock) else (value, end)


def _o_clock(tokens: Tokens, place: int) -> int | None:
    """The token behind "o'clock", however it is cut."""
    if tokens.word(place) in {"o'clock", "oclock"}:
        return place + 1
    is_apart = tokens.word(place) in {"o", "oh"} and tokens.word(place + 1) in {"clock", "'clock"}
    return place + 2 if is_apart else None


def _spoken(tokens: Tokens, start: int) -> tuple[str, int] | None:
    """As in "five thirty p.m."; else behind a word such as "at", or with a hyphen: "a six-thirty flight"."""
    parts = pair_of_parts(tokens, start) or _in_two_figures(tokens, start)
    if parts is None:
        return None
    hour, minute, place = parts
    half, end = _half(tokens, place)
    is_time = half is not None or tokens.word(start - 1) in BEFORE_A_TIME or tokens.word(start + 1) == "-"
    value = _clock(hour, minute, half)
    return (value, end) if is_time and value is not None and tokens.word(place) not in _UNITS else None


def _in_two_figures(tokens: Tokens, start: int) -> tuple[int, int, int] | None:
    """As in "5 30 p.m.", which needs the half of the day."""
    texts = tokens.words(start, 2)
    if not (re.fullmatch(r"[0-9]{1,2}", texts[0]) and re.fullmatch(r"[0-5][0-9]", texts[1])):
        return None
    half, _ = _half(tokens, start + 2)
    return None if half is None else (int(texts[0]), int(texts[1]), start + 2)


def _hour(tokens: Tokens, place: int) -> tuple[int, int] | None:
    found = _small(tokens, place)
    return found if found is not None and 1 <= found[0] <= 12 else None  # noqa: PLR2004


def _small(tokens: Tokens, place: int) -> tuple[int, int] | None:
    """A number below a hundred, in figures or in words."""
    text = tokens.word(place)
    if tokens.kind(place) == "number" and re.fullmatch(r"[0-9]{1,2}", text):
        return int(text), place + 1
    return below_hundred(tokens, place)


def _half(tokens: Tokens, place: int, *, by_daytime: bool = True) -> tuple[str | None, int]:
    """Which half of the day is said here, and the token after it."""
    if tokens.kind(place) == "meridiem" or tokens.word(place) in {"am", "pm"}:
        return tokens.word(place)[0] + "m", place + 1
    if tokens.word(place) in {"a", "p"} and tokens.word(place + 1) == "m":
        return tokens.word(place) + "m", place + 2
    for phrase, half in DAYTIMES.items() if by_daytime and tokens.word(place) in {"in", "at"} else ():
        if tokens.words(place, len(phrase)) == phrase:
            return half, place + len(phrase)
    return None, place


def _clock(hour: int, minute: int, half: str | None, *, second: int | None = None, is_full: bool = False) -> str | None:
    if hour > 23 or minute > 59 or (second or 0) > 59:  # noqa: PLR2004
        return None
    tail = f"{minute:02d}" + ("" if second is None else f":{second:02d}")
    if hour > 12 or hour == 0 or (is_full and half is None):  # noqa: PLR2004
        return f"{hour:02d}:{tail}"
    if half == "night":
        half = "am" if hour in {12, 1, 2, 3, 4} else "pm"
    if half is None:
        return f"{hour}:{tail}?"
    return f"{hour % 12 + 12 * (half == 'pm'):02d}:{tail}"
