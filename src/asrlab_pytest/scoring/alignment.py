"""Aligns two sequences of tokens with the fewest edits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from rapidfuzz.distance import Levenshtein, Opcodes

from asrlab_pytest.scoring.counts import Counts

Edit = Literal["hit", "substitution", "deletion", "insertion"]


class AlignedWord(NamedTuple):
    """A pair of normalized words; the empty string stands for the side that has none."""

    edit: Edit
    reference: str
    hypothesis: str


_EDITS: dict[str, Edit] = {
    "equal": "hit",
    "replace": "substitution",
    "delete": "deletion",
    "insert": "insertion",
}


def align(reference: Sequence[str], hypothesis: Sequence[str]) -> tuple[AlignedWord, ...]:
    """The pairs of an alignment with the fewest edits.

    The total of edits is the same for every aligner; where several alignments have it, rapidfuzz chooses, as in jiwer.
    """
    aligned: list[AlignedWord] = []
    for part in _opcodes(reference, hypothesis):
        expected = reference[part.src_start : part.src_end]
        aligned += _pairs(_EDITS[part.tag], expected, hypothesis[part.dest_start : part.dest_end])
    return tuple(aligned)


def count_edits(reference: Sequence[str], hypothesis: Sequence[str]) -> Counts:
    """The edits of that alignment, where its pairs are not needed."""
    edits = dict.fromkeys(_EDITS.values(), 0)
    for part in _opcodes(reference, hypothesis):
        edits[_EDITS[part.tag]] += max(part.src_end - part.src_start, part.dest_end - part.dest_start)
    return Counts(
        hits=edits["hit"],
        substitutions=edits["substitution"],
        deletions=edits["deletion"],
        insertions=edits["insertion"],
    )


def _opcodes(reference: Sequence[str], hypothesis: Sequence[str]) -> Opcodes:
    numbers: dict[str, int] = {}  # rapidfuzz compares hashes, and those of words could collide
    first = [numbers.setdefault(token, len(numbers)) for token in reference]
    second = [numbers.setdefault(token, len(numbers)) for token in hypothesis]
    return Levenshtein.opcodes(first, second)


def _pairs(edit: Edit, expected: Sequence[str], written: Sequence[str]) -> list[AlignedWord]:
    length = max(len(expected), len(written))
    expected = [*expected, *[""] * (length - len(expected))]
    written = [*written, *[""] * (length - len(written))]
    return [AlignedWord(edit, *pair) for pair in zip(expected, written, strict=True)]


def counted(alignment: Sequence[AlignedWord]) -> Counts:
    """The edits of an alignment."""
    edits = [pair.edit for pair in alignment]
    return Counts(
        hits=edits.count("hit"),
        substitutions=edits.count("substitution"),
        deletions=edits.count("deletion"),
        insertions=edits.count("insertion"),
    )
