"""A reference and the hypotheses of several models side by side, word under word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from asrlab_pytest.scoring.alignment import AlignedWord

MOST = 1_000
"""Columns that are shown of a text: an engine may write a megabyte."""


class Column(NamedTuple):
    """A word of the reference and what each model wrote for it."""

    reference: str
    """Empty where a model inserted a word."""
    words: tuple[str, ...]
    """One for each model; empty where it wrote nothing here."""

    @property
    def is_hit(self) -> bool:
        """Whether every model wrote the word of the reference."""
        return all(word == self.reference for word in self.words)

    def mark(self, model: int) -> str:
        """S, D or I for a model's word; empty where it is right."""
        return mark(self.reference, self.words[model])


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """Models whose hypotheses were compared with the same words."""

    models: tuple[str, ...]
    columns: tuple[Column, ...]
    left_out: int
    """Further columns that are not shown."""


def mark(reference: str, word: str) -> str:
    """S, D or I; empty for a hit, or where there is nothing on either side."""
    if reference == word:
        return ""
    if not reference:
        return "I"
    return "S" if word else "D"


def side_by_side(alignments: Mapping[str, Sequence[AlignedWord]], most: int = MOST) -> list[SideBySide]:
    """Put the models' alignments side by side.

    Rules that compare numbers can change the words of the reference with the hypothesis: models that were compared with
    different words get a separate block.

    Args:
        alignments: What each model wrote against the reference, by model id.
        most: Columns that are shown of a block.
    """
    blocks: dict[tuple[str, ...], dict[str, Sequence[AlignedWord]]] = {}
    for model, alignment in alignments.items():
        words = tuple(word.reference for word in alignment if word.edit != "insertion")
        blocks.setdefault(words, {})[model] = alignment
    return [_block(reference, members, most) for reference, members in blocks.items()]


def _block(reference: Sequence[str], members: Mapping[str, Sequence[AlignedWord]], most: int) -> SideBySide:
    every = _columns(reference, [_Placed.of(alignment) for alignment in members.values()])
    columns = tuple(islice(every, most))
    return SideBySide(models=tuple(members), columns=columns, left_out=sum(1 for _ in every))


class _Placed(NamedTuple):
    """A hypothesis by the places of the reference."""

    words: list[str]
    """For each word of the reference."""
    inserted: dict[int, list[str]]
    """Words before the reference's word of this number."""

    @classmethod
    def of(cls, alignment: Sequence[AlignedWord]) -> _Placed:
        placed = cls([], {})
        for word in alignment:
            if word.edit == "insertion":
                placed.inserted.setdefault(len(placed.words), []).append(word.hypothesis)
            else:
                placed.words.append(word.hypothesis)
        return placed


def _columns(reference: Sequence[str], members: Sequence[_Placed]) -> Iterator[Column]:
    for place in range(len(reference) + 1):
        inserted = [member.inserted.get(place, []) for member in members]
        for number in range(max(map(len, inserted), default=0)):
            yield Column("", tuple(words[number] if number < len(words) else "" for words in inserted))
        if place < len(reference):
            yield Column(reference[place], tuple(member.words[place] for member in members))
