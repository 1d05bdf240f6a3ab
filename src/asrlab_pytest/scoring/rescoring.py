"""Scores many stored observations under several normalizations, on as many processors as there are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from multiprocessing import get_context
from typing import NamedTuple

from asrlab_pytest.protocols.entities import EntityParameters
from asrlab_pytest.protocols.normalization import Normalization, Normalizations, characters_of
from asrlab_pytest.protocols.normalization.own import OwnProfile
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.scoring.alignment import count_edits
from asrlab_pytest.scoring.change import Interval
from asrlab_pytest.scoring.counts import Counts, pooled
from asrlab_pytest.scoring.entities import EntityCounts, Listed, listed_of, pooled_entities, score_entities
from asrlab_pytest.scoring.intervals import Tally, rate_interval
from asrlab_pytest.scoring.rows import texts_of
from asrlab_pytest.tasks import Task

WORTH_A_POOL = 500
"""Observations from which on more than one process is faster."""
_CHUNKS = 4
"""Portions for each process, so that none waits long for the last."""


CLIPS_OWN = "clip's own"
"""Stands among the names of normalizations for that of each clip: the project's for all, or its language's."""


@dataclass(frozen=True, kw_only=True)
class Rescoring:
    """By which rules to score."""

    names: tuple[str, ...]
    """Of the normalizations, or `CLIPS_OWN`."""
    chosen: str | None = None
    """The project's normalization for all clips."""
    own: Mapping[str, OwnProfile] = field(default_factory=dict)
    """The project's own normalizations, by name."""
    entities: EntityParameters = field(default_factory=EntityParameters)

    def normalizations_of(self, language: str | None, clip_normalization: str | None) -> list[Normalization]:
        """Those that an observation is scored by, in the order of the names.

        Args:
            language: The clip's.
            clip_normalization: The name that the manifest states for the clip.

        Raises:
            ConfigError: there is none of a name.
        """
        of_clip = self._known.choose(language, clip_normalization)
        return [of_clip if name == CLIPS_OWN else self._known.named(name) for name in self.names]

    def signatures(self, rows: Iterable[Observation]) -> dict[str, list[str]]:
        """Of the normalizations that these observations are scored by, under each name.

        Raises:
            ConfigError: there is none of a name.
        """
        result: dict[str, set[str]] = {name: set() for name in self.names}
        for row in rows:
            for name, chosen in zip(
                self.names, self.normalizations_of(row.language, row.clip_normalization), strict=True
            ):
                result[name].add(chosen.signature)
        return {name: sorted(signatures) for name, signatures in result.items()}

    @cached_property
    def _known(self) -> Normalizations:
        return Normalizations(self.chosen, self.own)


class CaseCounts(NamedTuple):
    """What one observation got right and wrong. Rates of many, and intervals, are made of these."""

    model: str
    task: Task
    clip: str
    group: str | None
    """Speaker or session: clips of one group are not independent."""
    words: tuple[Counts, ...]
    """Under each normalization."""
    characters: tuple[Counts, ...]
    """Under each normalization."""
    entities: EntityCounts
    protocols: tuple[str, ...]
    """Signatures of the rules for entities."""


@dataclass(frozen=True)
class ModelCounts:
    """The observations of one model."""

    cases: tuple[CaseCounts, ...]

    @property
    def task(self) -> Task:
        """What the model did."""
        return self.cases[0].task

    def words(self, place: int) -> Counts:
        """Of all clips with a reference, under the normalization at this place."""
        return pooled(case.words[place] for case in self.cases if case.words[place].reference_length)

    def characters(self, place: int) -> Counts:
        """Of all clips with a reference, under the normalization at this place."""
        return pooled(case.characters[place] for case in self.cases if case.words[place].reference_length)

    def interval(self, place: int) -> Interval | None:
        """The 95 % interval of the word error rate for these speakers; None if the clips cannot say one."""
        return rate_interval(
            Tally(
                clip=case.clip,
                group=case.group,
                errors=case.words[place].errors,
                words=case.words[place].reference_length,
            )
            for case in self.cases
        )

    @cached_property
    def entities(self) -> EntityCounts:
        """Of all clips."""
        return sum((case.entities for case in self.cases), start=EntityCounts())


def rescored(rows: Sequence[Observation], rules: Rescoring, jobs: int | None = None) -> dict[str, ModelCounts]:
    """Score observations, each once for each normalization.

    Args:
        rows: Observations of one pass.
        rules: By which to score.
        jobs: Processes; as many as there are processors where it is None.

    Returns:
        The counts by model id, in the order of the rows.
    """
    jobs = jobs or _processors()
    slim = [_Case.of(row) for row in rows]
    # The texts of a clip lie side by side, so that its reference is made ready once for all models.
    slim.sort(key=lambda case: (case.clip, case.model))
    if jobs == 1 or len(slim) < WORTH_A_POOL:
        cases = _scored(rules, slim)
    else:
        # Not forked: a library of the caller's may have threads, which do not live on in a fork.
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            parts = pool.map(partial(_scored, rules), _portions(slim, jobs * _CHUNKS))
            cases = [case for part in parts for case in part]
    counts_of: dict[str, list[CaseCounts]] = {row.model: [] for row in rows}
    for case in cases:
        counts_of[case.model].append(case)
    return {model: ModelCounts(tuple(counts)) for model, counts in counts_of.items()}


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _portions(cases: Sequence[_Case], count: int) -> list[Sequence[_Case]]:
    size = -(-len(cases) // count)
    return [cases[start : start + size] for start in range(0, len(cases), size)]


class _Case(NamedTuple):
    """What scores are made of: it goes to other processes."""

    model: str
    task: Task
    clip: str
    group: str | None
    language: str | None
    clip_normalization: str | None
    listed: Listed
    texts: list[tuple[str, str]]

    @classmethod
    def of(cls, observation: Observation) -> _Case:
        return cls(
            model=observation.model,
            task=observation.task,
            clip=observation.clip,
            group=observation.group,
            language=observation.language,
            clip_normalization=observation.clip_normalization,
            listed=listed_of(observation),
            texts=texts_of(observation),
        )


def _scored(rules: Rescoring, cases: Iterable[_Case]) -> list[CaseCounts]:
    prepared = lru_cache(maxsize=1024 * len(rules.names))(_prepared)
    counts = []
    for case in cases:
        pairs = [
            [_pair(rule, partial(prepared, rule), said, hypothesis) for said, hypothesis in case.texts]
            for rule in rules.normalizations_of(case.language, case.clip_normalization)
        ]
        entities = pooled_entities(
            score_entities(said, hypothesis, case.language, listed=case.listed, parameters=rules.entities)
            for said, hypothesis in case.texts
        )
        counts.append(
            CaseCounts(
                model=case.model,
                task=case.task,
                clip=case.clip,
                group=case.group,
                words=tuple(
                    pooled(count_edits(said.words, hypothesis.words) for said, hypothesis in pairs_of_profile)
                    for pairs_of_profile in pairs
                ),
                characters=tuple(
                    pooled(count_edits(said.characters, hypothesis.characters) for said, hypothesis in pairs_of_profile)
                    for pairs_of_profile in pairs
                ),
                entities=entities.counts,
                protocols=entities.protocols,
            )
        )
    return counts


class _Text(NamedTuple):
    """A normalized text."""

    words: list[str]
    characters: list[str]


def _pair(rules: Normalization, prepare: Callable[[str], _Text], said: str, hypothesis: str) -> tuple[_Text, _Text]:
    if not (rules.alternatives or rules.compounds):
        return prepare(said), prepare(hypothesis)
    first, second = rules.pair(said, hypothesis)
    return _text(rules, first), _text(rules, second)


def _prepared(rules: Normalization, text: str) -> _Text:
    return _text(rules, rules.apply(text))


def _text(rules: Normalization, normalized: str) -> _Text:
    return _Text(rules.tokens_of(normalized), characters_of(normalized))
