"""Word and character error rates of one hypothesis against its reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from asrlab_pytest.protocols.normalization import Normalization, characters_of, normalization_for
from asrlab_pytest.scoring.alignment import AlignedWord, Edit, align, count_edits, counted
from asrlab_pytest.scoring.counts import Counts
from asrlab_pytest.scoring.entities import EntityScore
from asrlab_pytest.scoring.loops import Loop, find_loop

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
    said, written = compared(rules, reference, hypothesis)
    alignment = align(said.words, written.words)
    return Score(
        words=counted(alignment),
        characters=count_edits(said.characters, written.characters),
        alignment=alignment,
        normalization=rules.signature,
        loop=find_loop(said.words, written.words),
    )


class Text(NamedTuple):
    """A text as it is compared."""

    normalized: str
    words: Sequence[str]

    @property
    def characters(self) -> Sequence[str]:
        """Its graphemes, and the spaces between words."""
        return characters_of(self.normalized)


def compared(rules: Normalization, reference: str, hypothesis: str) -> tuple[Text, Text]:
    """Reference and hypothesis as these rules compare them."""
    if rules.brings_together:
        said, written = rules.pair(reference, hypothesis)
        return Text(said, rules.tokens_of(said)), Text(written, rules.tokens_of(written))
    how = rules.apply, rules.tokens_of
    expected = _prepared(*how, reference)
    return expected, expected if hypothesis == reference else _text(*how, hypothesis)


def _text(apply: Callable[[str], str], tokens_of: Callable[[str], Sequence[str]], text: str) -> Text:
    normalized = apply(text)
    return Text(normalized, tokens_of(normalized))


_prepared = lru_cache(maxsize=4096)(_text)
"""The same of a reference, which comes again with every model, and at the end of the run.

Rules are distinguished by their methods: to hash the rules themselves takes as long as to apply them.
"""
