"""One model × the whole corpus, as the person who writes an eval sees it, and what every kind of corpus has."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import pytest

from asrlab_pytest.cases.case import bounds_of, noted
from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.gates.bounds import Layer, ThresholdExceeded, violations
from asrlab_pytest.hints import runnable
from asrlab_pytest.inference.engine_trace import engine_error, engine_trace
from asrlab_pytest.inference.handle import ModelHandle
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.session.judgements import Checked, Level
from asrlab_pytest.tasks import NOUNS, WORDS
from asrlab_pytest.wording import many

if TYPE_CHECKING:
    from asrlab_pytest.scoring.corpus import CorpusScore
    from asrlab_pytest.scoring.entities import EntityScore
    from asrlab_pytest.scoring.score import Score


class Pool(Checked, ABC):
    """One model × all chosen items that it is meant for. What was observed before is not observed again.

    What cannot be read, transcribed or spoken is left out and is in `failed`: it fails its own cases, and the run.

    Args:
        model: The model's handle.
        layers: The corpus thresholds that apply, the strongest first.
        rules: How texts are compared.
    """

    level: ClassVar[Level] = "corpus"

    def __init__(self, model: ModelHandle, *, layers: Sequence[Layer], rules: Rules | None = None) -> None:
        super().__init__(model)
        self.failed: dict[str, AsrlabError] = {}
        self._layers = layers
        self._rules = rules or Rules()

    @cached_property
    def observations(self) -> list[Observation]:
        """One for each item that could be observed."""
        observed = []
        for item in self.model.clips:
            try:
                observed.append(self.model.observe(item))
            except AsrlabError as error:
                self.failed[item.id] = error
                if (load_error := self.model.load_error) is not None:
                    self.model.give_up(load_error)
                    raise pytest.fail.Exception(str(load_error), pytrace=False) from None
        if not observed:
            words = WORDS[self.model.spec.task]
            none = f"no {words.noun} is meant for it, or the audit excluded them all"
            reasons = "\n".join([*map(str, self.failed.values()), *self._first_trace]) or none
            pytest.fail(f"{self.model.id}: no {words.noun} could be {words.done}\n{reasons}", pytrace=False)
        self.model.repeat()
        return observed

    @property
    def _first_trace(self) -> list[str]:
        """The frames of the engine's code where it raised the first error."""
        causes = filter(None, map(engine_error, self.failed.values()))
        return [*filter(None, map(engine_trace, causes))][:1]

    @property
    def is_observed(self) -> bool:
        """Whether the figures were requested, and there were observations to pool."""
        return "observations" in self.__dict__

    @cached_property
    def judged(self) -> list[Observation]:
        """The observations whose reference is not in doubt: those that the figures are pooled of."""
        return [row for row in self.observations if not row.quarantined]

    @cached_property
    def scores(self) -> dict[str, Score]:
        """The score of each judged item, by its id: the same as its case has, with the alignment and the entities."""
        from asrlab_pytest.scoring.entities import score_entity_rows

        return {
            row.clip: replace(self._rules.score(row), entities=score_entity_rows([row], self._rules.entities))
            for row in self.judged
        }

    @property
    @abstractmethod
    def _texts(self) -> CorpusScore:
        """Pooled counts and rates of the texts."""

    @cached_property
    def entities(self) -> EntityScore:
        """Amounts, dates, names that were written or heard: pooled counts and rates, in all and by type."""
        from asrlab_pytest.scoring.entities import score_entity_rows

        return score_entity_rows(self.judged, self._rules.entities)

    @property
    def wer(self) -> float | None:
        """Pooled word error rate; None if no reference has words."""
        return self._texts.wer

    @property
    def cer(self) -> float | None:
        """Pooled character error rate; None if no reference has characters."""
        return self._texts.cer

    @property
    def rtf(self) -> float | None:
        """Processing time over the length of the audio that was heard or made; None without either.

        Leaves out times from a store or record (not this run's) and from a server (not the model's own).
        """
        timed = [row for row in self.observations if row.is_measured_here]
        seconds = sum(row.audio_s or 0.0 for row in timed)
        return sum(row.latency_s or 0.0 for row in timed) / seconds if seconds else None

    @abstractmethod
    def figures(self) -> dict[str, float | None]:
        """The pooled value of each metric of the task that can have a threshold."""

    @noted
    def check(self, *metrics: str) -> None:
        """Judge the pooled figures by the thresholds that apply: the mark's, the model's, the project's.

        Args:
            metrics: Only these, such as ``"wer"`` or ``"entity_recall"``; all that have a bound where none is given.

        Raises:
            ThresholdExceeded: a figure misses its bound.
        """
        of = f"{self.model.id} over all {NOUNS[self.model.spec.task]}s"
        bounds = bounds_of(self, self._layers, metrics, of=of, observe=lambda: self.observations)
        if not self.judged:
            pytest.fail(
                f"{self.model.id}: nothing left to judge: all "
                f"{many(len(self.observations), NOUNS[self.model.spec.task])} are quarantined (texts in doubt)\n"
                f"  hint: {runnable('asrlab audit --review')}",
                pytrace=False,
            )
        figures = self.figures()
        self.judged_metrics |= {bound.metric for bound in bounds if figures[bound.metric] is not None}
        broken = violations(figures, bounds)
        if broken:
            items = many(len(self.observations), NOUNS[self.model.spec.task]) + (
                f", {len(self.failed)} left out" if self.failed else ""
            )
            raise ThresholdExceeded(f"{'; '.join(map(str, broken))}, over {items}")

    @property
    def timed(self) -> list[Observation]:
        """Observations whose times are judged: none from a store, a record or a server."""
        return [observation for observation in self.judged if observation.is_measured_here]


class AsrCorpus(Pool):
    """One model × every chosen clip that it is meant for."""

    @cached_property
    def score(self) -> CorpusScore:
        """Pooled counts and rates."""
        return self._pooled(self.judged)

    def tagged(self, tag: str) -> CorpusScore:
        """Pooled counts and rates of the clips with a tag."""
        return self._pooled([row for row in self.judged if tag in row.tags])

    @property
    def _texts(self) -> CorpusScore:
        return self.score

    def _pooled(self, rows: Sequence[Observation]) -> CorpusScore:
        from asrlab_pytest.scoring.corpus import corpus_score

        return corpus_score(map(self._rules.figures, rows))

    def figures(self) -> dict[str, float | None]:
        """The pooled value of each metric that can have a threshold."""
        return {
            "wer": self.wer,
            "cer": self.cer,
            "rtf": self.rtf,
            "hallucinated_words": self.score.hallucinated_words,
            "entity_recall": self.entities.recall,
            "entity_error_rate": self.entities.error_rate,
        }
