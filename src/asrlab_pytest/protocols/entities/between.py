"""Finds the "and" that parts two numbers: between one hundred and two hundred."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from asrlab_pytest.protocols.english_words import IN_NUMBERS, middle_of_two
from asrlab_pytest.protocols.entities.text import Tokens

_BETWEEN = IN_NUMBERS | {"-", ","}


def parts_two(tokens: Tokens, place: int) -> bool:
    """Whether an "and" is the one between the two numbers after between."""
    return tokens.word(place) == "and" and place in _middles(tokens)


@lru_cache(maxsize=1)
def _middles(tokens: Tokens) -> frozenset[int]:
    """Every such "and" of a text: found once, as a text of numbers may have thousands."""
    return frozenset(_all_middles(tokens))


def _all_middles(tokens: Tokens) -> Iterator[int]:
    for start in range(len(tokens)):
        if tokens.word(start) != "between":
            continue
        end = start + 1
        while tokens.word(end) in _BETWEEN:
            end += 1
        numbers = [place for place in range(start + 1, end) if tokens.word(place) in IN_NUMBERS]
        middle = middle_of_two([tokens.word(place) for place in numbers])
        if middle is not None:
            yield numbers[middle]
