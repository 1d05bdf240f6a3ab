"""Scores many stored observations under several normalizations, on as many processors as there are."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice
from multiprocessing import get_context
from typing import NamedTuple

from asrlab_pytest.protocols.entities import EntityParameters
from asrlab_pytest.protocols.normalization import Normalization, Normalizations
from asrlab_pytest.protocols.normalization.own import OwnProfile
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.stored_rows import by_clip
from asrlab_pytest.scoring.alignment import count_edits
from asrlab_pytest.scoring.change import Interval
from asrlab_pytest.scoring.counts import Counts, pooled
from asrlab_pytest.scoring.entities import EntityCounts, Listed, listed_of, pooled_entities, score_entities
from asrlab_pytest.scoring.intervals import Tallies, Tally, rate_interval
from asrlab_pytest.scoring.rows import text_pairs
from asrlab_pytest.scoring.score import compared
from asrlab_pytest.tasks import Task

WORTH_A_POOL = 500
"""Observations from which on more than one process is faster."""
_PORTION = 500
"""Observations that are handed to a process at once."""
_WAITING = 3
"""Portions for each process, so that none waits for the next."""


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
        for choice in dict.fromkeys((row.language, row.clip_normalization) for row in rows):
            for name, chosen in zip(self.names, self.normalizations_of(*choice), strict=True):
                result[name].add(chosen.signature)
        return {name: sorted(signatures) for name, signatures in result.items()}

    @cached_property
    def _known(self) -> Normalizations:
        return Normalizations(self.chosen, self.own)


class CaseCounts(NamedTuple):
    """What one observation got right and wrong. Rates of many, and intervals, are made of these."""

    model: str
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


class ModelCounts:
    """The observations of one model: sums, and for the intervals a few numbers of each.

    Args:
        task: The task of the model.
        normalizations: The number of normalizations.
    """

    def __init__(self, task: Task, normalizations: int) -> None:
        self.task = task
        self.clips = 0
        self.entities = EntityCounts()
        """Of all clips."""
        self.protocols: set[str] = set()
        """Signatures of the rules for entities."""
        self.words = [Counts()] * normalizations
        """Of all clips with a reference, under each normalization."""
        self.characters = [Counts()] * normalizations
        """Of all clips with a reference, under each normalization."""
        self._tallies = [Tallies() for _ in range(normalizations)]

    def add(self, case: CaseCounts) -> None:
        """Add an observation."""
        self.clips += 1
        self.entities += case.entities
        self.protocols.update(case.protocols)
        for place, (words, characters) in enumerate(zip(case.words, case.characters, strict=True)):
            if words.reference_length:
                self.words[place] += words
                self.characters[place] += characters
                self._tallies[place].add(
                    Tally(clip=case.clip, group=case.group, errors=words.errors, words=words.reference_length)
                )

    def interval(self, place: int) -> Interval | None:
        """The 95 % interval of the word error rate for these speakers; None if the clips cannot say one."""
        return rate_interval(self._tallies[place])


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
    # The texts of a clip lie side by side, so that its reference is made ready once for all models.
    cases = map(_Case.of, by_clip(rows))
    portions = iter(lambda: list(islice(cases, _PORTION)), [])
    tasks = {row.model: row.task for row in rows}
    counts = {model: ModelCounts(task, len(rules.names)) for model, task in tasks.items()}
    is_alone = jobs == 1 or len(rows) < WORTH_A_POOL
    for part in map(partial(_scored, rules), portions) if is_alone else _in_pool(rules, portions, jobs):
        for case in part:
            counts[case.model].add(case)
    return counts


def _in_pool(rules: Rescoring, portions: Iterator[Sequence[_Case]], jobs: int) -> Iterator[list[CaseCounts]]:
    """The counts of each portion; only a few are pending at a time."""
    # Not forked: the caller's libraries may have threads, which do not survive a fork.
    context = get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_prepare_process, initargs=(rules,)) as pool:
        waiting = deque(pool.submit(_scored_there, portion) for portion in islice(portions, jobs * _WAITING))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(pool.submit(_scored_there, portion) for portion in islice(portions, 1))


_rules_there: list[Rescoring] = []
"""The scoring rules of a worker process."""


def _prepare_process(rules: Rescoring) -> None:
    _rules_there.append(rules)


def _scored_there(cases: Sequence[_Case]) -> list[CaseCounts]:
    return _scored(_rules_there[-1], cases)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Case(NamedTuple):
    """What scores are made of: it goes to other processes."""

    model: str
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
            clip=observation.clip,
            group=observation.group,
            language=observation.language,
            clip_normalization=observation.clip_normalization,
            listed=listed_of(observation),
            texts=text_pairs(observation),
        )


def _scored(rules: Rescoring, cases: Iterable[_Case]) -> list[CaseCounts]:
    counts = []
    for case in cases:
        pairs = [
            [compared(rule, said, hypothesis) for said, hypothesis in case.texts]
            for rule in rules.normalizations_of(case.language, case.clip_normalization)
        ]
        entities = pooled_entities(
            score_entities(said, hypothesis, case.language, listed=case.listed, parameters=rules.entities)
            for said, hypothesis in case.texts
        )
        counts.append(
            CaseCounts(
                model=case.model,
                clip=case.clip,
                group=case.group,
                words=tuple(pooled(count_edits(ref.words, hyp.words) for ref, hyp in texts) for texts in pairs),
                characters=tuple(
                    pooled(count_edits(ref.characters, hyp.characters) for ref, hyp in texts) for texts in pairs
                ),
                entities=entities.counts,
                protocols=entities.protocols,
            )
        )
    return counts
