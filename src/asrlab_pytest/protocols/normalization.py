"""Normalization protocol 0.x: the Whisper English normalizer, and a plain rule for every other language."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

PROTOCOL = "asrlab-normalization/0.1"


@dataclass(frozen=True, slots=True)
class Normalization:
    """A rule that makes reference and hypothesis comparable, and the signature that names it."""

    signature: str
    apply: Callable[[str], str]

    def tokens(self, text: str) -> list[str]:
        """The normalized text's words: split at any white space, not at U+0020 alone."""
        return self.apply(text).split()


def normalization_for(language: str | None) -> Normalization:
    """The rule for a clip's language; English where it is not known."""
    return _english() if language is None or language.split("-")[0].lower() == "en" else _any_language()


@cache
def _english() -> Normalization:
    with warnings.catch_warnings():
        # Compiling the package warns of an escape sequence, which a project's "error" filter would make fatal.
        warnings.simplefilter("ignore")
        from whisper_normalizer.english import EnglishTextNormalizer

    package = f"whisper-normalizer-{version('whisper-normalizer')}"
    return Normalization(f"{PROTOCOL}+whisper-en#{package}", EnglishTextNormalizer())


@cache
def _any_language() -> Normalization:
    return Normalization(f"{PROTOCOL}+und", _fold)


_PUNCTUATION_AND_SYMBOLS = ("P", "S")


def _fold(text: str) -> str:
    """Case, punctuation and symbols go; combining marks stay, because other scripts spell with them."""
    folded = unicodedata.normalize("NFC", text).casefold()
    kept = (" " if unicodedata.category(char)[0] in _PUNCTUATION_AND_SYMBOLS else char for char in folded)
    return re.sub(r"\s+", " ", "".join(kept)).strip()
