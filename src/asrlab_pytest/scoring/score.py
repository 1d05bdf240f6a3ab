"""Word and character error rates of one hypothesis against its reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import jiwer

from asrlab_pytest.protocols.normalization import normalization_for
from asrlab_pytest.scoring.counts import Counts

if TYPE_CHECKING:
    from asrlab_pytest.scoring.entities import EntityScore

Edit = Literal["hit", "substitution", "deletion", "insertion"]


class AlignedWord(NamedTuple):
    """A pair of normalized words; the empty string stands for the side that has none."""

    edit: Edit
    reference: str
    hypothesis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a hypothesis got right and wrong, under one normalization."""

    words: Counts
    characters: Counts
    alignment: tuple[AlignedWord, ...]
    normalization: str
    """Signature of the rules that made the texts comparable."""
    entities: EntityScore | None = None
    """Of the raw texts; None where they were not scored."""

    @property
    def wer(self) -> float | None:
        """Word error rate; None where the normalized reference is empty."""
        return self.words.rate

    @property
    def cer(self) -> float | None:
        """Character error rate, spaces included; None where the normalized reference is empty."""
        return self.characters.rate

    @property
    def hallucinated_words(self) -> int | None:
        """Words written where the reference is empty; None where it is not."""
        return None if self.words.reference_length else self.words.insertions


def score(reference: str, hypothesis: str, language: str | None = "en") -> Score:
    """Score a hypothesis.

    Args:
        reference: What was said.
        hypothesis: What the model wrote, untouched.
        language: ISO 639-1 code that chooses the normalization.
    """
    normalization = normalization_for(language)
    expected, written = normalization.tokens(reference), normalization.tokens(hypothesis)
    alignment, words = _align_words(expected, written)
    return Score(
        words=words,
        characters=_count_characters(" ".join(expected), " ".join(written)),
        alignment=alignment,
        normalization=normalization.signature,
    )


def _align_words(reference: list[str], hypothesis: list[str]) -> tuple[tuple[AlignedWord, ...], Counts]:
    result = jiwer.process_words(" ".join(reference), " ".join(hypothesis))
    aligned: list[AlignedWord] = []
    for chunk in result.alignments[0]:
        expected = reference[chunk.ref_start_idx : chunk.ref_end_idx]
        written = hypothesis[chunk.hyp_start_idx : chunk.hyp_end_idx]
        aligned += _pairs(chunk.type, expected, written)
    return tuple(aligned), _counts(result)


_EDITS: dict[str, Edit] = {
    "equal": "hit",
    "substitute": "substitution",
    "delete": "deletion",
    "insert": "insertion",
}


def _pairs(kind: str, expected: Sequence[str], written: Sequence[str]) -> list[AlignedWord]:
    length = max(len(expected), len(written))
    expected = [*expected, *[""] * (length - len(expected))]
    written = [*written, *[""] * (length - len(written))]
    return [AlignedWord(_EDITS[kind], *pair) for pair in zip(expected, written, strict=True)]


def _count_characters(reference: str, hypothesis: str) -> Counts:
    return _counts(jiwer.process_characters(reference, hypothesis))


def _counts(result: jiwer.WordOutput | jiwer.CharacterOutput) -> Counts:
    return Counts(
        hits=result.hits,
        substitutions=result.substitutions,
        deletions=result.deletions,
        insertions=result.insertions,
    )
