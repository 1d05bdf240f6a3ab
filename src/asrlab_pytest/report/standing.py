"""How a model of a run stands beside the reference model, from the observations of both."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from asrlab_pytest.gates.regression import PairedClip
from asrlab_pytest.gates.versus import PairedTime, Timing, compare
from asrlab_pytest.scoring.rows import Row
from asrlab_pytest.scoring.score import Score

BUSY = 1.25
"""Processes that want to run, for each processor. A model that uses all of them makes 1."""
Scored = Sequence[tuple[Row, Score]]


def standing(own: Scored, other: Scored, reference: str) -> str:
    """Speed and accuracy on the clips of both, in one sentence with its intervals; empty where they share none."""
    theirs = {row["clip"]: (row, score) for row, score in other}
    pairs = [(row, score, *theirs[row["clip"]]) for row, score in own if row["clip"] in theirs]
    if not pairs:
        return ""
    times = [
        PairedTime(clip=row["clip"], model_s=row["latency_s"], reference_s=against["latency_s"])
        for row, _, against, _ in pairs
        if row["latency_s"] > 0 and against["latency_s"] > 0
    ]
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
    timing: Timing = "one after the other, busy" if _was_busy(own) or _was_busy(other) else "one after the other"
    return compare(times, errors, reference=reference, timing=timing).sentence()


def _was_busy(scored: Scored) -> bool:
    """Whether there was more to do on the machine than its processors can, while the model was timed."""
    loads = [row["load_per_core"] for row, _ in scored if row.get("load_per_core") is not None]
    return bool(loads) and median(loads) > BUSY
