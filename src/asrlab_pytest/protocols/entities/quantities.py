"""Reads numbers, spoken and written: cardinals, ordinals, decimals, fractions, and years read in pairs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import inf

from asrlab_pytest.protocols.entities import vocabulary as words
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
    """The longest number that begins here, its sign included."""
    signed = _after_minus(tokens, start)
    if signed is not None:
        found = _unsigned(tokens, signed)
        return None if found is None else replace(found, value=-found.value)
    return _unsigned(tokens, start)


def _after_minus(tokens: Tokens, start: int) -> int | None:
    """Where the number behind a sign begins. Between two numbers, a minus is not a sign."""
    follows_number = tokens.kind(start - 1) == "number" or tokens.word(start - 1) in _NUMBER_WORDS
    if follows_number:
        return None
    if tokens.word(start) in words.MINUS:
        return start + 1
    written = tokens.word(start) == "-" and tokens.touches(start + 1) and not tokens.touches(start)
    return start + 1 if written and tokens.kind(start + 1) == "number" else None


_NUMBER_WORDS = {*words.ONES, *words.TEENS, *words.TENS, *words.SCALES, "hundred"}


def _unsigned(tokens: Tokens, start: int) -> Quantity | None:
    found = _written(tokens, start) or _part_of_a_scale(tokens, start)
    readings = [found] if found else [_spoken(tokens, start), _spoken_fraction(tokens, start)]
    return max((reading for reading in readings if reading), key=lambda reading: reading.end, default=None)


def _written(tokens: Tokens, start: int) -> Quantity | None:
    """A figure, with the fraction and the scale that may follow it: 5, 1,250.5, 1 1/2, 3/4, ½, 1.5 million, 5k."""
    if tokens.kind(start) == "ratio" or tokens.word(start) in words.SIGNS:
        value = _ratio(tokens, start)
        return None if value is None else _scaled(tokens, Quantity(value, start + 1, spoken=False))
    text = tokens.word(start).replace(",", "")
    if tokens.kind(start) != "number" or len(text) > LONGEST:
        return None
    value, end = Fraction(text), start + 1
    part = _ratio(tokens, end)
    if part is not None and value.denominator == 1 and tokens.kind(start) == "number":
        value, end = value + part, end + 1
    if tokens.word(end) == "hundred" and value.denominator == 1 and value < 100:  # noqa: PLR2004
        value, end = value * 100, end + 1
    scale = _written_scale(tokens, text, end)
    if scale is not None:
        return Quantity(value * scale, end + 1, spoken=False)
    return _scaled(tokens, Quantity(value, end, spoken=False))


def _written_scale(tokens: Tokens, number: str, place: int) -> int | None:
    """What the letters behind a figure multiply it by: 5k, 100M, 5bn, 2 bn; but 3M is a company, and 5 m a length."""
    letters = tokens.word(place)
    is_million = tokens.written(place) == "M" and number != "3"
    touching = {"mn", "tn", *(("m",) if is_million else ())} if tokens.touches(place) else ()
    return words.SCALE_LETTERS.get(letters) if letters in {"k", "bn", "trn", *touching} else None


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
    scale = words.SCALES.get(tokens.word(number.end))
    if scale is None or (scale == 1000 and number.value and number.value % 1000 == 0):  # noqa: PLR2004
        return number
    scale, end = _product(tokens, scale, number.end + 1) if number.is_whole else (scale, number.end + 1)
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
    if tokens.word(found.end) != "point":
        return None
    decimals = _decimals(tokens, found.end + 1)
    if decimals is None:
        return None
    figures, end = decimals
    return _scaled(tokens, Quantity(found.value + Fraction(f"0.{figures}"), end, spoken=True))


def _bare_decimals(tokens: Tokens, start: int) -> Quantity | None:
    """As in "point five percent". Before anything else, a point is a word like others: "at this point five people"."""
    place = start + 1 if tokens.word(start) in words.OH else start
    decimals = _decimals(tokens, place + 1) if tokens.word(place) == "point" else None
    if decimals is None:
        return None
    figures, end = decimals
    is_sure = place > start or tokens.word(end) in {"percent", "per", *words.SCALES}
    return _scaled(tokens, Quantity(Fraction(f"0.{figures}"), end, spoken=True)) if is_sure else None


def _decimals(tokens: Tokens, start: int) -> tuple[str, int] | None:
    """The figures behind a point, read one by one, or as a number below a hundred."""
    figures, place = "", start
    while tokens.word(place) in words.ONES or tokens.word(place) in words.OH:
        figures += str(words.ONES.get(tokens.word(place), 0))
        place += 1
    if not figures:
        pair = below_hundred(tokens, start)
        return None if pair is None else (str(pair[0]), pair[1])
    return figures, place


def _with_fraction(tokens: Tokens, found: Quantity) -> Quantity | None:
    """As in "two and a half million", "three and three quarters"."""
    if tokens.word(found.end) != "and":
        return None
    place = found.end + 1
    if tokens.word(place) == "a" and tokens.word(place + 1) in words.DENOMINATORS:
        # "a million and a half" is half a million more.
        unit = words.SCALES.get(tokens.word(found.end - 1), 1)
        part = Fraction(unit, words.DENOMINATORS[tokens.word(place + 1)])
        return _scaled(tokens, Quantity(found.value + part, place + 2, spoken=True))
    fraction = _spoken_fraction(tokens, place, whole_before=True)
    if fraction is None:
        return None
    return _scaled(tokens, replace(fraction, value=found.value + fraction.value))


def _spoken_fraction(tokens: Tokens, start: int, *, whole_before: bool = False) -> Quantity | None:
    """As in "two thirds", "three quarters of a million", "one half"; behind a whole number also "a half"."""
    above = _below_thousand(tokens, start)
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
    if head is None or tokens.word(head[1]) != "hundred":
        return head
    value, place = head[0] * 100, head[1] + 1
    tail = below_hundred(tokens, place + (tokens.word(place) == "and"))
    if tail is None or tokens.word(tail[1]) == "hundred" or _is_fraction(tokens, place):
        return value, place
    return value + tail[0], tail[1]


def _is_fraction(tokens: Tokens, place: int) -> bool:
    """Whether "and" leads to a fraction: "one hundred and three quarters"."""
    return tokens.word(place) == "and" and _spoken_fraction(tokens, place + 1) is not None


def whole(tokens: Tokens, start: int) -> Quantity | None:
    """A whole number in words, zero included."""
    if tokens.word(start) == "zero":
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


def _group(tokens: Tokens, place: int, *, is_first: bool) -> tuple[int, int, int] | None:
    """Up to three figures and their scale, behind "and", a comma, or nothing where others precede."""
    if not is_first and tokens.word(place) == "and":
        if _is_fraction(tokens, place):
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
    scale = words.SCALES.get(tokens.word(end))
    if scale is None:
        return None if comma else (value, 1, end)
    return _with_hundreds(tokens, value, scale, end + 1) or (value, *_product(tokens, scale, end + 1))


def _with_hundreds(tokens: Tokens, thousands: int, scale: int, place: int) -> tuple[int, int, int] | None:
    """Four and more figures and their scale, as in "one thousand two hundred million"."""
    hundreds = _below_thousand(tokens, place) if scale == words.SCALES["thousand"] else None
    if hundreds is None or hundreds[0] < 100:  # noqa: PLR2004
        return None
    above = words.SCALES.get(tokens.word(hundreds[1]), 0)
    return (thousands * scale + hundreds[0], above, hundreds[1] + 1) if above > scale else None


def ordinal(tokens: Tokens, start: int) -> tuple[int, int] | None:
    """An ordinal of any size, and the token after it."""
    if tokens.kind(start) == "ordinal":
        return int(tokens.word(start)[:-2].replace(",", "")), start + 1
    simple = _ordinal_word(tokens, start)
    if simple is not None:
        return simple
    head = whole(tokens, start)
    if head is None or not head.value:
        return None
    scale = words.ORDINAL_SCALES.get(tokens.word(head.end))
    if scale is not None:
        # "one thousand two hundredth": only what stands below the scale before it is multiplied.
        below = int(head.value) % (1000 if scale == 100 else 1000 * scale)  # noqa: PLR2004
        return int(head.value) - below + below * scale, head.end + 1
    tail = _ordinal_tail(tokens, head.end)
    return None if tail is None else (int(head.value) + tail[0], tail[1])


def _ordinal_tail(tokens: Tokens, place: int) -> tuple[int, int] | None:
    """The last part of an ordinal, behind a cardinal that leaves room for it."""
    last_word = tokens.word(place - 1)
    if last_word == "hundred" or last_word in words.SCALES:
        return _ordinal_word(tokens, place + (tokens.word(place) == "and"))
    return _ordinal_one(tokens, place) if last_word in words.TENS else None


def _ordinal_one(tokens: Tokens, place: int) -> tuple[int, int] | None:
    place += tokens.word(place) == "-"
    one = words.ORDINAL_ONES.get(tokens.word(place))
    return None if one is None else (one, place + 1)


def _ordinal_word(tokens: Tokens, start: int) -> tuple[int, int] | None:
    """1st to 99th in words."""
    word = tokens.word(start)
    for table in (words.ORDINAL_ONES, words.ORDINAL_TEENS, words.ORDINAL_TENS):
        if word in table:
            return table[word], start + 1
    if word in words.TENS:
        one = _ordinal_one(tokens, start + 1)
        return None if one is None else (words.TENS[word] + one[0], one[1])
    if word in words.ORDINAL_SCALES:
        return words.ORDINAL_SCALES[word], start + 1
    return None


CENTURIES = range(13, 21)


def year_in_pairs(tokens: Tokens, start: int) -> tuple[int, int] | None:
    """As in "nineteen eighty four", "twenty oh five", "nineteen hundred"."""
    century = below_hundred(tokens, start)
    if century is None or century[0] not in CENTURIES:
        return None
    first, place = century
    if tokens.word(place) == "hundred":
        return first * 100, place + 1
    if tokens.word(place) in words.OH:
        one = words.ONES.get(tokens.word(place + 1))
        return (first * 100 + one, place + 2) if one else None
    place += tokens.word(place) == "-"
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
