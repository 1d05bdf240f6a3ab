"""Where an entity may begin. Most words of a text begin none, and need not be read by every rule."""

from __future__ import annotations

from string import ascii_lowercase

from asrlab_pytest.protocols.entities import vocabulary as words
from asrlab_pytest.protocols.entities.text import Tokens

_PLAIN = frozenset({"word", "symbol"})
"""Shapes that most often are no entity; every other shape may begin one."""
_FIRST = frozenset(
    {
        *words.ONES,
        *words.TEENS,
        *words.TENS,
        *words.OH,
        *words.NOUGHTS,
        *words.ORDINAL_ONES,
        *words.ORDINAL_TEENS,
        *words.ORDINAL_TENS,
        *words.ORDINAL_SCALES,
        *words.REPEATS,
        *words.SIGNS,
        *words.MINUS,
        *words.MONTH_WORDS,
        *words.NAMED_TIMES,
        *words.CURRENCY_CODES,
        *words.SCHEMES,
        "half",
        "quarter",
        "point",
        "plus",
        "+",
        "-",
    }
)
_ARTICLES = frozenset({"a", "the"})
_BEHIND_ARTICLES = _FIRST | frozenset(words.SCALES) | words.SINGLE_UNITS | {"hundred"}
_BEHIND_A_NAME = frozenset({*words.JOINTS, "at", "@"})
"""Behind any word, one of these may make an address of it."""
_LETTERS = frozenset(ascii_lowercase)


def may_begin(tokens: Tokens, place: int) -> bool:
    """Whether the English rules can find anything here. Where this is false, no rule does; see its tests."""
    word, following = tokens.word(place), tokens.word(place + 1)
    if word in _FIRST or following in _BEHIND_A_NAME or tokens.kind(place) not in _PLAIN:
        return True
    if word in _ARTICLES and (following in _BEHIND_ARTICLES or tokens.kind(place + 1) not in _PLAIN):
        return True
    return word in _LETTERS and following in _LETTERS
