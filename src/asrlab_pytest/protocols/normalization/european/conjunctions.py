"""The "and" between two spoken numbers of the six languages, over which text2num reads on where no speaker does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.european.lexicon import Lexicon

UNREAD = "\ua7f7"
"""A letter that no language has in its words: text2num reads none that it ends."""
HELD = "\ua7fb"
"""Another such letter, after an article that counts with no number beside it either."""
PERCENT = "\ue003"
OR_TO = "(?:bis|oder|à|ou|al?|[ou]|tot|of)(?: (?:il|el|le))?"
"""What stands between the two numbers of a range or a choice, in any of the languages."""
AND = "(?:und|et|[ye]|en)(?: (?:il|el|le))?"
SIGNED = "(?:(?:plus|minus|min|moins|m[aá]s|menos|più|meno|mais) )?"
"""Before a number that may have a sign."""
_WORD = r"[^\W\d_]+(?:-[^\W\d_]+)*"
_CLAUSE = lazy_pattern(rf"(?<![\w-]){_WORD}(?: {_WORD})+")
_HYPHENED = lazy_pattern(r"(?<![\w-])[^\W\d_]+(?:-[^\W\d_]+)+(?!\w|-\w)")
_COUNTED = lazy_pattern(r"(?<=[0-9])-(?=[^\W\d_])")
_TEN, _ELEVEN, _TWELVE, _HUNDRED, _THOUSAND = 10, 11, 12, 100, 1_000
_MILLION, _BILLION = 1_000_000, 1_000_000_000
BETWEEN = ("entre", "tra", "fra", "zwischen", "tussen")
_CLOSE = 20
"""How many times the first number the second one may be where both could be one: entre duzentos e três mil."""
_MOST_WORDS = 40
_REACH = 8
_READ = lazy_pattern(r"[2-9]|1[0-9]")


def first_of_range(sign: str) -> str:
    """Matches the first number of a range, or of two after "between", in group 1, with a sign that both have.

    Args:
        sign: As a regular expression.
    """
    number = rf"{SIGNED}(?:[0-9]+,)?[0-9]+"
    between = rf"\b(?:{'|'.join(BETWEEN)}) (?:(?:[ie]l|le|l?os?|u[nm]) |l' ?)?"
    return (
        rf"((?P<between>{between})?(?<![\d,]){number}) ?(?P<sign>{sign})"
        rf"(?= (?:{OR_TO}|(?(between){AND}|(?!)))(?: u[nm]| l?os)?(?: | l' ?){number} ?(?P=sign)(?!\w))"
    )


def part_numbers(lexicon: Lexicon, text: str) -> str:
    """The text with a mark at each "and" that begins another number: in "entre mil y dos mil" there is no 1002."""
    if f" {lexicon.conjunction} " not in text:
        return text
    return _CLAUSE.sub(lambda found: " ".join(_parted(lexicon, found[0].split(" "))), text)


def part_hyphens(lexicon: Lexicon, text: str) -> str:
    """The text with spaces for the hyphens beside a number that are none of its own: Drei-Zimmer-Wohnung."""
    if "-" not in text:
        return text
    text = _before_hyphens(lexicon.one).sub(
        lambda found: found[0] if _without_hyphens(lexicon.code, found[1]) == found[1] else f"{found[0]}{HELD}", text
    )
    return _HYPHENED.sub(lambda found: _apart(lexicon, found[0]), _COUNTED.sub(" ", text))


@lru_cache(maxsize=10_000)
def number_of(code: str, word: str) -> int:
    """The number that a word is; -1 if it is none."""
    digits = _read(code, word)
    return int(digits) if digits.isdecimal() else -1


def value_of(lexicon: Lexicon, word: str) -> int:
    """The number that a word is, also a scale; -1 if it is none."""
    zeros = lexicon.scales.get(word)
    return number_of(lexicon.code, word) if zeros is None else int(_TEN**zeros)


@cache
def _before_hyphens(articles: str) -> re.Pattern[str]:
    """Matches the article of un quatre-quatre, whose fours would be read on from a one."""
    return re.compile(rf"\b(?:{articles})(?= ([^\W\d_]+(?:-[^\W\d_]+)+)(?![\w-]))")


def _apart(lexicon: Lexicon, word: str) -> str:
    """A word without the hyphens that are none of a number's own, and the one of a result in digits: drie-een."""
    words = _without_hyphens(lexicon.code, word)
    first, *last = words.split(" ")
    is_result = len(last) == 1 and re.fullmatch(lexicon.counting, last[0])
    return f"{first} 1" if is_result else words


def _read(code: str, words: str) -> str:
    from text_to_num import alpha2digit

    return str(alpha2digit(words, code, 0))


@lru_cache(maxsize=10_000)
def _without_hyphens(code: str, word: str) -> str:
    if _read(code, word) != word:
        return word
    parts = [_read(code, part) for part in word.split("-")]
    is_zero_of = parts[0] == "0" and not parts[1][:1].isdecimal()  # Null-Prozent, but not the result null-null
    return word.replace("-", " ") if is_zero_of or any(map(_is_read, parts)) else word


def _is_read(part: str) -> bool:
    """Whether a part was a number from two on, or its ordinal."""
    return bool(_READ.match(part))


def _parted(lexicon: Lexicon, words: list[str]) -> list[str]:
    """Words of a clause, with the marks of its numbers."""
    place = 0
    for middle in [place for place, word in enumerate(words) if word == lexicon.conjunction]:
        if middle <= place:  # It is in the number before.
            continue
        start = _number_start(lexicon, words, middle, place)
        place = middle
        if start == middle:
            continue
        end = _number_end(lexicon, words, middle)
        if end > middle + 1:
            is_between = start > 0 and words[start - 1] in BETWEEN
            words[start:end] = _marked(lexicon, tuple(words[start:end]), is_between=is_between)
            place = end - 1
    return words


def _number_start(lexicon: Lexicon, words: list[str], middle: int, first: int) -> int:
    start = middle
    while start > first and _is_in_number(lexicon, words, start - 1):
        start -= 1
    return start + (words[start] == lexicon.conjunction and start < middle)


def _number_end(lexicon: Lexicon, words: list[str], middle: int) -> int:
    end = middle + 1
    while end < len(words) and _is_in_number(lexicon, words, end):
        end += 1
    return end - (words[end - 1] == lexicon.conjunction)


def _is_in_number(lexicon: Lexicon, words: list[str], place: int) -> bool:
    return words[place] == lexicon.conjunction or value_of(lexicon, words[place]) >= 0


@lru_cache(maxsize=10_000)
def _marked(lexicon: Lexicon, words: tuple[str, ...], *, is_between: bool) -> list[str]:
    """Number words with a mark at each "and" that begins another number, so that there are as few as can be."""
    whole = _whole(lexicon, words)
    may_split = (whole < 0 or is_between) and len(words) <= _MOST_WORDS
    splits = _splits(lexicon, words, rising=is_between) if may_split else []
    ratio, place = splits[0] if splits else (0, -1)
    marks = _marks(lexicon, words)
    if splits and (whole < 0 or ratio <= _CLOSE):
        behind = place + 1
        marks = {place, *_marks(lexicon, words[:place]), *(behind + mark for mark in _marks(lexicon, words[behind:]))}
    return [f"{word}{UNREAD}" if place in marks else word for place, word in enumerate(words)]


def _splits(lexicon: Lexicon, words: Sequence[str], *, rising: bool) -> list[tuple[float, int]]:
    """The places at which words are two numbers, each with how many times the other one is; like ones first."""
    places = [place for place, word in enumerate(words) if word == lexicon.conjunction]
    pairs = [(_whole(lexicon, words[:place]), _whole(lexicon, words[place + 1 :]), place) for place in places]
    likely = sorted(
        (abs(_zeros(first) - _zeros(second)), max(first, second) / min(first, second), place)
        for first, second, place in pairs
        if min(first, second) > 0 and (first < second or not rising)
    )
    return [(ratio, place) for _, ratio, place in likely]


def _zeros(number: int) -> int:
    """How many zeros a number ends with: two years have as many, and so have two amounts in thousands."""
    return len(str(number)) - len(str(number).rstrip("0"))


def _whole(lexicon: Lexicon, words: Sequence[str]) -> int:
    """The one number that words are; -1 if they are none, or several."""
    if _marks(lexicon, words) or not words:
        return -1
    return number_of(lexicon.code, " ".join(words))


def _marks(lexicon: Lexicon, words: Sequence[str]) -> set[int]:
    """The places of each "and" over which no number goes on, by the rule of its language, or as it is said twice."""
    return {
        place
        for place, word in enumerate(words)
        if word == lexicon.conjunction and (_is_doubled(words, place) or not goes_on(lexicon, words, place))
    }


def _is_doubled(words: Sequence[str], place: int) -> bool:
    return words[place] in [*words[max(0, place - 1) : place], *words[place + 1 : place + 2]]


def goes_on(lexicon: Lexicon, words: Sequence[str], place: int) -> bool:
    """Whether a number reads on over "and", by the rule of its language."""
    number = value_of(lexicon, words[place - 1])
    numbers = [value for word in words[place + 1 : place + 1 + _REACH] if (value := value_of(lexicon, word)) >= 0]
    if number < 0 or not numbers:
        return number < 0
    following = numbers[0]
    if lexicon.code in ("es", "fr"):  # treinta y dos, vingt et un, soixante et onze; mil y una noches
        is_one = following == 1 and number == _THOUSAND and len(numbers) == 1
        is_unit = following < _TEN if lexicon.code == "es" else following in (1, _ELEVEN)
        return is_one or (_is_ten(number) and is_unit)
    if lexicon.code in ("de", "nl"):  # honderd en vijf; fünfundzwanzig is one word
        return number >= _HUNDRED and number % _HUNDRED == 0 and following <= _TWELVE and len(numbers) == 1
    if number % _THOUSAND == 0 and number > 0:  # dois mil e quinhentos, tre miliardi e duecento milioni
        return max(numbers) < next(scale for scale in (_BILLION, _MILLION, _THOUSAND) if number % scale == 0)
    if number % _HUNDRED == 0 and number > 0 and words[place - 1] != "cem":
        return following < _HUNDRED
    return lexicon.code == "pt" and _is_ten(number) and following < _TEN


def _is_ten(number: int) -> bool:
    return _TEN < number < _HUNDRED and number % _TEN == 0
