"""How a model of a run is next to the reference model, from the observations of both."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from asrlab_pytest.gates.accuracy import AccuracyTerms, judge_both_ways
from asrlab_pytest.gates.comparison import BothWays, PairedTime, Standing, Timing, compare
from asrlab_pytest.gates.pairing import WER, pair
from asrlab_pytest.grouping import grouped
from asrlab_pytest.records.measured import PairedRound
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.state import ModelState
from asrlab_pytest.report.validity import why_busy
from asrlab_pytest.scoring.scorer import Scorer


def accuracy_beside(
    models: Mapping[str, Mapping[str, Observation]], reference: str, scorer: Scorer, terms: AccuracyTerms
) -> dict[str, BothWays]:
    """The accuracy gate's verdicts on every model against the reference model, and the other way round.

    All models are one family, as when they are judged against a baseline.

    Args:
        models: The first pass of each model by clip, by model id; the reference model among them.
        reference: The reference model's id.
        scorer: What scores the rows.
        terms: What the project's gates allow.
    """
    theirs = models.get(reference, {})
    others = {model: rows for model, rows in models.items() if model != reference}
    pairings = [pair(model, reference, rows, theirs, scorer) for model, rows in others.items()]
    verdicts = [
        {metric.model: metric for metrics in side for metric in metrics if metric.metric == WER}
        for side in judge_both_ways(pairings, terms)
    ]
    return {
        model: BothWays(
            model=verdict,
            reference=verdicts[1][model],
            same_texts=sum(_is_same_text(row, theirs.get(row.clip), scorer) for row in others[model].values()),
        )
        for model, verdict in verdicts[0].items()
    }


def _is_same_text(row: Observation, other: Observation | None, scorer: Scorer) -> bool:
    """Whether another model wrote the same words for a clip that has some to be judged by."""
    if other is None or row.quarantined or not scorer.score(row).words.reference_length:
        return False
    if scorer.score(row).words != scorer.score(other).words:
        return False
    if scorer.is_same_text(row, other):
        return True
    rules = scorer.rules.normalizations.choose(row.language, row.clip_normalization)
    mine, theirs = (rules.tokens_of(rules.written(text)) for text in (row.hypothesis, other.hypothesis))
    return mine == theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedInTurn:
    """What a model and the reference model took for the same clips, taking turns."""

    times: tuple[PairedTime, ...]
    """Of each clip the median over its rounds."""
    busy: str
    """Why the seconds alone mean nothing, in words. Their ratio is that of a busy machine, where a model with many
    threads waits longer than one with few."""

    @property
    def timing(self) -> Timing:
        return "in turn, busy" if self.busy else "in turn"


def standing(  # noqa: PLR0913 - keywords
    rows: Sequence[Observation],
    other: Mapping[str, Observation],
    *,
    reference: str,
    accuracy: BothWays | None,
    in_turn: TimedInTurn | None = None,
    are_timed: bool = True,
) -> Standing | None:
    """A model compared with the reference model, on the clips of both; None if they share none.

    Args:
        rows: What the model wrote.
        other: What the reference model wrote, by clip.
        reference: Its id.
        accuracy: What the accuracy gate says of both.
        in_turn: What the run measured of both in turn; None if it did not.
        are_timed: Whether the times of the observations themselves say something of both models.
    """
    shared = sum(row.clip in other for row in rows)
    if not shared:
        return None
    # Their rows in the table are of all of their clips, and differ by something else.
    common = shared if shared < max(len(rows), len(other)) else None
    if in_turn is not None:
        return compare(in_turn.times, accuracy, reference=reference, timing=in_turn.timing, common=common)
    times = _times(rows, other) if are_timed else ()
    return compare(times, accuracy, reference=reference, timing="one after the other", common=common)


def _times(rows: Sequence[Observation], other: Mapping[str, Observation]) -> Iterator[PairedTime]:
    for row in rows:
        against = other.get(row.clip)
        if against is not None and row.latency_s and against.latency_s:
            yield PairedTime(clip=row.clip, model_s=row.latency_s, reference_s=against.latency_s)


def timed_alone(state: ModelState) -> Standing | None:
    """How long a model takes relative to the reference model, if a run only timed both in turn."""
    times = state.times
    timed = timed_in_turn(state, times.reference) if times else None
    return compare(timed.times, None, reference=times.reference, timing=timed.timing) if times and timed else None


def _median_time(clip: str, pairs: Sequence[PairedRound]) -> PairedTime:
    return PairedTime(
        clip=clip,
        model_s=median(pair.model.wall_s for pair in pairs),
        reference_s=median(pair.reference.wall_s for pair in pairs),
        ratio=math.exp(median(math.log(pair.model.wall_s / pair.reference.wall_s) for pair in pairs)),
    )


def timed_in_turn(state: ModelState, reference: str) -> TimedInTurn | None:
    """What a run measured of a model in turn with the reference model; None if it did not."""
    paired = state.times
    if paired is None or paired.reference != reference or not paired.interleaved:
        return None
    rounds = grouped((pair.clip, pair) for pair in paired.rounds if pair.model.wall_s and pair.reference.wall_s)
    times = tuple(_median_time(clip, pairs) for clip, pairs in rounds.items())
    return TimedInTurn(times=times, busy=why_busy(paired.load_per_core)) if times else None
