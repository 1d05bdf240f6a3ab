"""Scores of very many rows as numbers: 22 bytes per row."""

from __future__ import annotations

from array import array
from collections.abc import Hashable
from typing import NamedTuple

from asrlab_pytest.protocols.entities import EntityType
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.packed_names import wide_enough
from asrlab_pytest.scoring.counts import Counts
from asrlab_pytest.scoring.entities import EntityCounts, EntityScore
from asrlab_pytest.scoring.loops import Loop
from asrlab_pytest.scoring.score import Score

_COUNTS = 4
"""Counts of words or of characters: hits, substitutions, deletions and insertions."""
_LARGEST = 2**16 - 1
"""A score with a larger count, which takes five hours of speech, is stored as an object."""
_LARGEST_BYTE = 2**8 - 1


class EntityFigures(NamedTuple):
    """The fields of an entity score without its entities."""

    by_type: tuple[tuple[EntityType, EntityCounts], ...]
    protocols: tuple[str, ...]
    unreviewed: int


def figures_of(score: EntityScore) -> EntityFigures:
    """The figures of an entity score, by which equal ones are found."""
    return EntityFigures(tuple(score.by_type.items()), score.protocols, score.unreviewed)


class ScoreColumns:
    """Scores without alignments, by the position of their row in a file.

    Args:
        rows: How many there are.
    """

    def __init__(self, rows: int) -> None:
        self._words: array[int] = array("B", bytes(_COUNTS * rows))
        """In 2 bytes each if a clip has more than 255 words."""
        self._characters = array("H", bytes(2 * _COUNTS * rows))
        self._signatures = array("B", bytes(rows))
        """Index of the normalization, from 1; 0 if there is no score yet."""
        self._names: list[str] = [""]
        self._whole: dict[int, Score] = {}
        """Scores whose counts are too large."""
        self._loops: dict[int, Loop] = {}
        self._entities: array[int] = array("B", bytes(rows))
        """Index of the entity score, from 1; 0 if there is none yet. Of 2 or 4 bytes if there are more scores."""
        self._entity_scores: list[EntityScore | None] = [None]
        self._numbers: dict[EntityFigures, int] = {}
        self._texts, self._rests = array("I", bytes(4 * rows)), array("I", bytes(4 * rows))

    def score(self, place: int) -> Score | None:
        """The score of a row; None if it has none yet."""
        signature = self._signatures[place]
        if not signature:
            return None
        if place in self._whole:
            return self._whole[place]
        numbers = slice(_COUNTS * place, _COUNTS * (place + 1))
        return Score(
            words=_counts(self._words[numbers]),
            characters=_counts(self._characters[numbers]),
            alignment=(),
            normalization=self._names[signature],
            loop=self._loops.get(place) if self._loops else None,
        )

    def add(self, place: int, row: Observation, score: Score) -> None:
        """Add the score of a row, without its alignment."""
        if score.normalization not in self._names:
            self._names.append(score.normalization)
        number = self._names.index(score.normalization)
        self._signatures[place] = min(number, 255)
        words, characters = _numbers(score.words), _numbers(score.characters)
        if max(*words, *characters) > _LARGEST or number > _LARGEST_BYTE:
            self._whole[place] = score
        else:
            self._words = wide_enough(self._words, max(words))
            numbers = slice(_COUNTS * place, _COUNTS * (place + 1))
            self._words[numbers] = array(self._words.typecode, words)
            self._characters[numbers] = array("H", characters)
        if score.loop is not None:
            self._loops[place] = score.loop
        self._texts[place] = _hash(row.hypothesis)
        self._rests[place] = _hash(rest_of(row))

    def entities(self, place: int) -> EntityScore | None:
        """The score of a row's entities; None if it has none yet."""
        return self._entity_scores[self._entities[place]]

    def add_entities(self, place: int, score: EntityScore) -> EntityScore:
        """Add the score of a row's entities; equal ones are stored once."""
        number = self._numbers.setdefault(figures_of(score), len(self._entity_scores))
        if number == len(self._entity_scores):
            self._entity_scores.append(score)
            self._entities = wide_enough(self._entities, number)
        self._entities[place] = number
        shared = self._entity_scores[number]
        assert shared is not None
        return shared

    def text(self, place: int) -> int:
        """A hash of the hypothesis of a row that has a score."""
        return self._texts[place]

    def rest(self, place: int) -> int:
        """A hash of everything else that the score of a row depends on."""
        return self._rests[place]


def rest_of(row: Observation) -> tuple[object, ...]:
    """Everything other than the hypothesis that the score of a row depends on, within one corpus."""
    return row.reference, row.language, row.clip_normalization, row.reference_entities, row.keywords


def _hash(value: Hashable) -> int:
    """In 4 bytes: of a million values that differ, one is taken for equal with a probability of 2 in 10,000."""
    return hash(value) % 2**32


def _numbers(counts: Counts) -> tuple[int, int, int, int]:
    return counts.hits, counts.substitutions, counts.deletions, counts.insertions


def _counts(numbers: array[int]) -> Counts:
    hits, substitutions, deletions, insertions = numbers
    return Counts(hits=hits, substitutions=substitutions, deletions=deletions, insertions=insertions)
