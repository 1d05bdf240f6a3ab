"""Scores of the rows of a record, whichever run they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from asrlab_pytest.protocols.entities import EntityParameters
from asrlab_pytest.protocols.normalization.choice import Normalizations
from asrlab_pytest.scoring.score import Score, score

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rules:
    """How a project compares texts."""

    normalizations: Normalizations = field(default_factory=Normalizations)
    entities: EntityParameters = field(default_factory=EntityParameters)

    def score(self, row: Row) -> Score:
        """Word and character counts of an observation, under the rules of its clip."""
        chosen = self.normalizations.choose(row["language"], row["clip_normalization"])
        return score(row["reference"], row["hypothesis"], normalization=chosen)
