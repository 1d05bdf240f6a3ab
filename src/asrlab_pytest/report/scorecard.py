"""The comparison table of a run as data: one row a model, also for models that could not run."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from asrlab_pytest.gates.accuracy import AccuracyTerms
from asrlab_pytest.gates.versus import BothWays
from asrlab_pytest.models.profile import COMPARED
from asrlab_pytest.report.standing import Scored, accuracy_beside, standing
from asrlab_pytest.report.stated_languages import detected_languages, without_language
from asrlab_pytest.scoring.change import Interval
from asrlab_pytest.scoring.corpus import CorpusScore, corpus_score
from asrlab_pytest.scoring.determinism import Determinism, determinism, spreads
from asrlab_pytest.scoring.entities import EntityScore, pooled_entities
from asrlab_pytest.scoring.intervals import RateUncertainty, Tally, rate_uncertainty
from asrlab_pytest.scoring.rows import Row, Rules
from asrlab_pytest.scoring.scorer import Scorer
from asrlab_pytest.settings import GateSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured of a model over its clips. Times are in seconds."""

    score: CorpusScore
    entities: EntityScore
    clips: int
    latency_p50: float | None
    """None, as all times and memory, where no engine ran."""
    latency_p95: float | None
    rtf: float | None
    """Processing time of all clips over their audio time."""
    speedup: float | None
    """Times as fast as the reference model on the clips of both; None where there is none."""
    peak_rss_bytes: int | None
    device: str
    """The device used and, where it differs, the one asked for."""
    normalizations: tuple[str, ...]
    loops: tuple[tuple[str, str], ...] = ()
    """Clips whose hypothesis repeats itself, and how."""
    wer_uncertainty: RateUncertainty | None = None
    """How far off the WER may be, at 95 %."""
    standing: str = ""
    """How the model stands beside the reference model, in one sentence; empty for that model itself."""
    recorded: int = 0
    """Clips whose text and times were taken from a store or record."""
    determinism: Determinism | None = None
    """What the passes over the clips come to; None where there was one."""
    quarantined: tuple[str, ...] = ()
    """Clips whose text is in doubt, and which the figures leave out."""
    wer_with_quarantined: float | None = None
    """The pooled WER if they were counted."""
    wer_without_quarantined: float | None = None
    """The pooled WER without them; None where no other clip has words."""
    detected: tuple[str, ...] = ()
    """In which languages the model heard clips that state another, or none, in sentences."""

    @property
    def wer_interval(self) -> Interval | None:
        """Of 95 %, for the speakers at hand; None where the clips cannot say how far off the rate is."""
        return None if self.wer_uncertainty is None else self.wer_uncertainty.these_speakers


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardRow:
    """One model of the run."""

    model: str
    status: str
    reason: str
    mend: str
    load_s: float | None
    warmup_s: float | None
    unread: int
    """Clips that gave no observation."""
    self_check: str
    """How the model compares with itself on the CPU in float32; empty where that was not asked for."""
    figures: Figures | None
    """None where nothing was transcribed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """All models of a run, in the run's order, set against the reference model."""

    rows: tuple[ScorecardRow, ...]
    corpus: str
    reference: str | None
    """The model that speed is set against; None where none ran."""
    unlike: tuple[str, ...]
    """In what the models' decoding differs, so that their figures compare more than the models."""
    without_language: int = 0
    """Clips that state no language."""


def scorecard(  # noqa: PLR0913 - keywords
    rows: Sequence[Row],
    models: Mapping[str, Mapping[str, Any]],
    *,
    rules: Rules,
    corpus: str,
    reference: str | None = None,
    gates: GateSettings | None = None,
) -> Scorecard:
    """Make the scorecard of a run.

    Args:
        rows: The observations of every pass, as they stand in a record.
        models: Status and load times by model id, in the order to show; a model that has rows may be missing.
        rules: How texts are compared.
        corpus: Name of the corpus.
        reference: The model that speed is set against; the first that ran where it is None.
        gates: By what accuracy is compared with the reference model's; the defaults where it is None.
    """
    observed: dict[str, list[Row]] = {}
    for row in rows:
        observed.setdefault(row["model"], []).append(row)
    ids = list(dict.fromkeys([*models, *observed]))
    scorer = Scorer(rules, with_alignments=False)
    first = {model: _first_pass(own) for model, own in observed.items()}
    scored = {model: [(row, scorer.score(row)) for row in own] for model, own in first.items()}
    reference = reference or next((model for model in ids if model in observed), None)
    repeated = {model: own for model, own in observed.items() if any(row["repeat"] for row in own)}
    terms = AccuracyTerms.of(gates or GateSettings(), spreads(repeated, rules))
    accuracies = accuracy_beside(first, reference or "", scorer, terms)
    beside = _Beside(reference or "", scored.get(reference or "", []), accuracies)
    return Scorecard(
        rows=tuple(
            _row(
                model,
                models.get(model, {}),
                _figures(observed[model], scored[model], beside.for_model(models.get(model, {})), rules, scorer),
            )
            if model in observed
            else _row(model, models.get(model, {}), None)
            for model in ids
        ),
        corpus=corpus,
        reference=reference if beside.scored else None,
        unlike=_unlike(rows[0] for rows in observed.values()),
        without_language=without_language(rows, rules),
    )


@dataclass(frozen=True, slots=True)
class _Beside:
    """The reference model: its id, and what it wrote."""

    model: str
    scored: Scored
    accuracies: Mapping[str, BothWays]
    """What the accuracy gate says of every other model beside it."""
    timed: Mapping[str, Any] | None = None
    """What a speed gate measured of a model beside it."""

    def for_model(self, state: Mapping[str, Any]) -> _Beside:
        """The same beside one model, with the times of both."""
        return replace(self, timed=state.get("times"))


def _first_pass(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["repeat"] == 0 and row["order"] == "given"]


def _unlike(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The decoding settings that are not the same in every model that has them."""
    decodings = [{**row["decoding"], "compute_type": row["compute_type"]} for row in rows if row["decoding"]]
    keys = (*COMPARED, "compute_type")
    return tuple(key for key in keys if len({str(decoding.get(key)) for decoding in decodings}) > 1)


def _row(model: str, state: Mapping[str, Any], figures: Figures | None) -> ScorecardRow:
    return ScorecardRow(
        model=model,
        status=state.get("status", "recorded"),
        reason=state.get("reason", ""),
        mend=state.get("mend", ""),
        load_s=state.get("load_s"),
        warmup_s=state.get("warmup_s"),
        unread=len(state.get("unread", ())),
        self_check=_self_check(state.get("self_check", ())),
        figures=figures,
    )


def _self_check(clips: Sequence[tuple[str, bool, float]]) -> str:
    """The sentence that a self-check comes to."""
    if not clips:
        return ""
    different = [clip for clip, same, _ in clips if not same]
    speedup = statistics.median(ratio for _, _, ratio in clips)
    differing = f" (not on {', '.join(different[:5])})" if different else ""
    return (
        f"same text as on the CPU in float32 on {len(clips) - len(different)} of {len(clips)} clips{differing}, "
        f"{speedup:.2f} times as fast"
    )


def _figures(every: Sequence[Row], everything: Scored, beside: _Beside, rules: Rules, scorer: Scorer) -> Figures:
    # Of a model that was only given doubtful clips there are no other figures.
    scored = [pair for pair in everything if not pair[0].get("quarantined")] or everything
    observed = [row for row, _ in scored]
    latencies = sorted(row["latency_s"] for row in observed if row["latency_s"] is not None)
    sizes = [row["peak_rss_bytes"] for row in observed if row["peak_rss_bytes"] is not None]
    first = observed[0]
    asked, used = first["device_requested"], first["device"]
    is_reference = first["model"] == beside.model
    return Figures(
        score=corpus_score(score for _, score in scored),
        entities=pooled_entities(map(scorer.entities, observed)),
        clips=len(observed),
        latency_p50=statistics.median(latencies) if latencies else None,
        latency_p95=latencies[math.ceil(0.95 * len(latencies)) - 1] if latencies else None,
        rtf=_rtf(observed),
        speedup=_speedup(observed, [row for row, _ in beside.scored]),
        peak_rss_bytes=max(sizes, default=None),
        device=used if asked in ("auto", used) else f"{used}, not {asked}",
        normalizations=tuple(sorted({score.normalization for _, score in scored})),
        loops=tuple((row["clip"], str(score.loop)) for row, score in scored if score.loop),
        wer_uncertainty=_wer_uncertainty(scored),
        standing="" if is_reference else _standing(first["model"], scored, beside),
        recorded=sum(row["recorded"] for row in observed),
        determinism=determinism(every, rules),
        quarantined=tuple(row["clip"] for row, _ in everything if row.get("quarantined")),
        wer_with_quarantined=corpus_score(score for _, score in everything).wer,
        wer_without_quarantined=corpus_score(s for row, s in everything if not row.get("quarantined")).wer,
        detected=tuple(detected_languages(row for row, _ in everything).sentences()),
    )


def _standing(model: str, scored: Scored, beside: _Beside) -> str:
    return standing(scored, beside.scored, beside.model, beside.accuracies.get(model), beside.timed)


def _wer_uncertainty(scored: Scored) -> RateUncertainty:
    return rate_uncertainty(
        Tally(clip=row["clip"], group=row["group"], errors=score.words.errors, words=score.words.reference_length)
        for row, score in scored
    )


def _rtf(rows: Sequence[Row]) -> float | None:
    """Processing time over audio time; None where one of them is not known."""
    timed = [row for row in rows if row["latency_s"] is not None and row["audio_s"]]
    return sum(row["latency_s"] for row in timed) / sum(row["audio_s"] for row in timed) if timed else None


def _latencies(rows: Sequence[Row]) -> dict[str, float]:
    return {row["clip"]: row["latency_s"] for row in rows if row["latency_s"] is not None}


def _speedup(observed: Sequence[Row], against: Sequence[Row]) -> float | None:
    """Time of the reference model over the model's own, summed over the clips that both transcribed."""
    own, other = _latencies(observed), _latencies(against)
    common = own.keys() & other.keys()
    return sum(other[clip] for clip in common) / sum(own[clip] for clip in common) if common else None
