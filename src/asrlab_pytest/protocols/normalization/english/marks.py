"""Private characters that carry a decision from one step of the profile `en` to a later one."""

from __future__ import annotations

SHIELD = "\ue000"
"""Stands before a token that the number rules must leave as it is."""
FRACTION = "\ue001"
"""The stroke of a fraction."""
BREAK = "\ue002"
"""A token that ends a number."""

_READABLE = str.maketrans({SHIELD: None, FRACTION: "/", BREAK: "¦"})


def readable(text: str) -> str:
    """The text with marks that a person can read for the private characters."""
    return text.translate(_READABLE)
