"""How counts are written in messages."""

from __future__ import annotations

from collections.abc import Sequence

FAILED_DOWNLOAD = "the download of its weights failed"
"""Within the reason of a model's status."""


def many(count: int, noun: str) -> str:
    """A count with its noun: "1 clip", "12 clips"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def in_one_line(text: str) -> str:
    """A message of the terminal without its line breaks, its hint in parentheses."""
    first, *rest = [line.strip() for line in text.split("\n")]
    return " ".join([first, *(f"({line})" if line.startswith("hint: ") else line for line in rest)])


def some(names: Sequence[str], most: int = 3) -> str:
    """The first names of a list, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def first_few(sentences: Sequence[str], most: int, noun: str = "") -> list[str]:
    """As many as a person reads, and how many more there are, as "and 2 more gates"; without a noun as "and 2 more"."""
    left = len(sentences) - most
    more = many(left, f"more {noun}") if noun else f"{left} more"
    return [*sentences[:most], *([f"and {more}"] if left > 0 else [])]


def about(count: int) -> str:
    """An estimated count, rounded to two digits."""
    scale = 10 ** max(len(str(count)) - 2, 0)
    return f"about {-(-count // scale) * scale}"


def shortened(text: str, length: int = 60) -> str:
    """The text, or its beginning."""
    return text if len(text) <= length else f"{text[: length - 3]}..."
