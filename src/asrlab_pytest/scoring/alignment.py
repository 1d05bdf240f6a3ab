"""Aligns two sequences of tokens by jiwer, with the fewest edits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Literal, NamedTuple

from jiwer import Compose, WordOutput, process_words

from asrlab_pytest.scoring.counts import Counts

Edit = Literal["hit", "substitution", "deletion", "insertion"]


class AlignedWord(NamedTuple):
    """A pair of normalized words; the empty string where a side has none."""

    edit: Edit
    reference: str
    hypothesis: str


_EDITS: dict[str, Edit] = {
    "equal": "hit",
    "substitute": "substitution",
    "delete": "deletion",
    "insert": "insertion",
}
_AS_IT_IS = Compose([])
"""jiwer's transform of a text that is a list of tokens already: it splits none of them again."""


def align(reference: Sequence[str], hypothesis: Sequence[str]) -> tuple[AlignedWord, ...]:
    """The pairs of an alignment with the fewest edits.

    The total of edits is the same for every aligner; where several alignments have it, jiwer chooses.
    """
    if reference == hypothesis:  # there is one alignment, and most clips are so
        return tuple(AlignedWord("hit", word, word) for word in reference)
    aligned: list[AlignedWord] = []
    for chunk in _compared(reference, hypothesis).alignments[0]:
        expected = reference[chunk.ref_start_idx : chunk.ref_end_idx]
        written = hypothesis[chunk.hyp_start_idx : chunk.hyp_end_idx]
        aligned += (AlignedWord(_EDITS[chunk.type], *pair) for pair in zip_longest(expected, written, fillvalue=""))
    return tuple(aligned)


def count_edits(reference: Sequence[str], hypothesis: Sequence[str]) -> Counts:
    """The edits of that alignment, where its pairs are not needed."""
    if reference == hypothesis:
        return Counts(hits=len(reference))
    compared = _compared(reference, hypothesis)
    return Counts(
        hits=compared.hits,
        substitutions=compared.substitutions,
        deletions=compared.deletions,
        insertions=compared.insertions,
    )


def _compared(reference: Sequence[str], hypothesis: Sequence[str]) -> WordOutput:
    """What jiwer says of one pair of texts, which it is given as tokens: words, or the characters of a CER."""
    return process_words(
        [list(reference)],  # type: ignore[list-item] # jiwer's transforms, as ours, hand it lists of lists
        [list(hypothesis)],  # type: ignore[list-item]
        _AS_IT_IS,
        _AS_IT_IS,
    )


def counted(alignment: Sequence[AlignedWord]) -> Counts:
    """The edits of an alignment."""
    edits = [pair.edit for pair in alignment]
    return Counts(
        hits=edits.count("hit"),
        substitutions=edits.count("substitution"),
        deletions=edits.count("deletion"),
        insertions=edits.count("insertion"),
    )
