"""The scorecards of a run, for the terminal and for a pull request."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from asrlab_pytest.records.state import ModelState
    from asrlab_pytest.report.scorecard import Scorecard
    from asrlab_pytest.report.slices import Slice
    from asrlab_pytest.report.spoken_card import SpokenCard
    from asrlab_pytest.scoring.scorer import Scorer
    from asrlab_pytest.session.ledger import Ledger
    from asrlab_pytest.settings import SliceBy
    from asrlab_pytest.suite.suite import Suite
    from asrlab_pytest.tasks import Task


class Cards(NamedTuple):
    """What a run shows of its models."""

    asr: Scorecard | None
    """None if the run has no ASR models."""
    spoken: tuple[SpokenCard, ...]
    """Of the models that speak, one for each task."""
    slices: Mapping[SliceBy, Sequence[Slice]]
    """Of the ASR models, by each requested breakdown."""


def cards_of(
    suite: Suite, ledger: Ledger, tasks: Collection[Task], states: Mapping[str, ModelState], scorer: Scorer
) -> Cards:
    """The scorecards of a run.

    Args:
        suite: What was evaluated.
        ledger: Its results.
        tasks: Those of the run.
        states: Status and load times of its models, by model id.
        scorer: Scores by the rules of the run.
    """
    from asrlab_pytest.report.slices import sliced
    from asrlab_pytest.report.spoken_card import spoken_cards

    untimed = [model for model, state in states.items() if state.get("untimed")]
    asr = _scorecard(suite, ledger, states, scorer) if "asr" in tasks else None
    spoken = spoken_cards(ledger.observations, states, rules=suite.rules)
    return Cards(asr, spoken, sliced(ledger.of_task("asr"), scorer, suite.settings.slice, untimed))


def _scorecard(suite: Suite, ledger: Ledger, states: Mapping[str, ModelState], scorer: Scorer) -> Scorecard:
    from asrlab_pytest.records.cover import incomplete
    from asrlab_pytest.report.scorecard import scorecard

    card = scorecard(
        ledger.of_task("asr"),
        {model: state for model, state in states.items() if suite.registry[model].task == "asr"},
        rules=suite.rules,
        corpus=suite.corpus.name,
        reference=suite.settings.reference,
        gates=suite.settings.gates,
        scorer=scorer,
    )
    left_out = () if suite.recording is None else tuple(incomplete(suite.recording))
    return replace(card, incomplete=left_out, excluded=tuple(suite.excluded))
