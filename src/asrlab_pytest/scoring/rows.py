"""Scores of the rows of a record, whichever run they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from asrlab_pytest.protocols.entities import EntityParameters
from asrlab_pytest.protocols.normalization.choice import Normalizations
from asrlab_pytest.scoring.counts import pooled
from asrlab_pytest.scoring.score import Score, score

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rules:
    """How a project compares texts."""

    normalizations: Normalizations = field(default_factory=Normalizations)
    entities: EntityParameters = field(default_factory=EntityParameters)

    def score(self, row: Row) -> Score:
        """Word and character counts of an observation, under the rules of its clip.

        Those of a dialogue are the sums of its turns: what was said in one answer is not looked for in the next.
        """
        chosen = self.normalizations.choose(row["language"], row["clip_normalization"])
        if row.get("task") != "conversation" or not row["spoken"]["turns"]:
            return score(row["reference"], row["hypothesis"], normalization=chosen)
        turns = [score(turn["answer"], turn["heard"], normalization=chosen) for turn in row["spoken"]["turns"]]
        return Score(
            words=pooled(turn.words for turn in turns),
            characters=pooled(turn.characters for turn in turns),
            alignment=tuple(word for turn in turns for word in turn.alignment),
            normalization=chosen.signature,
            loop=next((turn.loop for turn in turns if turn.loop), None),
        )
