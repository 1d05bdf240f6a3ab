"""The comparison table of a run as data: one row a model, also for models that could not run."""

from __future__ import annotations

import math
import statistics
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from asrlab_pytest.gates.accuracy import AccuracyTerms
from asrlab_pytest.gates.comparison import BothWays, Standing
from asrlab_pytest.grouping import grouped
from asrlab_pytest.models.profile import COMPARED
from asrlab_pytest.records.observation import Observation, total
from asrlab_pytest.records.rows_by_clip import rows_by_clip
from asrlab_pytest.records.sorting import median
from asrlab_pytest.records.state import ModelState, SelfCheck
from asrlab_pytest.records.stored_rows import by_model_id, chosen
from asrlab_pytest.report.comparison import (
    TimedInTurn,
    accuracy_beside,
    standing,
    timed_alone,
    timed_in_turn,
)
from asrlab_pytest.report.corpus_summary import CorpusSummary, corpus_summary, unserved
from asrlab_pytest.report.model_row import ModelFigures, ModelRow, device_of, memory_of
from asrlab_pytest.report.stated_languages import DetectedLanguages, detected_languages, without_language
from asrlab_pytest.report.validity import UNHEARD, is_throughput, untimed
from asrlab_pytest.report.worst import Worst, worst
from asrlab_pytest.scoring.change import Interval
from asrlab_pytest.scoring.corpus import CorpusScore, corpus_score
from asrlab_pytest.scoring.determinism import Determinism, determinism, spreads
from asrlab_pytest.scoring.entities import pooled_entities
from asrlab_pytest.scoring.intervals import RateUncertainty, Tally, rate_uncertainty
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.scorer import ScoredRows, Scorer
from asrlab_pytest.settings import GateSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures(ModelFigures):
    """What was measured of a model over its clips; the RTF over those timed in turn, where the run timed any so."""

    score: CorpusScore
    clips: int
    throughput: float | None
    """Seconds of audio transcribed per second (RTFx), for clips in batches; None without any or without valid times."""
    latency_p95: float | None
    """None if the times say nothing."""
    speedup: float | None
    """Times as fast as the reference model on the clips of both; None if the times say nothing."""
    loops: tuple[tuple[str, str], ...] = ()
    """Clips whose hypothesis repeats itself, and how."""
    wer_uncertainty: RateUncertainty | None = None
    """How far off the WER may be, at 95 %."""
    standing: Standing | None = None
    """How the model is next to the reference model; None for that model itself."""
    determinism: Determinism | None = None
    """Comparison of the passes over the clips; None if there was one."""
    quarantined: tuple[str, ...] = ()
    """Clips whose text is in doubt, and which the figures leave out."""
    wer_with_quarantined: float | None = None
    """The pooled WER if they were counted."""
    wer_without_quarantined: float | None = None
    """The pooled WER without them; None if no other clip has words."""
    detected: tuple[str, ...] = ()
    """In which languages the model heard clips that state another, or none, in sentences."""
    cut: tuple[str, ...] = ()
    """Clips that were cut, because they are longer than what the engine transcribes whole."""

    @property
    def wer_interval(self) -> Interval | None:
        """95% CI for these speakers; None if the clips cannot say."""
        return None if self.wer_uncertainty is None else self.wer_uncertainty.these_speakers

    @property
    def why_no_interval(self) -> str:
        """Why the WER has no interval, in words; empty if it has one, or if no clip has words."""
        return "" if self.wer_uncertainty is None else self.wer_uncertainty.why_none

    @property
    def lacks_memory(self) -> bool:
        """Whether its peak memory was not measured, but can be: an engine ran."""
        return self.memory_bytes is None and self.untimed != UNHEARD


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardRow(ModelRow):
    """One ASR model of the run."""

    self_check: str
    """How the model compares with itself on the CPU in float32; empty where that was not asked for."""
    figures: Figures | None
    """None if nothing was transcribed."""
    memory_bytes: int | None = None
    """Peak memory of a process of its own, of a model that was only measured."""
    timed: Standing | None = None
    """Its time relative to the reference model's, of a model that was only timed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """All models of a run, in the run's order, compared with the reference model."""

    rows: tuple[ScorecardRow, ...]
    corpus: str
    summary: CorpusSummary
    """What the clips are, and how they were decoded."""
    reference: str | None
    """The model that the others are compared with; None if it did not run."""
    worst: Worst
    """The clips with the highest error rates."""
    unlike: tuple[str, ...]
    """In what the models' decoding differs, so that their figures compare more than the models."""
    without_language: int = 0
    """Clips that state no language."""
    fewer: Mapping[str, int] = field(default_factory=dict)
    """Models that transcribed only some of the clips, and how many: their rows cover other clips."""
    unserved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Languages in which a model transcribed no clip, where it transcribed others."""
    excluded: tuple[str, ...] = ()
    """Ids of the clips that the audit excluded."""
    incomplete: tuple[str, ...] = ()
    """What is missing from the run, in sentences."""
    absent_reference: str | None = None
    """The model that the others were to be compared with, if it did not run."""

    @property
    def ran(self) -> list[tuple[str, Figures]]:
        """The models that transcribed something, by id."""
        return [(row.model, row.figures) for row in self.rows if row.figures is not None]


def scorecard(  # noqa: PLR0913 - keywords
    rows: Sequence[Observation],
    models: Mapping[str, ModelState],
    *,
    rules: Rules,
    corpus: str,
    reference: str | None = None,
    gates: GateSettings | None = None,
    scorer: Scorer | None = None,
) -> Scorecard:
    """Make the scorecard of a run.

    Args:
        rows: The observations of every pass, as they are in a record.
        models: Status and load times by model id, in the order to show; a model that has rows may be missing.
        rules: How texts are compared.
        corpus: Name of the corpus.
        reference: The model that speed is compared with; the first that ran where it is None.
        gates: By what accuracy is compared with the reference model's; the defaults where it is None.
        scorer: Scores by these rules, and caches the scores.
    """
    by_model = by_model_id(rows)
    ids = list(dict.fromkeys([*models, *by_model]))
    scorer = scorer or Scorer(rules, with_alignments=False)
    passes = {model: chosen(rows, lambda row: row.is_first_pass) for model, rows in by_model.items()}
    # The store's file of a resumed run may have later passes alone.
    first = {model: rows for model, rows in passes.items() if rows}
    observed = {model: by_model[model] for model in first}
    scored = {model: ScoredRows(rows, scorer) for model, rows in first.items()}
    held = {model: _held(rows, scorer) for model, rows in first.items()}
    by_clip = {model: rows_by_clip(rows) for model, rows in first.items()}
    reference = reference or next((model for model in ids if model in observed), None)
    repeated = {model: rows for model, rows in observed.items() if any(row.repeat for row in rows)}
    terms = AccuracyTerms.of(gates or GateSettings(), spreads(repeated, rules))
    states = {model: models.get(model, ModelState()) for model in ids}
    name = reference or ""
    against = _Reference(
        model=name,
        by_clip=by_clip.get(name, {}),
        accuracies=accuracy_beside(by_clip, name, scorer, terms),
        untimed=untimed(states.get(name, ModelState()), first.get(name, ())),
        in_turn={model: timed for model in observed if (timed := timed_in_turn(states[model], name))},
    )
    figures = {
        model: _figures(_Model(states[model], rows, scored[model], *held[model]), against, rules, scorer)
        for model, rows in observed.items()
    }
    summary = corpus_summary(by_clip)
    return Scorecard(
        rows=tuple(_row(model, states[model], figures.get(model)) for model in ids),
        corpus=corpus,
        summary=summary,
        reference=reference if against.by_clip else None,
        absent_reference=None if against.by_clip else reference,
        worst=worst({model: _undoubted(rows) for model, rows in scored.items()}, rules),
        unlike=_unlike(rows[0] for rows in observed.values()),
        without_language=without_language(rows, rules),
        fewer={model: len(rows) for model, rows in first.items() if len(rows) < summary.clips},
        unserved=unserved(first, summary),
    )


@dataclass(frozen=True, slots=True)
class _Model:
    """A model: what is known of it, its observations of every pass, and those of the first, scored."""

    state: ModelState
    every: Sequence[Observation]
    scored: ScoredRows
    detected: DetectedLanguages
    cut: tuple[str, ...]
    """Clips that were cut."""


def _held(rows: Sequence[Observation], scorer: Scorer) -> tuple[DetectedLanguages, tuple[str, ...]]:
    """What transcripts hold besides the text: the languages detected, and which clips were cut.

    Each row is read completely and once, also for its scores, which are then available without reading it again.
    """
    cut: list[str] = []

    def read() -> Iterator[Observation]:
        for row in rows:
            scorer.score(row)
            scorer.entities(row)
            if row.transcript and row.transcript.cuts:
                cut.append(row.clip)
            yield row

    return detected_languages(read()), tuple(cut)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reference:
    """The reference model: its id, what it wrote, and how others are next to it."""

    model: str
    by_clip: Mapping[str, Observation]
    accuracies: Mapping[str, BothWays]
    """The accuracy gate on every other model."""
    untimed: str
    """Why the times of its observations say nothing of it."""
    in_turn: Mapping[str, TimedInTurn]
    """What the run measured of other models in turn with it, by model id."""


def _unlike(rows: Iterable[Observation]) -> tuple[str, ...]:
    """The decoding settings that are not the same in every model that has them."""
    decodings = [{**row.decoding, "compute_type": row.compute_type} for row in rows if row.decoding]
    keys = (*COMPARED, "compute_type")
    return tuple(key for key in keys if len({str(decoding.get(key)) for decoding in decodings}) > 1)


def _row(model: str, state: ModelState, figures: Figures | None) -> ScorecardRow:
    return ScorecardRow.of(
        model,
        state,
        memory_bytes=memory_of(state) if figures is None else None,
        timed=timed_alone(state) if figures is None else None,
        self_check=_self_check(state.self_check),
        figures=figures,
    )


def _self_check(clips: Sequence[SelfCheck]) -> str:
    """The result of a self-check, in a sentence."""
    if not clips:
        return ""
    different = [check.clip for check in clips if not check.same_text]
    ratios = [check.speedup for check in clips if check.speedup is not None]
    differing = f" (not on {', '.join(different[:5])})" if different else ""
    same = f"{len(clips) - len(different)} of {len(clips)} clips{differing}"
    if not ratios:
        return f"same text in batches as one at a time on the CPU in float32 for {same}"
    return f"same text as on the CPU in float32 on {same}, {statistics.median(ratios):.2f} times as fast"


def _figures(observations: _Model, against: _Reference, rules: Rules, scorer: Scorer) -> Figures:
    scored = _undoubted(observations.scored)
    observed = scored.rows
    first = observed[0]
    model = first.model
    why = untimed(observations.state, observations.scored.rows)
    latency_p50, latency_p95 = (None, None) if why else _latencies(observed)
    beside = None
    if model != against.model:
        beside = standing(
            observed,
            against.by_clip,
            reference=against.model,
            accuracy=against.accuracies.get(model),
            in_turn=against.in_turn.get(model),
            are_timed=not (why or against.untimed),
        )
    rtf, why_untimed = _timed(model, why, observed, against)
    return Figures(
        score=corpus_score(scored.scores),
        entities=pooled_entities(map(scorer.entities, observed)),
        clips=len(observed),
        untimed=why_untimed,
        throughput=total(row.audio_s for row in observed) / total(row.latency_s for row in observed)
        if is_throughput(why)
        else None,
        latency_p50=latency_p50,
        latency_p95=latency_p95,
        rtf=rtf,
        speedup=_speedup(beside, against, why),
        memory_bytes=memory_of(observations.state),
        device=device_of(first),
        normalizations=tuple(sorted({score.normalization for score in scored.scores})),
        loops=tuple((row.clip, str(score.loop)) for row, score in scored if score.loop),
        wer_uncertainty=rate_uncertainty(Tally.of(row, score.words) for row, score in scored),
        standing=beside,
        recorded=sum(row.recorded for row in observed),
        determinism=determinism(observations.every, rules),
        quarantined=tuple(row.clip for row in observations.scored.rows if row.quarantined),
        wer_with_quarantined=corpus_score(observations.scored.scores).wer,
        wer_without_quarantined=corpus_score(s for row, s in observations.scored if not row.quarantined).wer,
        detected=tuple(observations.detected.sentences()),
        cut=observations.cut,
    )


def _latencies(observed: Sequence[Observation]) -> tuple[float | None, float | None]:
    """The median and the 95th percentile."""
    seconds = array("d", (row.latency_s for row in observed if row.latency_s is not None))
    if not seconds:
        return None, None
    return median(seconds), seconds[math.ceil(0.95 * len(seconds)) - 1]


def _undoubted(scored: ScoredRows) -> ScoredRows:
    """What counts; of a model that was only given doubtful clips there are no other figures."""
    return scored.where(lambda row: not row.quarantined) or scored


def _timed(model: str, why: str, observed: Sequence[Observation], against: _Reference) -> tuple[float | None, str]:
    """A real-time factor, or why there is none.

    It is of times taken in turn, where there are such: never one model's of those and another's of others.
    """
    if not against.in_turn:
        if why:
            return (None, why)
        return (total(row.latency_s for row in observed) / total(row.audio_s for row in observed), "")
    timings = (
        list(against.in_turn.values()) if model == against.model else [*filter(None, [against.in_turn.get(model)])]
    )
    if not timings:
        return (None, "not timed in turn like the others")
    busy = next((timing.busy for timing in timings if timing.busy), "")
    seconds = grouped(
        (pair.clip, pair.reference_s if model == against.model else pair.model_s)
        for timing in timings
        for pair in timing.times
    )
    lengths = {row.clip: row.audio_s for row in observed if row.clip in seconds}
    if busy or not lengths:
        return (None, busy or "no clip was timed in turn")
    return (sum(statistics.median(seconds[clip]) for clip in lengths) / total(lengths.values()), "")


def _speedup(standing: Standing | None, against: _Reference, why: str) -> float | None:
    """Times as fast as the reference model; that model itself is as fast as it is, where its own times say anything.

    None for times of a busy machine, also in turn: it slows a model with many threads more than one with few.
    """
    if standing is not None:
        return None if standing.ratio is None or standing.is_of_a_busy_machine else 1 / standing.ratio
    in_turn = against.in_turn.values()
    is_valid = any(not timed.busy for timed in in_turn) if in_turn else not why
    return 1.0 if against.by_clip and is_valid else None
