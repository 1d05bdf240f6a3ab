"""The Whisper English normalizer, from the pinned package `whisper-normalizer` (the same rules without torch)."""

from __future__ import annotations

import warnings
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.characters import UNASSIGNED
from asrlab_pytest.protocols.normalization.other import WHITE_SPACE
from asrlab_pytest.protocols.normalization.step import Step

# Longer numbers are beyond Python's conversion of text to int, which the number rules call.
_ENDLESS_NUMBER = lazy_pattern(r"\d{4000}(?=\d)")


def rule_files() -> list[Traversable]:
    """The files of the package that decide what its English normalizer writes."""
    package = files("whisper_normalizer")
    return [package / "english.py", package / "basic.py", package / "normalizers" / "english.json"]


_ADDED = (r"\bkinda\b", r"\bsorta\b", r"\bdunno\b", r"\bcause\b")
"""Rules that the package has and openai-whisper 20250625 has not."""


def english() -> Any:
    """The English normalizer of openai-whisper 20250625, whose rules the package holds, and a few of its own."""
    return _package()[0]


def diacritics() -> dict[str, str]:
    """Letters that Unicode does not take apart, and what the package writes for them."""
    return _package()[1]


@cache
def _package() -> tuple[Any, dict[str, str]]:
    with warnings.catch_warnings():
        # Compiling the package warns of an escape sequence, which a project's "error" filter would make fatal.
        warnings.simplefilter("ignore")
        from whisper_normalizer.basic import ADDITIONAL_DIACRITICS
        from whisper_normalizer.english import EnglishTextNormalizer

    normalizer = EnglishTextNormalizer()
    for pattern in _ADDED:
        normalizer.replacers.pop(pattern, None)
    return normalizer, ADDITIONAL_DIACRITICS


def _known(text: str) -> str:
    if not text.isascii():
        text = UNASSIGNED.sub(" ", text)
    return _ENDLESS_NUMBER.sub(r"\g<0> ", text)


EN_WHISPER = (
    Step(
        "known characters",
        "Replaces characters newer than Unicode 14.0 with spaces, so that every Python version gives the same text.",
        "hi \U0001fae8 there",
        _known,
    ),
    Step(
        "Whisper",
        "Applies the English normalizer of openai-whisper 20250625, unmodified.",
        "It’s $1.5 million, isn't it?",
        lambda text: str(english()(text)),
    ),
    WHITE_SPACE,
)
