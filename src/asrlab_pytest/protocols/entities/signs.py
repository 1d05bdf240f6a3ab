"""Finds the minus before a number or an amount, written or said."""

from __future__ import annotations

from asrlab_pytest.protocols.entities import vocabulary as words
from asrlab_pytest.protocols.entities.text import Tokens

_NUMBER_WORDS = frozenset({*words.ONES, *words.TEENS, *words.TENS, *words.SCALES, "hundred"})
_SIGNS = words.MINUS | {"-"}
_FIGURES = frozenset({"number", "ratio"})
_OPENING = frozenset("([{„‚«‹¿¡<>=~≈≤≥…")
"""What a minus may touch: what stands before these is another thing."""
_QUOTES = frozenset("\"'“‘*")
"""These open where nothing but an opening character touches them."""


def after_sign(tokens: Tokens, start: int) -> int | None:
    """The token behind a minus that is the sign of what follows; None if there is no sign."""
    word = tokens.word(start)
    if word not in _SIGNS:
        return None
    is_sign = _is_written(tokens, start) if word == "-" else not _is_either(tokens, start)
    return start + 1 if is_sign and not _is_between(tokens, start) else None


def _is_written(tokens: Tokens, start: int) -> bool:
    """Whether a hyphen belongs to the figure or the currency behind it, and to nothing before it."""
    if not tokens.touches(start + 1) or not (
        tokens.kind(start + 1) in _FIGURES
        or tokens.kind(start + 1) == "currency"
        or tokens.word(start + 1) in words.SIGNS
        or tokens.word(start + 1) in words.CURRENCY_CODES
    ):
        return False
    is_inner = tokens.kind(start - 1) == "currency" and tokens.kind(start - 2) not in _FIGURES
    return is_inner or not tokens.touches(start) or _opens(tokens, start - 1)


def _opens(tokens: Tokens, place: int) -> bool:
    while tokens.word(place) in _QUOTES and tokens.touches(place):
        place -= 1
    return tokens.word(place) in _OPENING | _QUOTES


def _is_either(tokens: Tokens, start: int) -> bool:
    """As in "plus or minus"."""
    return tokens.word(start - 1) == "plus" or tokens.words(start - 2, 2) == ("plus", "or")


def _is_between(tokens: Tokens, start: int) -> bool:
    """Whether a number or an amount ends here, from which the minus subtracts."""
    is_unit = tokens.word(start - 1) in words.UNITS
    return _is_number(tokens, start - 1 - is_unit) or (is_unit and tokens.word(start - 2) == "per")


def _is_number(tokens: Tokens, place: int) -> bool:
    return tokens.kind(place) in _FIGURES or tokens.word(place) in _NUMBER_WORDS
