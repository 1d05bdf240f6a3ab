"""How many letters a text has when it is said, and how many of them speech has a second."""

from __future__ import annotations

from asrlab_pytest.writing_systems import ALPHABETS, script_of

CHARACTERS = ((2.0, 35.0), (4.0, 25.0))
"""Of speech, a second: outside the first an error, outside the second suspect."""
SLOW_SPEECH = 2.0
"""Seconds below which slow speech says nothing: a single word may be followed by breath or noise."""
_DIGIT = 4
"""How many letters a digit counts for when it is spoken."""
_SPELLED = 3
"""How many letters a single letter counts for when it is spoken."""


def characters_said(text: str) -> int:
    """Letters that are heard when a text is read: digits and single letters count for several.

    Of the text as written: normalization makes one number of many words.
    """
    words = text.casefold().split()
    letters = sum(_DIGIT if letter.isdecimal() else letter.isalpha() for word in words for letter in word)
    return letters + sum(_SPELLED - 1 for word in words if len(word) == 1 and word.isalpha() and word not in "aio")


def is_alphabetic(text: str) -> bool:
    """Whether a text's letters are of alphabets, so that a rate of letters says something of it."""
    letters = [letter for letter in text if letter.isalpha()]
    return bool(text.strip()) and all(script_of(letter) in ALPHABETS for letter in letters)
