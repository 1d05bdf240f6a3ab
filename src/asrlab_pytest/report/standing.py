"""How a model of a run stands beside the reference model, from the observations of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from asrlab_pytest.gates.outcome import many
from asrlab_pytest.gates.regression import PairedClip
from asrlab_pytest.gates.versus import PairedTime, Timing, compare
from asrlab_pytest.measure.paired import PairedRound, paired_times
from asrlab_pytest.scoring.rows import Row
from asrlab_pytest.scoring.score import Score

BUSY = 1.25
"""Processes that want to run, for each processor. A model that uses all of them makes 1."""
Scored = Sequence[tuple[Row, Score]]


def standing(own: Scored, other: Scored, reference: str, timed: Mapping[str, Any] | None = None) -> str:
    """Speed and accuracy on the clips of both, in one sentence with its intervals; empty where they share none.

    Args:
        own: What the model wrote, scored.
        other: What the reference model wrote.
        reference: Its id.
        timed: What a speed gate of the same run measured of both, clip by clip in turn; None where none did.
    """
    theirs = {row["clip"]: (row, score) for row, score in other}
    pairs = [(row, score, *theirs[row["clip"]]) for row, score in own if row["clip"] in theirs]
    if not pairs:
        return ""
    errors = [
        PairedClip(
            clip=row["clip"],
            group=row["group"],
            baseline_errors=expected.words.errors,
            baseline_words=expected.words.reference_length,
            errors=score.words.errors,
            words=score.words.reference_length,
        )
        for row, score, _, expected in pairs
        if score.words.reference_length == expected.words.reference_length
    ]
    in_turn = _in_turn(timed, reference)
    if in_turn:
        sentence = compare(in_turn, errors, reference=reference, timing="in turn").sentence()
        return f"{sentence}; {many(len(in_turn), 'clip')} timed in turn"
    times = [
        PairedTime(clip=row["clip"], model_s=row["latency_s"], reference_s=against["latency_s"])
        for row, _, against, _ in pairs
        if row["latency_s"] > 0 and against["latency_s"] > 0
    ]
    timing: Timing = "one after the other, busy" if _was_busy(own) or _was_busy(other) else "one after the other"
    return compare(times, errors, reference=reference, timing=timing).sentence()


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
