"""Scores of rows that are asked for more than once."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from asrlab_pytest.protocols.entities import EntityType
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.packed_names import wide_enough
from asrlab_pytest.records.stored_rows import RowTable, as_stored, chosen
from asrlab_pytest.scoring.counts import Counts
from asrlab_pytest.scoring.entities import EntityCounts, EntityScore, score_entity_rows
from asrlab_pytest.scoring.loops import Loop
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.score import Score


@dataclass(eq=False, repr=False)
class Scorer:
    """Scores rows by a project's rules, those of ASR and synthesis once."""

    rules: Rules
    with_alignments: bool = field(default=True, kw_only=True)
    """Whether scores keep their alignments and entities: those of a large run would fill the memory."""
    _scores: dict[int, Score] = field(default_factory=dict)
    """By the 8-byte hash of what a score depends on, so that no text is held."""
    _entities: dict[int, EntityScore] = field(default_factory=dict)
    _equal: dict[EntityFigures, EntityScore] = field(default_factory=dict)
    """Each score without entities once: many clips have the same."""
    _tables: dict[int, tuple[RowTable, ScoreColumns]] = field(default_factory=dict)
    """Scores of rows that stay in their file, by the id of its table; available without reading the row."""

    def score(self, row: Observation) -> Score:
        """Word and character counts of an observation."""
        if row.turns:
            return self.rules.score(row)
        if (stored := self._stored(row)) is not None:
            return self._of_file(row, *stored)
        if not self.with_alignments:
            return self.rules.figures(row)
        key = _key(row)
        if key not in self._scores:
            self._scores[key] = self.rules.score(row)
        return self._scores[key]

    def entities(self, row: Observation) -> EntityScore:
        """The entities of an observation; only the counts if alignments are not kept."""
        if (stored := self._stored(row)) is not None:
            columns, place = stored
            score = columns.entities(place)
            return columns.add_entities(place, self._entities_of(row)) if score is None else score
        key = _key(row)
        if key not in self._entities:
            score = self._entities_of(row)
            if not score.matches:
                score = self._equal.setdefault(figures_of(score), score)
            self._entities[key] = score
        return self._entities[key]

    def of_older(self, now: Observation, older: Observation) -> tuple[Score, EntityScore]:
        """The score and the entities of an older text of a clip, against its current reference; not for a dialogue."""
        if not self._differ_in_hypothesis_alone(now, older):
            older = replace(now, hypothesis=older.hypothesis)
        return self.score(older), self.entities(older)

    def is_same_text(self, now: Observation, older: Observation) -> bool:
        """Whether both have the same hypothesis, letter by letter."""
        stored = self._both(now, older)
        if stored is None:
            return now.hypothesis == older.hypothesis
        (columns, place), (others, other) = stored
        return columns.text(place) == others.text(other)

    def _entities_of(self, row: Observation) -> EntityScore:
        score = score_entity_rows([row], self.rules.entities)
        return score if self.with_alignments else replace(score, matches=())

    def _differ_in_hypothesis_alone(self, now: Observation, older: Observation) -> bool:
        stored = self._both(now, older)
        if stored is None:
            return now.clip == older.clip and rest_of(now) == rest_of(older)
        (columns, place), (others, other) = stored
        return columns.rest(place) == others.rest(other)

    def _both(
        self, now: Observation, older: Observation
    ) -> tuple[tuple[ScoreColumns, int], tuple[ScoreColumns, int]] | None:
        """The positions of two rows in their files, after both were scored."""
        places = self._stored(now), self._stored(older)
        if places[0] is None or places[1] is None:
            return None
        self._of_file(now, *places[0])
        self._of_file(older, *places[1])
        return places[0], places[1]

    def _of_file(self, row: Observation, columns: ScoreColumns, place: int) -> Score:
        score = columns.score(place)
        if score is None:
            score = replace(self.rules.score(row), alignment=())
            columns.add(place, row, score)
        return score

    def _stored(self, row: Observation) -> tuple[ScoreColumns, int] | None:
        """Where the score of a row of a file is; None for other rows, or if alignments are kept."""
        stored = None if self.with_alignments else as_stored(row)
        if stored is None:
            return None
        table = stored.table
        if id(table) not in self._tables:
            self._tables[id(table)] = (table, ScoreColumns(len(table)))
        return self._tables[id(table)][1], stored.place


def _key(row: Observation) -> int:
    """A hash of what the score of a row depends on, within one corpus."""
    return hash((row.clip, row.reference, row.hypothesis, row.language, row.clip_normalization))


@dataclass(eq=False, repr=False)
class ScoredRows:
    """Observations with their scores. Rows of a file stay there."""

    rows: Sequence[Observation]
    """The observations alone."""
    scorer: Scorer

    @property
    def scores(self) -> Iterator[Score]:
        """The scores alone."""
        return map(self.scorer.score, self.rows)

    def where(self, test: Callable[[Observation], bool]) -> ScoredRows:
        """Those whose observation passes a test."""
        return ScoredRows(chosen(self.rows, test), self.scorer)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Observation, Score]]:
        return ((row, self.scorer.score(row)) for row in self.rows)


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
