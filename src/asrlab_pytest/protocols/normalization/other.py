"""The profiles `und` (any language) and `raw`."""

from __future__ import annotations

from asrlab_pytest.protocols.normalization.characters import (
    CONTROLS,
    FORMATS,
    JOINERS,
    PUNCTUATION_AND_SYMBOLS,
    SPACE,
    composed,
    folded,
)
from asrlab_pytest.protocols.normalization.step import Step

_UNSAID = {
    **dict.fromkeys([*CONTROLS, *PUNCTUATION_AND_SYMBOLS], SPACE),
    **dict.fromkeys(FORMATS - {*JOINERS}),
}


def white_space(text: str) -> str:
    """Single spaces between tokens, none at the ends."""
    return SPACE.join(text.split())


COMPOSE = Step("compose", "Brings letters and their marks into Unicode's form C.", "cafe\u0301", composed)
WHITE_SPACE = Step("white space", "Puts one space between tokens and none at the ends.", " a\tb\u00a0 c ", white_space)

RAW = (COMPOSE, WHITE_SPACE)
UND = (
    Step(
        "fold case",
        "Drops distinctions of case and brings letters and their marks into Unicode's form C.",
        "STRASSE Straße",
        lambda text: folded(composed(text)),
    ),
    Step(
        "symbols",
        "Turns punctuation, symbols and control characters into spaces and drops invisible format characters. "
        "Marks and the joiners ZWJ and ZWNJ stay.",
        "हिन्दी, में!",
        lambda text: text.translate(_UNSAID),
    ),
    WHITE_SPACE,
)
