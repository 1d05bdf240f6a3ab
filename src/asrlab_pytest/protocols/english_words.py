"""Words of English that normalization and entities read alike."""

from __future__ import annotations

from collections.abc import Sequence

DIGITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
"""With their zeros."""
_VALUES = {
    **{word: number for number, word in enumerate([*DIGITS, *TEENS], start=1)},
    **{word: 10 * number for number, word in enumerate(TENS, start=2)},
    **dict.fromkeys(("a", "an"), 1),
}
_CENTURIES = range(13, 21)
"""Of years in pairs: nineteen fifty."""
IN_NUMBERS = frozenset({*_VALUES, *SCALES, "and"})


def middle_of_two(words: Sequence[str]) -> int | None:
    """The "and" that parts the two numbers said after between, of which the second is larger; None if there is none.

    Of several, the one that leaves numbers that are alike: in between one thousand and five hundred and two thousand,
    1500 and 2000.
    """
    places = [place for place, word in enumerate(words) if word == "and"]
    pairs = [(_value(words[:place]), _value(words[place + 1 :]), place) for place in places]
    rising = [pair for pair in pairs if 0 < pair[0] < pair[1]]
    return min(rising, key=_likeness)[2] if rising else None


def _likeness(pair: tuple[int, int, int]) -> float:
    first, last, _ = pair
    return last / first * 10.0 ** abs(_zeros(first) - _zeros(last))


def _value(words: Sequence[str]) -> int:
    """The one number that words are; 0 if they are none, or several."""
    total = group = 0
    limit = SCALES["trillion"] + 1
    for place, word in enumerate(words):
        value, zeros = _VALUES.get(word, 0), SCALES.get(word, 0)
        tens = group % 100
        if word == "and":
            is_right = words[place - 1] in SCALES and 0 < place < len(words) - 1
        elif group in _CENTURIES and value > 9:  # noqa: PLR2004
            is_right, group = True, 100 * group + value
        elif value:
            is_right = tens == 0 or (tens in range(20, 100, 10) and value in range(1, 10) and words[place - 1] != "and")
            group += value
        else:
            is_right = 0 < group < 100 if zeros == 2 else group > 0 and zeros < limit  # noqa: PLR2004
            group *= 10**zeros
            if zeros > 2:  # noqa: PLR2004
                total, group, limit = total + group, 0, zeros
        if not is_right:
            return 0
    return total + group


def _zeros(number: int) -> int:
    return len(str(number)) - len(str(number).rstrip("0"))


_BEHIND = (
    "a after again all already an and any are as at back be because before but by can change could did does down each "
    "either else even every extra for from had has have he her here his how i if in instead into is it its just later "
    "less long more my no not now of off on only or our out over per please plus right she should so still than that "
    "the their then there they this though to today together tomorrow tonight too total until up was we were what when "
    "where which while who why will with without would yes yesterday yet you your"
)
AFTER_AN_AMOUNT = frozenset(_BEHIND.split())
"""After "five dollars fifty", one of these words shows that no noun is counted."""

NO_NOUNS = (
    *("as", "has", "his", "is", "its", "perhaps", "please", "pls", "plus", "minus", "less", "this", "thanks", "us"),
    *("was", "yes", "always", "sometimes", "does"),
)
"""Words on -s that are no plural."""
LENGTHS = "[ckm]?m|ft|in|yd|px|feet|foot|inch(?:es)?|yards?|(?:centi|milli|kilo)?met(?:er|re)s?|pixels?"
"""Matches units of the sides that an x stands between: 3 cm x 4 cm."""
_COUNTED = "people|children|men|women|percent|per cent|feet|hertz|hz|km|kg|kb|mb|gb|mm|cm|usd|eur|gbp|yen|calorie|watt"
RANGE_OF_HUNDREDS = (
    r"(?:[1-9]00-[1-9][0-9]00(?![0-9])|[0-9]{3}-[1-9][0-9]{3}[ ]?"
    rf"(?:[%$€£]|(?:{_COUNTED})\b|(?!(?:{'|'.join(NO_NOUNS)})\b)[a-z]{{2,}}s\b))"
)
"""Matches 500-1000 and 300-1250 dollars, which are no telephone numbers as 555-1234 is."""
