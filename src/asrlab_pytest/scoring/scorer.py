"""Scores of rows that are asked for more than once."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from asrlab_pytest.protocols.entities import EntityType
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.scoring.entities import EntityCounts, EntityScore, score_entity_rows
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.score import Score


class _Key(NamedTuple):
    """What the score of a row depends on, within one corpus."""

    clip: str
    reference: str
    hypothesis: str
    language: str | None
    normalization: str | None


class _Figures(NamedTuple):
    """The fields of an entity score without its entities."""

    by_type: tuple[tuple[EntityType, EntityCounts], ...]
    protocols: tuple[str, ...]
    unreviewed: int


class Scorer:
    """Scores rows by a project's rules, those of ASR and synthesis once.

    Args:
        rules: The project's.
        with_alignments: Whether scores keep their alignments and entities: those of a large run would fill the memory.
    """

    def __init__(self, rules: Rules, *, with_alignments: bool = True) -> None:
        self.rules = rules
        self._with_alignments = with_alignments
        self._scores: dict[int, Score] = {}
        """By the 8-byte hash of what a score depends on, so that no text is held."""
        self._entities: dict[int, EntityScore] = {}
        self._equal: dict[_Figures, EntityScore] = {}
        """Each score without entities once: many clips have the same."""

    def score(self, row: Observation) -> Score:
        """Word and character counts of an observation."""
        if row.turns:
            return self.rules.score(row)
        if not self._with_alignments:
            return self.rules.figures(row)
        key = _key(row)
        if key not in self._scores:
            self._scores[key] = self.rules.score(row)
        return self._scores[key]

    def entities(self, row: Observation) -> EntityScore:
        """The entities of an observation; only the counts if alignments are not kept."""
        key = _key(row)
        if key not in self._entities:
            score = score_entity_rows([row], self.rules.entities)
            if not (self._with_alignments and score.matches):
                figures = _Figures(tuple(score.by_type.items()), score.protocols, score.unreviewed)
                score = self._equal.setdefault(figures, replace(score, matches=()))
            self._entities[key] = score
        return self._entities[key]


def _key(row: Observation) -> int:
    return hash(_Key(row.clip, row.reference, row.hypothesis, row.language, row.clip_normalization))
