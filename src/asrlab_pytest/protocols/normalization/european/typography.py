"""Spaces and hyphens in one form each, and ellipses apart from the word after them, as rules on words expect them."""

from __future__ import annotations

import re
import unicodedata

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.characters import SPACE, composed, single_spaces
from asrlab_pytest.protocols.normalization.signs import CURRENCY_SIGNS

_PLAIN = {
    **dict.fromkeys(map(ord, "\u00a0\u1680\u2028\u2029\u202f\u205f\u3000"), SPACE),
    **dict.fromkeys(range(0x2000, 0x200B), SPACE),
    **dict.fromkeys(map(ord, "‐‑‒﹣－"), "-"),
}
_ELLIPSIS = lazy_pattern(
    rf"(?:(?<!\.)\.{{2,}}+|…)(?=[^\W_]|(?<![0-9]\.\.)(?<![0-9]\.\.\.)(?<![0-9]…)[-–−+±<>{re.escape(CURRENCY_SIGNS)}])"
)
"""Before a word or a sign, but not the sign of 5...-7, which is no minus."""


def plain_typography(text: str) -> str:
    """The text with composed letters, plain spaces and hyphens, and a space after each ellipsis."""
    if not text.isascii():
        text = (text if unicodedata.is_normalized("NFC", text) else composed(text)).translate(_PLAIN)
    text = single_spaces(text)
    return _ELLIPSIS.sub(r"\g<0> ", text) if ".." in text or "…" in text else text
