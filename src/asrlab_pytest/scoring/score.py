"""Word and character error rates of one hypothesis against its reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
    """Of the raw texts; None if they were not scored."""

    def __repr__(self) -> str:
        """Short, because pytest shows it where an assertion on it fails."""
        return f"<Score: WER {self.words.in_short}>"

    @property
    def wer(self) -> float | None:
        """Word error rate; None if the normalized reference is empty."""
        return self.words.rate

    @property
    def cer(self) -> float | None:
        """Character error rate over graphemes and the spaces between words; None if the reference is empty."""
        return self.characters.rate

    @property
    def hallucinated_words(self) -> int | None:
        """Words written where the reference is empty; None if it is not."""
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
    if not rules.brings_together:
        how = rules.apply, rules.tokens_of
        said, expected = _prepared(*how, reference)
        hypothesis_text, written = (said, expected) if hypothesis == reference else _compared(*how, hypothesis)
    else:
        said, hypothesis_text = rules.pair(reference, hypothesis)
        expected, written = rules.tokens_of(said), rules.tokens_of(hypothesis_text)
    alignment = align(expected, written)
    return Score(
        words=counted(alignment),
        characters=count_edits(characters_of(said), characters_of(hypothesis_text)),
        alignment=alignment,
        normalization=rules.signature,
        loop=find_loop(expected, written),
    )


def _compared(
    apply: Callable[[str], str], tokens_of: Callable[[str], Sequence[str]], text: str
) -> tuple[str, Sequence[str]]:
    """A text as it is compared, and its words."""
    normalized = apply(text)
    return normalized, tokens_of(normalized)


_prepared = lru_cache(maxsize=4096)(_compared)
"""The same of a reference, which comes again with every model, and at the end of the run.

Rules are distinguished by their methods: to hash the rules themselves takes as long as to apply them.
"""
