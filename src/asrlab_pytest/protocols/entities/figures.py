"""Reads phone numbers, and digits that are read one by one: codes, versions, addresses of machines."""

from __future__ import annotations

import re

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.entities.entity import EntityType
from asrlab_pytest.protocols.entities.quantities import LONGEST, below_hundred, pair_of_parts, whole
from asrlab_pytest.protocols.entities.text import Tokens
from asrlab_pytest.protocols.entities.vocabulary import OH, ONES, REPEATS, SCALES, TEENS, TENS, UNITS

_PHONE = frozenset({7, 10, 11, 12, 13})
"""How many digits read one by one are a phone number."""
_LOCAL = 7
_FEWEST = 3
_WRITTEN_PHONE = lazy_pattern(r"[2-9][0-9]{9}|1[2-9][0-9]{9}|0[0-9]{9,10}")
"""Ten or eleven figures in a row that are a phone number."""
_SCALES = frozenset({"hundred", *SCALES})

Found = tuple[EntityType, str, int]


def figures(tokens: Tokens, start: int) -> Found | None:
    """A phone number or digits that begin here: type, value, and the token after them."""
    return _written(tokens, start) or _dotted(tokens, start) or _spoken(tokens, start)


def _spoken(tokens: Tokens, start: int) -> Found | None:
    readings = [_read_one_by_one(tokens, start), _behind_zeros(tokens, start)]
    return max((reading for reading in readings if reading), key=lambda reading: reading[2], default=None)


def _written(tokens: Tokens, start: int) -> Found | None:
    text = tokens.word(start)
    digits = re.sub(r"[^0-9]", "", text)
    if tokens.kind(start) == "phone" and _LOCAL <= len(digits) <= 15:  # noqa: PLR2004
        return "phone", digits, start + 1
    if tokens.kind(start) in {"dotted", "date"} and text.count(".") >= 2:  # noqa: PLR2004
        return "digits", text, start + 1
    if tokens.kind(start) != "number" or text != digits:
        return None
    if _WRITTEN_PHONE.fullmatch(text):
        return "phone", text, start + 1
    is_code = len(text) >= _FEWEST and (text[0] == "0" or len(text) > LONGEST)
    return ("digits", text, start + 1) if is_code else None


def _dotted(tokens: Tokens, start: int) -> Found | None:
    """As in "one point two point three", "one nine two dot one six eight dot zero dot one"."""
    parts: list[str] = []
    place = start
    while True:
        part = _part(tokens, place)
        if part is None:
            return None
        parts.append(part[0])
        place = part[1]
        if tokens.word(place) not in {"point", "dot"} or _part(tokens, place + 1) is None:
            break
        place += 1
    return ("digits", ".".join(parts), place) if len(parts) >= _FEWEST else None


def _part(tokens: Tokens, start: int) -> tuple[str, int] | None:
    if tokens.kind(start) == "number" and tokens.word(start).isdigit():
        return tokens.word(start), start + 1
    digits, place = "", start
    while (one := _digit(tokens, place)) is not None and tokens.word(place) not in OH:
        digits += one[0]
        place = one[1]
    if digits:
        return digits, place
    pair = below_hundred(tokens, start)
    return None if pair is None else (str(pair[0]), pair[1])


def _digit(tokens: Tokens, place: int) -> tuple[str, int] | None:
    """One digit as it is read aloud, or several at once by "double" and "triple"."""
    word = tokens.word(place)
    if word in REPEATS:
        one = _digit(tokens, place + 1) if tokens.word(place + 1) not in REPEATS else None
        return None if one is None else (one[0] * REPEATS[word], one[1])
    if word in OH:
        return "0", place + 1
    if word in ONES:
        return str(ONES[word]), place + 1
    is_figure = tokens.kind(place) == "number" and len(word) == 1
    return (word, place + 1) if is_figure else None


def _read_one_by_one(tokens: Tokens, start: int) -> Found | None:
    if tokens.word(start) in OH and not _begins_with_oh(tokens, start):
        return None
    place = start + (tokens.word(start) in {"plus", "+"})
    digits, end, has_comma = _run(tokens, place)
    if len(digits) < _FEWEST or (len(digits) == _FEWEST and has_comma):
        return None
    return ("phone" if len(digits) in _PHONE else "digits"), digits, end


def _begins_with_oh(tokens: Tokens, start: int) -> bool:
    """Whether "oh" is a zero: two more digits follow, and none stands before."""
    second = _digit(tokens, start + 1)
    return second is not None and _digit(tokens, second[1]) is not None


def _run(tokens: Tokens, start: int) -> tuple[str, int, bool]:
    """The digits from here on, the token after them, and whether commas or hyphens part them."""
    return _toll_free(tokens, start) or _plain_run(tokens, start)


def _plain_run(tokens: Tokens, start: int) -> tuple[str, int, bool]:
    digits, place, has_comma = "", start, False
    while True:
        gap = bool(digits) and tokens.word(place) in {",", "-"}
        one = _digit(tokens, place + gap)
        if one is None or _belongs_to_a_number(tokens, one[1]):
            break
        digits, place, has_comma = digits + one[0], one[1], has_comma or gap
    if _FEWEST <= len(digits) < _LOCAL:
        digits, place = _with_pairs(tokens, digits, place)
    return digits, place, has_comma


def _belongs_to_a_number(tokens: Tokens, place: int) -> bool:
    """Whether a digit begins "five hundred", "two million" or "one point five"."""
    word = tokens.word(place)
    return word == "hundred" or word in SCALES or (word == "point" and _digit(tokens, place + 1) is not None)


def _toll_free(tokens: Tokens, start: int) -> tuple[str, int, bool] | None:
    """As in "one eight hundred" or "eight hundred" before seven more digits, "zero eight hundred" before any."""
    zeros, place = _zeros(tokens, start)
    place += not zeros and tokens.word(start) == "one"
    lead = ONES.get(tokens.word(place))
    if not lead or tokens.word(place + 1) != "hundred":
        return None
    rest, end, has_comma = _plain_run(tokens, place + 2 + (tokens.word(place + 2) == ","))
    if len(rest) < _FEWEST if zeros else len(rest) != _LOCAL:
        return None
    return f"{zeros or ('1' if place > start else '')}{lead}00{rest}", end, has_comma


def _behind_zeros(tokens: Tokens, start: int) -> Found | None:
    """As in "zero eight hundred", "zero six thirty": a number with the zeros that are said before it."""
    zeros, place = _zeros(tokens, start)
    if not zeros or tokens.word(start - 1) in ONES:
        return None
    parts = pair_of_parts(tokens, place)
    if parts is not None:
        is_time = tokens.kind(parts[2]) == "meridiem" or tokens.word(parts[2]) in {"am", "pm"}
        return None if is_time else ("digits", f"{zeros}{parts[0]}{parts[1]:02d}", parts[2])
    number = whole(tokens, place)
    if number is None or tokens.word(number.end) in UNITS:
        return None
    if not any(tokens.word(scale) in _SCALES for scale in range(place, number.end)):
        return None
    return "digits", f"{zeros}{number.value}", number.end


def _zeros(tokens: Tokens, start: int) -> tuple[str, int]:
    """The zeros that are said from here on, and the token after them."""
    zeros, place = "", start
    while tokens.word(place + (tokens.word(place) in REPEATS)) == "zero":
        zeros += "0" * REPEATS.get(tokens.word(place), 1)
        place += 1 + (tokens.word(place) in REPEATS)
    return zeros, place


def _with_pairs(tokens: Tokens, digits: str, start: int) -> tuple[str, int]:
    """The digits with the pairs that make them a phone number: "five five five, twelve thirty four"."""
    more, place = digits, start + (tokens.word(start) == ",")
    while tokens.word(place) in TEENS or tokens.word(place) in TENS:
        pair = below_hundred(tokens, place)
        assert pair is not None
        more, place = more + str(pair[0]), pair[1]
    return (more, place) if len(more) == _LOCAL else (digits, start)
