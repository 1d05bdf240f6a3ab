"""Reads numbers, spoken and written: cardinals, decimals, fractions, and years read in pairs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import inf

from asrlab_pytest.protocols.entities import vocabulary as words
from asrlab_pytest.protocols.entities.between import parts_two
from asrlab_pytest.protocols.entities.signs import after_sign
from asrlab_pytest.protocols.entities.text import Tokens

LONGEST = 18
"""Digits of a written number; a longer one is an identifier."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and the token after its last."""

    value: Fraction
    end: int
    spoken: bool

    @property
    def is_whole(self) -> bool:
        return self.value.denominator == 1


def canonical(value: Fraction) -> str:
    """A decimal where the number is one, else a ratio in lowest terms."""
    numerator, denominator = value.numerator, value.denominator
    places = 0
    while denominator % 10 == 0 or denominator % 5 == 0 or denominator % 2 == 0:
        factor = 10 if denominator % 10 == 0 else 5 if denominator % 5 == 0 else 2
        denominator //= factor
        numerator *= 10 // factor
        places += 1
    if denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    if not places:
        return str(numerator)
    figures = str(abs(numerator)).rjust(places + 1, "0")
    return f"{'-' * (numerator < 0)}{figures[:-places]}.{figures[-places:]}"


def quantity(tokens: Tokens, start: int) -> Quantity | None:
    """The longest number that begins here, its sign included; behind one, "a half" is a number too."""
    place = after_sign(tokens, start)
    if place is None:
        return unsigned(tokens, start)
    found = unsigned(tokens, place) or part_of_one(tokens, place)
    return None if found is None else replace(found, value=-found.value)


_IN_FRACTIONS = frozenset({"and", "-", *words.DENOMINATORS, *words.PLURAL_DENOMINATORS})


def unsigned(tokens: Tokens, start: int) -> Quantity | None:
    """The longest number that begins here; a minus is none."""
    found = _written(tokens, start) or _part_of_a_scale(tokens, start)
    if found is None:
        readings = [_spoken(tokens, start), _spoken_fraction(tokens, start)]
        return max((reading for reading in readings if reading), key=lambda reading: reading.end, default=None)
    if found.is_whole and tokens.word(found.end) in _IN_FRACTIONS:
        return _with_fraction(tokens, found) or _spoken_fraction(tokens, start) or found
    return found


def behind_hyphen(tokens: Tokens, place: int) -> int:
    """The token behind a hyphen that joins two words; without one, this token."""
    if tokens.word(place) != "-":
        return place
    return place + (tokens.touches(place) and tokens.touches(place + 1))


def part_of_one(tokens: Tokens, start: int) -> Quantity | None:
    """As in "a half", "half", "a third"; most of them are words unless a sign or a unit is next to them."""
    is_article = tokens.word(start) == "a"
    below = words.DENOMINATORS.get(tokens.word(start + is_article))
    is_part = below is not None and (is_article or below == 2)  # noqa: PLR2004
    return Quantity(Fraction(1, below), start + 1 + is_article, spoken=True) if below and is_part else None


def _written(tokens: Tokens, start: int) -> Quantity | None:
    """A figure, with the fraction and the scale that may follow it: 5, 1,250.5, 1 1/2, 3/4, ½, 1.5 million, 5k."""
    if tokens.kind(start) == "ratio" or tokens.word(start) in words.SIGNS:
        value = _ratio(tokens, start)
        return None if value is None else _scaled(tokens, Quantity(value, start + 1, spoken=False))
    text = tokens.word(start).replace(",", "")
    if tokens.kind(start) != "number" or len(text) > LONGEST:
        return None
    value, end = Fraction(text), start + 1
    part = _ratio(tokens, behind_hyphen(tokens, end))
    if value.denominator == 1 and part is not None:
        value, end = value + part, behind_hyphen(tokens, end) + 1
    elif value.denominator == 1 and (decimals := _point_and_decimals(tokens, end)):
        value, end = value + decimals[0], decimals[1]
    if tokens.word(end) == "hundred" and value.denominator == 1 and value < 100:  # noqa: PLR2004
        value, end = value * 100, end + 1
    scale = _written_scale(tokens, text, end)
    if scale is not None:
        return Quantity(value * scale, end + 1, spoken=False)
    return _scaled(tokens, Quantity(value, end, spoken=False))


def _written_scale(tokens: Tokens, number: str, place: int) -> int | None:
    """What the letters behind a figure multiply it by: 5k, 100M, 5bn, 2 bn; but 3M is a company, 4x100M a relay."""
    letters = tokens.word(place)
    is_million = tokens.written(place) == "M" and number != "3" and not _is_side(tokens, place - 1)
    touching = {"mn", "tn", *(("m",) if is_million else ())} if tokens.touches(place) else ()
    return words.SCALE_LETTERS.get(letters) if letters in {"k", "bn", "trn", *touching} else None


def _is_side(tokens: Tokens, place: int) -> bool:
    """Whether a figure is the second of 10x12 or 10 x 12; but not 10x 12."""
    is_cross = tokens.word(place - 1) == "x" and tokens.touches(place - 1) == tokens.touches(place)
    return (is_cross or tokens.word(place - 1) == "×") and tokens.kind(place - 2) == "number"


def _ratio(tokens: Tokens, place: int) -> Fraction | None:
    """A written fraction below one; 24/7 and 20/20 are none."""
    if tokens.word(place) in words.SIGNS:
        return Fraction(*words.SIGNS[tokens.word(place)])
    if tokens.kind(place) != "ratio":
        return None
    above, below = map(int, tokens.word(place).split("/"))
    return Fraction(above, below) if 0 < above < below else None


def _scaled(tokens: Tokens, number: Quantity) -> Quantity:
    """The number times the scale behind it, and the one behind that; 10,000 thousand are two numbers."""
    end = behind_hyphen(tokens, number.end) + 1
    scale = words.SCALES.get(tokens.word(end - 1))
    if scale is None or (scale == 1000 and number.value and number.value % 1000 == 0):  # noqa: PLR2004
        return number
    if number.is_whole:
        scale, end = _product(tokens, scale, end)
    return replace(number, value=number.value * scale, end=end)


def _product(tokens: Tokens, scale: int, end: int) -> tuple[int, int]:
    """A scale with the one behind it that it multiplies: thousand million, million million."""
    above = words.SCALES.get(tokens.word(end), 0)
    return (scale * above, end + 1) if above >= max(scale, words.SCALES["million"]) else (scale, end)


_PARTS_OF_A_SCALE = {"half": Fraction(1, 2), "quarter": Fraction(1, 4)}


def _part_of_a_scale(tokens: Tokens, start: int) -> Quantity | None:
    """As in "half a million", "a quarter of a million"."""
    place = start + 1 if tokens.word(start) == "a" else start
    part = _PARTS_OF_A_SCALE.get(tokens.word(place))
    if part is None:
        return None
    place += 1
    place += tokens.word(place) == "of"
    place += tokens.word(place) == "a"
    scale = words.SCALES.get(tokens.word(place))
    return None if scale is None else Quantity(part * scale, place + 1, spoken=True)


def _spoken(tokens: Tokens, start: int) -> Quantity | None:
    """A number in words, with its decimals, its fraction and its scale."""
    found = whole(tokens, start)
    if found is None:
        return _bare_decimals(tokens, start)
    return _with_decimals(tokens, found) or _with_fraction(tokens, found) or _with_letter(tokens, found)


def _with_letter(tokens: Tokens, found: Quantity) -> Quantity:
    """As in "five k"."""
    is_k = tokens.word(found.end) == "k"
    return replace(found, value=found.value * 1000, end=found.end + 1) if is_k else found


def _with_decimals(tokens: Tokens, found: Quantity) -> Quantity | None:
    decimals = _point_and_decimals(tokens, found.end)
    if decimals is None:
        return None
    part, end = decimals
    return _scaled(tokens, Quantity(found.value + part, end, spoken=True))


_BEHIND_A_DECIMAL = frozenset({"percent", "per", "pct", "%", *words.SCALES})


def _bare_decimals(tokens: Tokens, start: int) -> Quantity | None:
    """As in "point five percent", "a point five increase"; but in "at this point five people", the point is a word."""
    place = start + 1 if tokens.word(start) in words.OH else start
    decimals = _point_and_decimals(tokens, place)
    if decimals is None:
        return None
    part, end = decimals
    is_sure = place > start or tokens.word(end) in _BEHIND_A_DECIMAL or tokens.word(start - 1) in words.BEFORE_A_POINT
    is_sure |= _is_apart(tokens, start - 1) and (_is_apart(tokens, end) or tokens.word(end) in words.UNITS)
    return _scaled(tokens, Quantity(part, end, spoken=True)) if is_sure else None


def _is_apart(tokens: Tokens, place: int) -> bool:
    return tokens.kind(place) in {"", "symbol"}


def _point_and_decimals(tokens: Tokens, start: int) -> tuple[Fraction, int] | None:
    """A spoken point with the figures behind it: one by one, as a number below a hundred, or in digits."""
    if tokens.word(start) != "point":
        return None
    figures, place = "", start + 1
    while (figure := words.DECIMALS.get(tokens.word(place))) is not None:
        figures += str(figure)
        place += 1
    if not figures and tokens.kind(place) == "number" and tokens.word(place).isdigit():
        figures, place = tokens.word(place), place + 1
    if not figures:
        pair = below_hundred(tokens, place)
        if pair is None:
            return None
        figures, place = str(pair[0]), pair[1]
    return Fraction(f"0.{figures}"), place


def _with_fraction(tokens: Tokens, found: Quantity) -> Quantity | None:
    """As in "two and a half million", "three and three quarters", "two-and-a-half"."""
    place = behind_hyphen(tokens, found.end)
    if tokens.word(place) != "and":
        return None
    place = behind_hyphen(tokens, place + 1)
    below = words.DENOMINATORS.get(tokens.word(behind_hyphen(tokens, place + 1)))
    if tokens.word(place) == "a" and below is not None:
        # "a million and a half" is half a million more.
        unit = words.SCALES.get(tokens.word(found.end - 1), 1)
        end = behind_hyphen(tokens, place + 1) + 1
        return _scaled(tokens, replace(found, value=found.value + Fraction(unit, below), end=end))
    fraction = _spoken_fraction(tokens, place, whole_before=True)
    if fraction is None:
        return None
    return _scaled(tokens, replace(fraction, value=found.value + fraction.value))


def _spoken_fraction(tokens: Tokens, start: int, *, whole_before: bool = False) -> Quantity | None:
    """As in "two thirds", "three quarters of a million", "one half"; behind a whole number also "a half"."""
    is_figure = tokens.kind(start) == "number" and tokens.word(start).isdigit() and len(tokens.word(start)) < 3  # noqa: PLR2004
    above = (int(tokens.word(start)), start + 1) if is_figure else _below_thousand(tokens, start)
    if above is None:
        return None
    value, place = above
    place += tokens.word(place) == "-"
    table = words.DENOMINATORS if value == 1 else words.PLURAL_DENOMINATORS
    below = table.get(tokens.word(place))
    if below is None or (value >= below and not whole_before):
        return None
    found = Quantity(Fraction(value, below), place + 1, spoken=True)
    of_scale = tokens.words(found.end, 2) == ("of", "a") and tokens.word(found.end + 2) in words.SCALES
    return _scaled(tokens, replace(found, end=found.end + 2)) if of_scale else found


def below_hundred(tokens: Tokens, start: int) -> tuple[int, int] | None:
    """1 to 99 in words."""
    word = tokens.word(start)
    if word in words.TEENS:
        return words.TEENS[word], start + 1
    if words.ONES.get(word):
        return words.ONES[word], start + 1
    if word not in words.TENS:
        return None
    place = start + 1
    place += tokens.word(place) == "-"
    one = words.ONES.get(tokens.word(place))
    return (words.TENS[word] + one, place + 1) if one else (words.TENS[word], start + 1)


def _below_thousand(tokens: Tokens, start: int) -> tuple[int, int] | None:
    """1 to 9999 in words, by hundreds: "two hundred and five", "a hundred", "twelve hundred"."""
    if tokens.words(start, 2) == ("a", "hundred"):
        head: tuple[int, int] | None = (1, start + 1)
    else:
        head = below_hundred(tokens, start)
    hundred = behind_hyphen(tokens, head[1]) if head else 0
    if head is None or tokens.word(hundred) != "hundred":
        return head
    value, place = head[0] * 100, hundred + 1
    if parts_two(tokens, place):
        return value, place
    tail = below_hundred(tokens, place + (tokens.word(place) == "and"))
    if tail is None or tokens.word(tail[1]) == "hundred" or _is_fraction(tokens, place):
        return value, place
    return value + tail[0], tail[1]


def _is_fraction(tokens: Tokens, place: int) -> bool:
    """Whether "and" leads to a fraction: "one hundred and three quarters"."""
    return tokens.word(place) == "and" and _spoken_fraction(tokens, place + 1) is not None


def whole(tokens: Tokens, start: int) -> Quantity | None:
    """A whole number in words, zero included."""
    if tokens.word(start) == "zero" or (tokens.word(start) in words.NOUGHTS and _is_nought(tokens, start + 1)):
        return Quantity(Fraction(0), start + 1, spoken=True)
    total, place, limit = 0, start, inf
    while True:
        group = _group(tokens, place, is_first=place == start)
        if group is None:
            break
        value, scale, end = group
        if value * scale >= limit:
            break
        total, place, limit = total + value * scale, end, scale
        if scale == 1:
            break
    return Quantity(Fraction(total), place, spoken=True) if total else None


def _is_nought(tokens: Tokens, place: int) -> bool:
    """Whether "nought" counts: before decimals and a percentage, but not in "all for naught"."""
    return tokens.word(place) in {"percent", "per"} or _point_and_decimals(tokens, place) is not None


def _group(tokens: Tokens, place: int, *, is_first: bool) -> tuple[int, int, int] | None:
    """Up to three figures and their scale, behind "and", a comma, or nothing where others precede."""
    if not is_first and tokens.word(place) == "and":
        if _is_fraction(tokens, place) or parts_two(tokens, place):
            return None
        place += 1
    comma = not is_first and tokens.word(place) == ","
    place += comma
    if is_first and tokens.word(place) == "a" and tokens.word(place + 1) in words.SCALES:
        return 1, *_product(tokens, words.SCALES[tokens.word(place + 1)], place + 2)
    found = _below_thousand(tokens, place)
    if found is None:
        return None
    value, end = found
    scale = words.SCALES.get(tokens.word(behind_hyphen(tokens, end)))
    if scale is None:
        return None if comma and value < 100 else (value, 1, end)  # noqa: PLR2004
    end = behind_hyphen(tokens, end)
    return _with_hundreds(tokens, value, scale, end + 1) or (value, *_product(tokens, scale, end + 1))


def _with_hundreds(tokens: Tokens, thousands: int, scale: int, place: int) -> tuple[int, int, int] | None:
    """Four and more figures and their scale, as in "one thousand two hundred million"."""
    hundreds = _below_thousand(tokens, place) if scale == words.SCALES["thousand"] else None
    if hundreds is None or hundreds[0] < 100:  # noqa: PLR2004
        return None
    above = words.SCALES.get(tokens.word(hundreds[1]), 0)
    return (thousands * scale + hundreds[0], above, hundreds[1] + 1) if above > scale else None


CENTURIES = range(13, 21)


def year_in_pairs(tokens: Tokens, start: int) -> tuple[int, int] | None:
    """As in "nineteen eighty four", "twenty oh five", "nineteen hundred"."""
    century = below_hundred(tokens, start)
    if century is None or century[0] not in CENTURIES:
        return None
    first, place = century
    if tokens.word(place) == "hundred":
        return first * 100, place + 1
    place += tokens.word(place) == "-"
    if tokens.word(place) in words.OH:
        place = behind_hyphen(tokens, place + 1)
        one = words.ONES.get(tokens.word(place))
        return (first * 100 + one, place + 1) if one else None
    pair = below_hundred(tokens, place)
    return (first * 100 + pair[0], pair[1]) if pair and pair[0] >= 10 else None  # noqa: PLR2004


def pair_of_parts(tokens: Tokens, start: int) -> tuple[int, int, int] | None:
    """Hour and minute, or the parts of a number such as "two fifteen": 1 to 12, then 01 to 99, and the end."""
    head = below_hundred(tokens, start)
    if head is None or not 1 <= head[0] <= 12:  # noqa: PLR2004
        return None
    first, place = head
    if tokens.word(place) in words.OH:
        one = words.ONES.get(tokens.word(place + 1))
        return (first, one, place + 2) if one else None
    place += tokens.word(place) == "-"
    tail = below_hundred(tokens, place)
    return (first, tail[0], tail[1]) if tail and tail[0] >= 10 else None  # noqa: PLR2004
