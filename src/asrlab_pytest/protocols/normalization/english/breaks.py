"""Step of the profile `en` on punctuation between numbers: it ends the first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.english_words import DIGITS, SCALES, TENS
from asrlab_pytest.protocols.normalization.english.marks import BREAK
from asrlab_pytest.protocols.normalization.whisper import english

_DIGITS = frozenset(("zero", "oh", "o", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))
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
    places = {word.place for number, word in enumerate(words) if word.marks and number and _ends(words, number)}
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
    """Whether the marks before a word end the number before them."""
    word = words[number]
    if not _is_number(words[number - 1].text):
        return False
    if not _is_number(word.text):
        return _ends_an_amount(words, number)
    return bool(_ENDING.search(word.marks)) or not (_goes_on(words, number) or _is_listed(words, number))


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


def _is_listed(words: list[_Word], number: int) -> bool:
    """Whether the words on both sides belong to a list of single digits."""
    if not (_is_digit(words[number - 1]) and _is_digit(words[number])):
        return False
    if words[number - 1].text.isdecimal() != words[number].text.isdecimal():  # on May 5, four zero two
        return False
    first, last = number - 1, number
    while first and _is_digit(words[first - 1]) and not _ENDING.search(words[first].marks):
        first -= 1
    while last + 1 < len(words) and _is_digit(words[last + 1]) and not _ENDING.search(words[last + 1].marks):
        last += 1
    around = [*words[max(first - 1, 0) : first], *words[last + 1 : last + 2]]
    return last - first + 1 >= _LIST and not any(_is_number(word.text) for word in around if word.text not in _LINKS)


def _is_digit(word: _Word) -> bool:
    return word.text in _DIGITS or (len(word.text) == 1 and word.text.isdecimal())
