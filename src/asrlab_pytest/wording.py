"""How counts are written in messages."""

from __future__ import annotations


def many(count: int, noun: str) -> str:
    """A count with its noun: "1 clip", "12 clips"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def about(count: int) -> str:
    """An estimated count, rounded to two digits."""
    scale = 10 ** max(len(str(count)) - 2, 0)
    return f"about {-(-count // scale) * scale}"
