"""Step of the profile `en` on punctuation between numbers: it ends the first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.english_words import DIGITS, SCALES, TEENS, TENS
from asrlab_pytest.protocols.normalization.english.marks import BREAK
from asrlab_pytest.protocols.normalization.whisper import english

_DIGITS = frozenset(("zero", "oh", "o", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))
_TEN = 10
_VALUES = {name: value for value, word in enumerate(["zero", *DIGITS, *TEENS]) for name in (word, str(value))}
_CURRENCIES = frozenset(("dollar", "dollars", "euro", "euros", "pound", "pounds"))
_LINKS = frozenset(["a", "an", "and"])
_LIST = 3
"""How many single digits are a list, whose commas end nothing."""
_PARTS = lazy_pattern(r"([\"'(]*)(.*?)([.,;:!?\"')\-]*)", re.DOTALL)
_ENDING = lazy_pattern(r"[.;:!?\"\-]")
_DIGIT = lazy_pattern(r"\d")


class _Word(NamedTuple):
    text: str
    """Without the marks around it."""
    place: int
    """Of its token."""
    marks: str
    """Between the word before and this one."""


def break_numbers(text: str) -> str:
    """Puts a break between two numbers that a mark or a dash parts, and after the cents that end a phrase."""
    tokens = text.split()
    words = list(_words(tokens))
    ends = {number for number, word in enumerate(words) if word.marks and number and _ends(words, number)}
    if ends:
        ends -= _listed(words)
    ends |= _counted(words)
    places = {words[number].place for number in ends}
    return " ".join(f"{BREAK} {token}" if place in places else token for place, token in enumerate(tokens))


def _words(tokens: list[str]) -> Iterator[_Word]:
    marks = ""
    for place, token in enumerate(tokens):
        found = _PARTS.fullmatch(token)
        assert found is not None
        marks += found[1]
        if found[2]:
            yield _Word(found[2], place, marks)
            marks = ""
        marks += found[3]


def _ends(words: list[_Word], number: int) -> bool:
    """Whether the marks before a word end the number before them, unless it goes on a list."""
    word = words[number]
    if not _is_number(words[number - 1].text):
        return False
    if not _is_number(word.text):
        return _ends_an_amount(words, number)
    return bool(_ENDING.search(word.marks)) or not _goes_on(words, number)


def _ends_an_amount(words: list[_Word], number: int) -> bool:
    """Whether the words before this one are the cents of an amount, as in "five dollars fifty. Great"."""
    first = number - 1
    if words[first].text in DIGITS and not words[first].marks and words[first - 1].text in TENS:
        first -= 1
    return first > 0 and not words[first].marks and words[first - 1].text in _CURRENCIES


def _is_number(word: str) -> bool:
    return bool(_DIGIT.search(word)) or not _number_words().isdisjoint(word.split("-"))


@cache
def _number_words() -> frozenset[str]:
    parts = (
        "halves thirds quarters fourths fifths sixths sevenths eighths ninths tenths quarter half ninth nought naught"
    )
    return frozenset({*english().standardize_numbers.words, *parts.split(), *_LINKS})


def _goes_on(words: list[_Word], number: int) -> bool:
    """Whether a smaller scale follows a scale, as in "two thousand, five hundred"."""
    scale = SCALES.get(words[number - 1].text, 0)
    for word in words[number:] if scale else ():
        if word.text in SCALES:
            return SCALES[word.text] < scale
        if not _is_number(word.text):
            break
    return False


def _listed(words: list[_Word]) -> set[int]:
    """The numbers of the words that go on a list of single digits, all in figures or all in words."""
    digits = list(map(_is_digit, words))
    listed: set[int] = set()
    first = 0
    for number in range(1, len(words) + 1):
        if number < len(words) and digits[number - 1] and digits[number] and not _ENDING.search(words[number].marks):
            continue
        around = [
            words[place]
            for place, mark in ((first - 1, first), (number, number))
            if 0 <= place < len(words) and not _ENDING.search(words[mark].marks)
        ]
        if number - first >= _LIST and not any(_is_number(word.text) for word in around if word.text not in _LINKS):
            listed.update(place for place in range(first + 1, number) if _is_alike(words[place - 1], words[place]))
        first = number
    return listed


def _counted(words: list[_Word]) -> set[int]:
    """The numbers of the words of a count up to ten or on, or down from there, as in "seven eight nine ten"."""
    values = [_VALUES.get(word.text) for word in words]
    counted: set[int] = set()
    for step in (1, -1):
        first = 0
        for number in range(1, len(values) + 1):
            value, before = values[number] if number < len(values) else None, values[number - 1]
            if value is not None and before is not None and value == before + step:
                continue
            is_own = not first or not (_is_number(words[first - 1].text) or words[first - 1].text == "point")
            if number - first > _LIST and {_TEN - 1, _TEN} <= {*values[first:number]} and is_own:
                counted.update(range(first + 1, number))
            first = number
    return counted


def _is_alike(first: _Word, last: _Word) -> bool:
    """Whether both are figures or both are words; not so in on May 5, four zero two."""
    return first.text.isdecimal() == last.text.isdecimal()


def _is_digit(word: _Word) -> bool:
    return word.text in _DIGITS or (len(word.text) == 1 and word.text.isdecimal())
