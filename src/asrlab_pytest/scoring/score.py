"""Word and character error rates of one hypothesis against its reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from asrlab_pytest.protocols.normalization import Normalization, characters_of, normalization_for
from asrlab_pytest.scoring.alignment import AlignedWord, Edit, align, count_edits, counted
from asrlab_pytest.scoring.counts import Counts
from asrlab_pytest.scoring.loops import Loop, find_loop

if TYPE_CHECKING:
    from asrlab_pytest.scoring.entities import EntityScore

__all__ = ["AlignedWord", "Edit", "Score", "score"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a hypothesis got right and wrong, under one normalization."""

    words: Counts
    characters: Counts
    alignment: tuple[AlignedWord, ...]
    normalization: str
    """Signature of the rules that made the texts comparable."""
    loop: Loop | None = None
    """How the hypothesis repeats itself, where it does."""
    entities: EntityScore | None = None
    """Of the raw texts; None where they were not scored."""

    @property
    def wer(self) -> float | None:
        """Word error rate; None where the normalized reference is empty."""
        return self.words.rate

    @property
    def cer(self) -> float | None:
        """Character error rate over graphemes and the spaces between words; None where the reference is empty."""
        return self.characters.rate

    @property
    def hallucinated_words(self) -> int | None:
        """Words written where the reference is empty; None where it is not."""
        return None if self.words.reference_length else self.words.insertions


def score(
    reference: str, hypothesis: str, language: str | None = "en", *, normalization: Normalization | None = None
) -> Score:
    """Score a hypothesis.

    Args:
        reference: What was said.
        hypothesis: What the model wrote, untouched.
        language: ISO 639-1 code that chooses the normalization.
        normalization: The normalization, whatever the language.
    """
    rules = normalization or normalization_for(language)
    said, heard = rules.pair(reference, hypothesis)
    expected, written = rules.tokens_of(said), rules.tokens_of(heard)
    alignment = align(expected, written)
    return Score(
        words=counted(alignment),
        characters=count_edits(characters_of(said), characters_of(heard)),
        alignment=alignment,
        normalization=rules.signature,
        loop=find_loop(expected, written),
    )
