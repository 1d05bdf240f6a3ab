"""Scores of observations, whichever run they come from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from asrlab_pytest.protocols.entities import EntityParameters
from asrlab_pytest.protocols.normalization.choice import Normalizations
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.scoring.counts import pooled
from asrlab_pytest.scoring.score import Score, score
from asrlab_pytest.tasks import WORDS


@dataclass(frozen=True, slots=True)
class Rules:
    """How a project compares texts."""

    normalizations: Normalizations = field(default_factory=Normalizations)
    entities: EntityParameters = field(default_factory=EntityParameters)
    _figures: dict[int, Score] = field(default_factory=dict, init=False, repr=False, compare=False)
    """By the 8-byte hash of what a score depends on, so that no text is held."""
    _equal: dict[Score, Score] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Equal figures are stored once."""

    def score(self, observation: Observation) -> Score:
        """Word and character counts of an observation, under the rules of its clip.

        Those of a dialogue are the sums of its turns.
        """
        chosen = self.normalizations.choose(observation.language, observation.clip_normalization)
        parts = [
            score(reference, hypothesis, normalization=chosen) for reference, hypothesis in text_pairs(observation)
        ]
        if len(parts) == 1:
            return parts[0]
        return Score(
            words=pooled(part.words for part in parts),
            characters=pooled(part.characters for part in parts),
            alignment=tuple(word for part in parts for word in part.alignment),
            normalization=chosen.signature,
            loop=next((part.loop for part in parts if part.loop), None),
        )

    def figures(self, observation: Observation) -> Score:
        """The score without its alignment, which would fill the memory; cached until the end of the run.

        A dialogue is scored again each time.
        """
        if WORDS[observation.task].in_turns:
            return self.score(observation)
        texts = hash(
            (observation.reference, observation.hypothesis, observation.language, observation.clip_normalization)
        )
        if texts not in self._figures:
            figures = replace(self.score(observation), alignment=())
            self._figures[texts] = self._equal.setdefault(figures, figures)
        return self._figures[texts]


def text_pairs(observation: Observation) -> list[tuple[str, str]]:
    """The references of an observation, each with its hypothesis: one pair, of a dialogue one a turn.

    What was said in one answer is not looked for in the next.
    """
    return [(turn.answer, turn.heard) for turn in observation.turns] or [
        (observation.reference, observation.hypothesis)
    ]
