"""How a model of a run stands beside the reference model, from the observations of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any

from asrlab_pytest.gates.outcome import many
from asrlab_pytest.gates.versus import BothWays, PairedTime, Timing, compare
from asrlab_pytest.measure.paired import PairedRound, paired_times
from asrlab_pytest.scoring.rows import Row
from asrlab_pytest.scoring.score import Score
from asrlab_pytest.scoring.scorer import Scorer

if TYPE_CHECKING:
    from asrlab_pytest.gates.accuracy import AccuracyTerms

BUSY = 1.25
"""Processes that want to run, for each processor. A model that uses all of them makes 1."""
Scored = Sequence[tuple[Row, Score]]


def accuracy_beside(
    models: Mapping[str, Sequence[Row]], reference: str, scorer: Scorer, terms: AccuracyTerms
) -> dict[str, BothWays]:
    """The accuracy gate's verdicts on every model against the reference model, and the other way round.

    All models are one family, as when they are judged against a baseline.

    Args:
        models: The first pass of each model, by model id; the reference model among them.
        reference: The reference model's id.
        scorer: What scores the rows.
        terms: What the project's gates allow.
    """
    from asrlab_pytest.gates.accuracy import judge_run
    from asrlab_pytest.gates.pairing import WER, pair

    theirs = {row["clip"]: row for row in models.get(reference, ())}
    pairings = [pair(model, reference, rows, theirs, scorer) for model, rows in models.items() if model != reference]
    swapped = [replace(one, pairs=tuple(two.swapped for two in one.pairs)) for one in pairings]
    verdicts = [
        {metric.model: metric for one in judge_run(several, terms) for metric in one.metrics if metric.metric == WER}
        for several in (pairings, swapped)
    ]
    return {model: BothWays(model=verdict, reference=verdicts[1][model]) for model, verdict in verdicts[0].items()}


def standing(
    own: Scored,
    other: Scored,
    reference: str,
    accuracy: BothWays | None,
    timed: Mapping[str, Any] | None = None,
) -> str:
    """Speed and accuracy on the clips of both, in one sentence with its intervals; empty where they share none.

    Args:
        own: What the model wrote, scored.
        other: What the reference model wrote.
        reference: Its id.
        accuracy: What the accuracy gate says of both.
        timed: What a speed gate of the same run measured of both, clip by clip in turn; None where none did.
    """
    theirs = {row["clip"]: row for row, _ in other}
    pairs = [(row, theirs[row["clip"]]) for row, _ in own if row["clip"] in theirs]
    if not pairs:
        return ""
    in_turn = _in_turn(timed, reference)
    if in_turn:
        sentence = compare(in_turn, accuracy, reference=reference, timing="in turn").sentence()
        return f"{sentence}; {many(len(in_turn), 'clip')} timed in turn"
    times = [
        PairedTime(clip=row["clip"], model_s=row["latency_s"], reference_s=against["latency_s"])
        for row, against in pairs
        if row["latency_s"] and against["latency_s"]
    ]
    timing: Timing = "one after the other, busy" if _was_busy(own) or _was_busy(other) else "one after the other"
    return compare(times, accuracy, reference=reference, timing=timing).sentence()


def _in_turn(timed: Mapping[str, Any] | None, reference: str) -> list[PairedTime]:
    """The times of each clip with both models in turn, the median of its rounds; none where they were not taken so."""
    found = None if timed is None else paired_times(timed)
    if found is None or found.reference != reference or not found.interleaved:
        return []
    rounds: dict[str, list[PairedRound]] = {}
    for one in found.rounds:
        rounds.setdefault(one.clip, []).append(one)
    medians = {
        clip: (median(one.model.wall_s for one in own), median(one.reference.wall_s for one in own))
        for clip, own in rounds.items()
    }
    return [
        PairedTime(clip=clip, model_s=own, reference_s=other) for clip, (own, other) in medians.items() if own and other
    ]


def _was_busy(scored: Scored) -> bool:
    """Whether there was more to do on the machine than its processors can, while the model was timed."""
    loads = [row["load_per_core"] for row, _ in scored if row.get("load_per_core") is not None]
    return bool(loads) and median(loads) > BUSY
