"""Finds output that has run away: a phrase over and over, or text that says next to nothing for its length."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import eq

LONGEST_PHRASE = 8
"""Tokens of the longest phrase whose repetition is looked for."""
EXTRA_TOKENS = 4
"""A phrase loops where its repetitions have this many tokens more than the reference's own."""
COMPRESSION = 2.4
"""Text that zlib makes smaller by more than this factor says next to nothing. Prose stays near or below 2."""
SHORTEST_TEXT = 60
WINDOW = 250
"""Characters that are compressed at once: long text compresses well in any case."""


@dataclass(frozen=True, slots=True)
class Loop:
    """How a hypothesis repeats itself."""

    phrase: str
    """What is repeated; empty if only the compression ratio shows it."""
    times: int
    """How often the phrase is in a row; 0 without a phrase."""
    compression: float
    """Length of the most repetitive part over its length compressed."""

    def __str__(self) -> str:
        if self.phrase:
            # A number directly after a phrase in Hebrew or Arabic would be shown before it.
            return f'"{self.phrase}" up to {self.times} times in a row'
        return f"text that zlib makes {self.compression:.1f} times smaller"


def find_loop(reference: Sequence[str], hypothesis: Sequence[str]) -> Loop | None:
    """The longest repetition of the hypothesis that is not the reference's own; None if there is none.

    Args:
        reference: Its tokens.
        hypothesis: Its tokens.
    """
    said: dict[tuple[str, ...], int] = {}
    for phrase, extra in _repetitions(reference):
        said[phrase] = max(extra, said.get(phrase, 0))
    loops = [
        (extra, -len(phrase), phrase)
        for phrase, extra in _repetitions(hypothesis)
        if extra - said.get(phrase, 0) >= EXTRA_TOKENS
    ]
    ratio = compression(" ".join(hypothesis))
    if loops:
        extra, _, phrase = max(loops)
        return Loop(" ".join(phrase), 1 + extra // len(phrase), ratio)
    if ratio > COMPRESSION >= compression(" ".join(reference)):
        return Loop("", 0, ratio)
    return None


def _repetitions(tokens: Sequence[str]) -> Iterator[tuple[tuple[str, ...], int]]:
    """Each phrase that follows itself, with how many tokens its repetitions have."""
    for size in range(1, LONGEST_PHRASE + 1):
        if sum(map(eq, tokens, tokens[size:])) < size:
            continue
        start = 0
        while start + 2 * size <= len(tokens):
            extra = 0
            while start + size + extra < len(tokens) and tokens[start + extra] == tokens[start + size + extra]:
                extra += 1
            if extra >= size:
                yield tuple(tokens[start : start + size]), extra
            start += max(extra, 1)


def compression(text: str) -> float:
    """The largest ratio by which zlib makes a part of the text smaller; 1 for a text that is too short."""
    parts = [text[start : start + WINDOW] for start in range(0, len(text), WINDOW // 2)]
    return max((_ratio(part) for part in parts if len(part) >= SHORTEST_TEXT), default=1.0)


def _ratio(text: str) -> float:
    """One byte a character, so that no script compresses better for its encoding."""
    numbers: dict[str, int] = {}
    content = bytes(numbers.setdefault(char, len(numbers)) % 256 for char in text)
    return len(content) / len(zlib.compress(content))
