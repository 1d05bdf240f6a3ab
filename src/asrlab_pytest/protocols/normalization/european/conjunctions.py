"""The "and" between two spoken numbers of the six languages, over which text2num reads on where no speaker does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.european.lexicon import Lexicon

UNREAD = "\ua7f7"
"""A letter that no language has in its words: text2num reads none that it ends."""
HELD = "\ua7fb"
"""Another such letter, behind an article that counts with no number beside it either."""
PERCENT = "\ue003"
OR_TO = "(?:bis|oder|à|ou|al?|[ou]|tot|of)(?: (?:il|el|le))?"
"""What stands between the two numbers of a range or a choice, in any of the languages."""
AND = "(?:und|et|[ye]|en)(?: (?:il|el|le))?"
_REACH = 60
_WORD = r"[^\W\d_]+(?:-[^\W\d_]+)*"
_HYPHENED = lazy_pattern(r"(?<![\w-])[^\W\d_]+(?:-[^\W\d_]+)+(?![\w-])")
_COUNTED = lazy_pattern(r"(?<=[0-9])-(?=[^\W\d_])")
_TEN, _ELEVEN, _TWELVE, _HUNDRED, _THOUSAND = 10, 11, 12, 100, 1_000
_MILLION, _BILLION = 1_000_000, 1_000_000_000
_BETWEEN = lazy_pattern(r"\b(?:entre|tra|fra) (?:\S+ ){0,5}$")
_READ = lazy_pattern(r"[2-9]|1[0-9]")


def part_numbers(lexicon: Lexicon, text: str) -> str:
    """The text with a mark at each "and" that begins another number: in "entre mil y dos mil" there is no 1002."""
    return _and(lexicon.conjunction).sub(
        lambda found: f"{found[1]} {found[2]}{UNREAD}" if _begins_another(lexicon, found) else found[0], text
    )


def part_hyphens(lexicon: Lexicon, text: str) -> str:
    """The text with spaces for the hyphens beside a number that are none of its own: Drei-Zimmer-Wohnung."""
    if "-" not in text:
        return text
    text = _before_hyphens(lexicon.one).sub(
        lambda found: found[0] if _without_hyphens(lexicon.code, found[1]) == found[1] else f"{found[0]}{HELD}", text
    )
    return _HYPHENED.sub(lambda found: _without_hyphens(lexicon.code, found[0]), _COUNTED.sub(" ", text))


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


def _read(code: str, words: str) -> str:
    from text_to_num import alpha2digit

    return str(alpha2digit(words, code, 0))


@lru_cache(maxsize=10_000)
def _without_hyphens(code: str, word: str) -> str:
    if _read(code, word) != word:
        return word
    has_number = any(_is_read(_read(code, part)) for part in word.split("-"))
    return word.replace("-", " ") if has_number else word


def _is_read(part: str) -> bool:
    """Whether a part was a number from two on, or its ordinal."""
    return bool(_READ.match(part))


@cache
def _and(conjunction: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])({_WORD}) ({conjunction})(?= ({_WORD}(?: {_WORD}){{0,7}}))")


def _begins_another(lexicon: Lexicon, found: re.Match[str]) -> bool:
    number = value_of(lexicon, found[1])
    if number < 0:
        return False
    numbers = list(_phrase(lexicon, found[3].split()))
    return bool(numbers) and (_repeats_scale(lexicon, found, numbers) or not _goes_on(lexicon, found, number, numbers))


def _phrase(lexicon: Lexicon, words: Sequence[str]) -> Iterator[int]:
    """The numbers that follow each other, up to another word."""
    for place, word in enumerate(words):
        number = value_of(lexicon, word)
        if number >= 0:
            yield number
        elif place == 0 or word != lexicon.conjunction:
            return


def _goes_on(lexicon: Lexicon, found: re.Match[str], number: int, numbers: list[int]) -> bool:
    """Whether a number reads on over "and", by the rule of its language."""
    following = numbers[0]
    if lexicon.code in ("es", "fr"):  # treinta y dos, vingt et un, soixante et onze; mil y una noches
        is_one = following == 1 and number == _THOUSAND and len(numbers) == 1
        is_unit = following < _TEN if lexicon.code == "es" else following in (1, _ELEVEN)
        return is_one or (_is_ten(number) and is_unit)
    if lexicon.code in ("de", "nl"):  # honderd en vijf; fünfundzwanzig is one word
        return number >= _HUNDRED and number % _HUNDRED == 0 and following <= _TWELVE and len(numbers) == 1
    if number % _THOUSAND == 0 and number > 0:  # dois mil e quinhentos, tre miliardi e duecento milioni
        return max(numbers) < next(scale for scale in (_BILLION, _MILLION, _THOUSAND) if number % scale == 0)
    if number % _HUNDRED == 0 and number > 0 and found[1] != "cem":
        return following < _HUNDRED and not _rises(found, numbers)
    return lexicon.code == "pt" and _is_ten(number) and following < _TEN


def _repeats_scale(lexicon: Lexicon, found: re.Match[str], numbers: list[int]) -> bool:
    """Whether the scale behind is one that the number has already: mil treinta y dos mil."""
    largest = max(numbers)
    before = found.string[max(0, found.start() - _REACH) : found.start()].split(" ")[:-1]
    return largest >= _THOUSAND and max(_phrase(lexicon, before[::-1]), default=0) >= largest


def _is_ten(number: int) -> bool:
    return _TEN < number < _HUNDRED and number % _TEN == 0


def _rises(found: re.Match[str], numbers: list[int]) -> bool:
    """Whether a range follows, as in "entre duzentos e três mil", which is 203000 elsewhere."""
    return max(numbers) >= _THOUSAND and bool(_BETWEEN.search(found.string[: found.start()]))
