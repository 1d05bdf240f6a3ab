"""Options that look at reference and hypothesis together: alternatives in the reference, and compounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import prod

from rapidfuzz.distance import Levenshtein

_GROUP = re.compile(r"\{([^{}|]*(?:\|[^{}|]*)+)\}")
_MOST = 64
"""How many combinations of alternatives are all tried; beyond them, each group is chosen by itself."""
_PARTS = range(2, 5)
"""How many words a compound is written as."""

ONE_GROUP = "write them as one group: {a|b|c}"
_UNREAD = re.compile(r"\{[^{}|]*\||\|[^{}|]*\}")

Tokens = Callable[[str], list[str]]


def has_alternatives(reference: str) -> bool:
    """Whether a reference holds a group such as ``{okay|o k}``."""
    return bool(_GROUP.search(reference))


def unread_alternatives(reference: str) -> str | None:
    """What is wrong with alternatives that are not in a group; None if nothing is."""
    is_unread = _UNREAD.search(_GROUP.sub("", reference))
    return "alternatives within alternatives, or a brace that is not closed" if is_unread else None


def nearest_reference(reference: str, hypothesis: str, tokens: Tokens) -> str:
    """The reference with the alternatives that are nearest to the hypothesis; of equally near ones, the first.

    Args:
        reference: With groups such as ``{okay|o k}``, of which one alternative may be empty.
        hypothesis: What was written.
        tokens: Makes words of a text.
    """
    written = tokens(hypothesis)
    groups = [group.split("|") for group in _GROUP.findall(reference)]
    chosen = [group[0] for group in groups]
    if prod(map(len, groups)) <= _MOST:
        return min(
            (_filled(reference, choice) for choice in product(*groups)), key=lambda text: _errors(tokens(text), written)
        )
    for place, group in enumerate(groups):
        chosen = min(
            ([*chosen[:place], alternative, *chosen[place + 1 :]] for alternative in group),
            key=lambda choice: _errors(tokens(_filled(reference, choice)), written),
        )
    return _filled(reference, chosen)


def first_reference(reference: str) -> str:
    """The reference with the first alternative of each group."""
    return _GROUP.sub(lambda found: found[1].partition("|")[0], reference)


def _filled(reference: str, chosen: Sequence[str]) -> str:
    following = iter(chosen)
    return _GROUP.sub(lambda _: next(following), reference)


def _errors(expected: Sequence[str], written: Sequence[str]) -> int:
    return Levenshtein.distance(expected, written)


def join_compounds(reference: Sequence[str], hypothesis: Sequence[str]) -> list[str]:
    """The words of the hypothesis, its compounds written in as many words as in the reference.

    "white paper" and "whitepaper" are one compound. A word is only rewritten where that leaves fewer errors.
    """
    written = list(hypothesis)
    errors = _errors(reference, written)
    for start, end, words in _rewritings(reference, written):
        changed = [*written[:start], *words, *written[end:]]
        if len(changed) == len(written) + len(words) - (end - start) and _errors(reference, changed) < errors:
            return join_compounds(reference, changed)
    return written


def _rewritings(reference: Sequence[str], written: Sequence[str]) -> Iterator[tuple[int, int, list[str]]]:
    """Stretches of the hypothesis that are a stretch of the reference but for the spaces: start, end, its words."""
    known = set(reference)
    parts = {
        "".join(reference[place : place + size]): list(reference[place : place + size])
        for size in _PARTS
        for place in range(len(reference) - size + 1)
    }
    for place, word in enumerate(written):
        if word in parts and not _is_number(word):
            yield place, place + 1, parts[word]
        for size in _PARTS:
            joined = "".join(written[place : place + size])
            if joined in known and place + size <= len(written) and not _is_number(joined):
                yield place, place + size, [joined]


def _is_number(word: str) -> bool:
    """Whether a word has digits and no letter: 2 10 is not 210."""
    return not any(map(str.isalpha, word)) and any(map(str.isdecimal, word))
