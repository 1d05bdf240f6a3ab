"""Scores of rows that are asked for more than once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.stored_rows import RowTable, as_stored, chosen
from asrlab_pytest.scoring.entities import EntityScore, score_entity_rows
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.score import Score
from asrlab_pytest.scoring.score_columns import EntityFigures, ScoreColumns, figures_of, rest_of


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
