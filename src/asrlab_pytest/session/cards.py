"""The scorecards of a finished run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from asrlab_pytest.report.scorecard import Scorecard
    from asrlab_pytest.report.slices import Slice
    from asrlab_pytest.report.spoken_card import SpokenCard
    from asrlab_pytest.settings import SliceBy


class Cards(NamedTuple):
    """What a run shows of its models."""

    asr: Scorecard | None
    """None if the run has no ASR models."""
    spoken: tuple[SpokenCard, ...]
    """Of the models that speak, one for each task."""
    slices: Mapping[SliceBy, Sequence[Slice]]
    """Of the ASR models, by each requested breakdown."""
