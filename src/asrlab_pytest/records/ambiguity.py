"""Duplicate cases of a file: harmless if both texts are the same; otherwise it is unknown which one is correct."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from asrlab_pytest.records.case_set import repeats
from asrlab_pytest.records.observation import Observation

_SHOWN = 60


def contradictions(rows: Sequence[Observation], places: Sequence[int], unit: str) -> Iterator[str]:
    """Cases whose text differs from an earlier one in the same file, in words.

    Args:
        rows: Of every pass.
        places: Where each is.
        unit: What the places count.
    """
    for number, first in repeats(rows):
        earlier, row = rows[first], rows[number]
        if texts_of(earlier) != texts_of(row):
            before, now = other_texts(earlier, row)
            yield (
                f"{row.model} on {row.clip} is {before} in {unit} {places[first]}, and {now} in {unit} {places[number]}"
            )


def texts_of(row: Observation) -> list[str]:
    """The transcript of a case, and what the model wrote in each turn of a dialogue."""
    return [row.hypothesis, *(turn.answer for turn in row.turns)]


def other_texts(row: Observation, later: Observation) -> tuple[str, str]:
    """The first texts that differ between two observations, quoted and shortened."""
    pairs = zip_longest(texts_of(row), texts_of(later), fillvalue="")
    first, second = next((value, other) for value, other in pairs if value != other)
    return _short(first), _short(second)


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "...")
