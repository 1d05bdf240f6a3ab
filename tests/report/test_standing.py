"""The sentences of how a model is next to the reference model."""

import pytest

from asrlab_pytest.gates.speed import SpeedTerms, judge_speed
from asrlab_pytest.records.measured import PairedTimes
from asrlab_pytest.records.state import ModelState
from asrlab_pytest.report.scorecard import scorecard
from asrlab_pytest.scoring.rows import Rules
from stored_runs import observed

CLIPS = [f"clip-{number}" for number in range(8)]
ROWS = [
    observed(model, clip, latency_s=seconds, latencies_s=[seconds], load_per_core=None)
    for model, seconds in (("base", 1.0), ("other", 0.5))
    for clip in CLIPS
]
IN_TURN = {"reference": "base", "interleaved": True, "clips": {clip: [[2.0, 1.0], [2.1, 1.0]] for clip in CLIPS}}


def card(times=None):
    """The scorecard, where a speed gate measured these times."""
    states = {"base": ModelState(), "other": ModelState.model_validate({} if times is None else {"times": times})}
    return scorecard(ROWS, states, rules=Rules(), corpus="clips", reference="base")


def told(times=None):
    """The sentence on it."""
    return card(times).rows[1].figures.standing.speed_sentence()


def test_times_in_turn_are_preferred():
    """Where a speed gate of the run timed both in turn, the sentence rests on that."""
    assert told() == "50% faster than base (95% CI 50 to 50), not timed in turn"
    assert told(IN_TURN) == "2.0 times as slow as base (95% CI 2.0 to 2.0), timed in turn"


def test_times_on_a_busy_machine():
    """A ratio of times that were taken in turn on a busy machine says so, and is in no cell."""
    busy, quiet = ({**IN_TURN, "load_per_core": load} for load in (3.0, 1.0))

    assert told(busy).endswith(", timed in turn on a busy machine, which slows models with many threads more")
    assert told(quiet).endswith(", timed in turn")
    assert [row.figures.speedup for row in card(busy).rows] == [None, None]
    assert [row.figures.speedup for row in card(quiet).rows] == pytest.approx([1.0, 1 / 2.05], rel=0.05)


def test_times_of_another_kind_are_not_used():
    """Times beside another model, or not taken in turn, leave the sentence as it is."""
    for times in ({**IN_TURN, "reference": "third"}, {**IN_TURN, "interleaved": False}, {**IN_TURN, "clips": {}}):
        assert told(times) == told()


def test_the_ratio_is_that_of_the_speed_gate():
    """Scorecard and speed gate give one ratio for the same rounds, though a round was slow for both models."""
    times = {**IN_TURN, "clips": {clip: [[1.0, 2.0], [9.0, 5.0], [6.0, 6.0]] for clip in CLIPS}}
    states = {"base": ModelState(), "other": ModelState.model_validate({"times": times})}
    standing = scorecard(ROWS, states, rules=Rules(), corpus="clips", reference="base").rows[1].figures.standing

    gate = judge_speed(PairedTimes.model_validate(times).rounds, SpeedTerms(model="other", reference="base"))

    assert standing.ratio == pytest.approx(gate.ratio) == pytest.approx(1.0)
