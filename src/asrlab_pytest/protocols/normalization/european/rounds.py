"""Round numbers side by side, which text2num mixes: deux cents deux cents, mil dos mil."""

from __future__ import annotations

from collections.abc import Iterator

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.european.conjunctions import value_of
from asrlab_pytest.protocols.normalization.european.lexicon import Lexicon

_ROUND = "(?:cent|cien|cem|mil|honderd|duizend|hundert|tausend)"
_TWO_ROUND = lazy_pattern(rf"{_ROUND}\w{{0,9}}(?:[ -][^\W\d_]{{1,20}}){{0,4}}?[ -]\w{{0,20}}{_ROUND}")
_CLAUSE = lazy_pattern(r"[^\W\d_]+(?:[ -][^\W\d_]+)+")
_SPACE = lazy_pattern("[ -]")
_HUNDRED = 100
_SCALES = (_HUNDRED, 1_000, 1_000_000)


def part_rounds(lexicon: Lexicon, text: str, mark: str) -> str:
    """The text with a mark between two round numbers, and between numbers from a hundred on that are said again."""
    if not _TWO_ROUND.search(text):
        return text
    return _CLAUSE.sub(lambda found: _parted(lexicon, found[0], mark), text)


def _parted(lexicon: Lexicon, clause: str, mark: str) -> str:
    words = _SPACE.split(clause)
    values = [value_of(lexicon, word) for word in words]
    starts: set[int] = set()
    for first, end in _runs(words, values, lexicon.conjunction):
        starts |= {first + place for place in _starts(words[first:end], values[first:end])}
    places = iter(range(1, len(words)))
    return _SPACE.sub(lambda found: f" {mark} " if next(places) in starts else found[0], clause)


def _runs(words: list[str], values: list[int], conjunction: str) -> Iterator[tuple[int, int]]:
    """The first and the end of each run of number words, which neither begins nor ends with "and"."""
    first = 0
    while first < len(words):
        end = first
        while end < len(words) and (values[end] >= 0 or (words[end] == conjunction and end > first)):
            end += 1
        yield first, end - (end > first and words[end - 1] == conjunction)
        first = end + 1


def _starts(words: list[str], values: list[int]) -> set[int]:
    """The places in a run of number words at which another number begins."""
    if max(values, default=0) < _HUNDRED:
        return set()
    for size in range(1, len(words) // 2 + 1):
        if len(words) % size == 0 and values[size - 1] >= 0 and values[size] >= 0 and words[size:] == words[:-size]:
            return set(range(size, len(words), size))
    for size in (1, 2):
        is_again = len(values) > size and values[-1] in _SCALES and values[-1 - size] == values[-1]
        if is_again and (size == 1 or 0 < values[-2] < values[-1]):  # cent mille cent is one number
            return {len(values) - size}
    return set()
