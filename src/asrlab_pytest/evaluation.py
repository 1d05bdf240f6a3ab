"""One model × the whole corpus, as the person who writes an eval sees it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import pytest

from asrlab_pytest.case import ThresholdExceeded
from asrlab_pytest.errors import AsrlabError, ClipError, TranscriptionError
from asrlab_pytest.gates.judge import Layer, applicable, violations
from asrlab_pytest.measure.handle import ModelHandle
from asrlab_pytest.measure.observation import Observation
from asrlab_pytest.protocols.normalization.choice import Normalizations

if TYPE_CHECKING:
    from asrlab_pytest.protocols.entities import EntityParameters
    from asrlab_pytest.scoring.corpus import CorpusScore
    from asrlab_pytest.scoring.entities import EntityScore


class AsrCorpus:
    """One model × every selected clip that it is meant for. Clips transcribed before are not transcribed again.

    A clip that cannot be read or transcribed is left out and stands in `failed`: it fails its own cases, and the run.

    Args:
        model: The model's handle.
        layers: The corpus thresholds that apply, the strongest first.
        normalizations: The project's; they choose the one that each clip's texts are compared by.
        entity_parameters: What the texts do not say of their amounts and dates; None for the defaults.
    """

    def __init__(
        self,
        model: ModelHandle,
        *,
        layers: Sequence[Layer],
        normalizations: Normalizations | None = None,
        entity_parameters: EntityParameters | None = None,
    ) -> None:
        self.model = model
        self.failed: dict[str, AsrlabError] = {}
        self.judged_metrics: set[str] = set()
        """The metrics that were judged by a bound."""
        self._layers = layers
        self._normalizations = normalizations or Normalizations()
        self._entity_parameters = entity_parameters

    @cached_property
    def observations(self) -> list[Observation]:
        """One for each clip that could be transcribed."""
        observed = []
        for clip in self.model.clips:
            try:
                observed.append(self.model.observe(clip))
            except (ClipError, TranscriptionError) as error:
                self.failed[clip.id] = error
            except AsrlabError as error:
                raise pytest.fail.Exception(str(error), pytrace=False) from None
        if not observed:
            reasons = "\n".join(map(str, self.failed.values())) or "no clip is meant for it"
            pytest.fail(f"{self.model.id}: no clip could be transcribed\n{reasons}", pytrace=False)
        self.model.repeat()
        return observed

    @cached_property
    def judged(self) -> list[Observation]:
        """The observations whose reference is not in doubt: those that the error rates are pooled of."""
        return [row for row in self.observations if not row.quarantined]

    @cached_property
    def score(self) -> CorpusScore:
        """Pooled counts and rates."""
        from asrlab_pytest.scoring.corpus import corpus_score
        from asrlab_pytest.scoring.score import score

        named = {clip.id: clip.normalization for clip in self.model.clips}
        return corpus_score(
            score(
                row.reference,
                row.hypothesis,
                normalization=self._normalizations.choose(row.language, named.get(row.clip)),
            )
            for row in self.judged
        )

    @cached_property
    def entities(self) -> EntityScore:
        """Amounts, dates, names: pooled counts and rates, in all and by type."""
        from asrlab_pytest.scoring.entities import Listed, pooled_entities, score_entities

        return pooled_entities(
            score_entities(
                row.reference,
                row.hypothesis,
                row.language,
                listed=Listed(entities=row.reference_entities, keywords=row.keywords),
                parameters=self._entity_parameters,
            )
            for row in self.judged
        )

    @property
    def wer(self) -> float | None:
        """Pooled word error rate; None where no clip has a reference."""
        return self.score.wer

    @property
    def cer(self) -> float | None:
        """Pooled character error rate; None where no clip has a reference."""
        return self.score.cer

    @property
    def rtf(self) -> float | None:
        """Processing time of the clips over their audio time; None where every text is recorded.

        Times taken from a store or record are not this run's, and left out.
        """
        timed = [row for row in self.observations if not row.recorded]
        return sum(row.latency_s for row in timed) / sum(row.audio_s for row in timed) if timed else None

    def check(self, *metrics: str) -> None:
        """Judge the pooled figures by the thresholds that apply: the mark's, the model's, the project's.

        Args:
            metrics: Only these, such as ``"wer"`` or ``"entity_recall"``; all that have a bound where none is given.

        Raises:
            ThresholdExceeded: a figure misses its bound.
        """
        figures: dict[str, float | None] = {
            "wer": self.wer,
            "cer": self.cer,
            "rtf": self.rtf,
            "hallucinated_words": self.score.hallucinated_words,
            "entity_recall": self.entities.recall,
            "entity_error_rate": self.entities.error_rate,
        }
        bounds = applicable(self._layers, metrics)
        self.judged_metrics |= {bound.metric for bound in bounds if figures[bound.metric] is not None}
        found = violations(figures, bounds)
        if found:
            clips = f"{len(self.observations)} clips" + (f", {len(self.failed)} left out" if self.failed else "")
            raise ThresholdExceeded(f"{self.model.id} over {clips}: {'; '.join(map(str, found))}")
