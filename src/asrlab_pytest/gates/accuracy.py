"""From pairs to verdicts: every model of a run against its baseline, as one family of comparisons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from asrlab_pytest.gates.changes import changes_of
from asrlab_pytest.gates.outcome import Outcome, points, signed, worst_of
from asrlab_pytest.gates.paired_clips import PairedClips
from asrlab_pytest.gates.pairing import ENTITIES, FACTS, WER, Pair, Pairing
from asrlab_pytest.gates.reasons import IN_QUARANTINE
from asrlab_pytest.gates.regression import AccuracyVerdict, Comparison, Margin, Rule, judge_accuracy
from asrlab_pytest.gates.regression_words import changed, explanation, figures, sentence
from asrlab_pytest.gates.result import Finding, GateResult
from asrlab_pytest.gates.tripwires import CER_RISE, ScoredPair, Tripwire, judge_tripwires
from asrlab_pytest.grouping import grouped
from asrlab_pytest.settings import GateSettings
from asrlab_pytest.wording import many, some

_OTHER = {"prompt": "with a different text or voice than in the baseline"}
_NAMED = 5
"""How many clips a remark names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracyTerms:
    """How much worse is still good enough."""

    margin: Margin = field(default_factory=Margin)
    cer_rise: float = CER_RISE
    """The largest rise of a single clip's CER that is tolerated."""
    rule: Rule = "regression"
    spreads: Mapping[str, float] | None = None
    """By how much each model's WER, or fact error rate, differs between passes: a rise within it is undecided."""

    @classmethod
    def of(cls, settings: GateSettings, spreads: Mapping[str, float] | None = None) -> AccuracyTerms:
        """What a project's settings allow."""
        margin = Margin(absolute=settings.absolute, relative=settings.relative)
        return cls(margin=margin, cer_rise=settings.cer_rise, rule=settings.gate, spreads=spreads)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVerdict:
    """What the accuracy gate says of one model."""

    pairing: Pairing
    metrics: tuple[AccuracyVerdict, ...]
    """One for each metric; none where nothing could be compared."""
    trips: tuple[Tripwire, ...]

    @property
    def outcome(self) -> Outcome:
        """FAIL where a metric fails or a defect is new, else UNDECIDED where a metric is or none is, else PASS."""
        if self.trips:
            return Outcome.FAIL
        return worst_of(metric.outcome for metric in self.metrics) if self.metrics else Outcome.UNDECIDED


def judge_run(pairings: Sequence[Pairing], terms: AccuracyTerms) -> list[ModelVerdict]:
    """Judge all models at once, because the more comparisons are made, the likelier one looks bad by chance.

    This is the whole rule: the tests, `asrlab compare`, the scorecard's comparison with the reference model and the
    simulation all ask here. A metric whose references have nothing to count makes no comparison.

    Returns:
        The verdicts, in the order of the pairings.
    """
    metrics = _judged([_comparisons(pairing, terms) for pairing in pairings])
    trips = judge_tripwires([ScoredPairs(pairing) for pairing in pairings], terms.cer_rise)
    return [
        ModelVerdict(pairing=pairing, metrics=of_model, trips=trip)
        for pairing, of_model, trip in zip(pairings, metrics, trips, strict=True)
    ]


def judge_both_ways(
    pairings: Sequence[Pairing], terms: AccuracyTerms
) -> tuple[list[tuple[AccuracyVerdict, ...]], list[tuple[AccuracyVerdict, ...]]]:
    """The metrics of each model by the rule of `judge_run`, and those of the other side against the model."""
    comparisons = [_comparisons(pairing, terms) for pairing in pairings]
    return _judged(comparisons), _judged([[comparison.swapped for comparison in several] for several in comparisons])


def _judged(comparisons: Sequence[Sequence[Comparison]]) -> list[tuple[AccuracyVerdict, ...]]:
    """The verdicts on each model's comparisons, all as one family."""
    verdicts = iter(judge_accuracy(comparison for several in comparisons for comparison in several))
    return [tuple(next(verdicts) for _ in several) for several in comparisons]


def judge_models(pairings: Sequence[Pairing], terms: AccuracyTerms) -> dict[str, GateResult]:
    """The verdicts of `judge_run` as gate results, by model id."""
    return {verdict.pairing.model: _result(verdict, terms) for verdict in judge_run(pairings, terms)}


def _comparisons(pairing: Pairing, terms: AccuracyTerms) -> list[Comparison]:
    return [
        Comparison(
            model=pairing.model,
            metric=metric,
            clips=clips,
            margin=_margin(pairing.model, metric, terms),
            noun=pairing.noun,
            rule=terms.rule,
            counts_additions=metric != WER,
        )
        for metric, clips in _sides(pairing.pairs).items()
        if metric != ENTITIES or clips.has_words
    ]


def _sides(pairs: Iterable[Pair]) -> dict[str, PairedClips]:
    """The errors on both sides of every clip, by metric."""
    sides: dict[str, PairedClips] = defaultdict(PairedClips)
    for pair in pairs:
        for metric, clip in pair.sides.items():
            sides[metric].append(clip)
    return sides


def _margin(model: str, metric: str, terms: AccuracyTerms) -> Margin:
    spread = (terms.spreads or {}).get(model, 0.0) if metric in (WER, FACTS) else 0.0
    return Margin(absolute=max(terms.margin.absolute, spread), relative=terms.margin.relative)


def _result(verdict: ModelVerdict, terms: AccuracyTerms) -> GateResult:
    pairing = verdict.pairing
    worse, better = changes_of(pairing.pairs)
    return GateResult(
        kind="accuracy",
        model=pairing.model,
        against=pairing.against,
        noun=pairing.noun,
        findings=tuple(_findings(verdict, terms)) or (_nothing(pairing),),
        # Many clips in one sentence first: where there are too many sentences, the last are counted alone.
        trips=tuple(each.sentence() for each in sorted(verdict.trips, key=lambda each: -len(each.clips))),
        warnings=tuple(speaker.sentence(each.metric) for each in verdict.metrics for speaker in each.speakers),
        worse=worse,
        better=better,
        remarks=tuple(_remarks(pairing)),
    )


def _findings(verdict: ModelVerdict, terms: AccuracyTerms) -> Iterator[Finding]:
    has_same_texts = all(pair.has_same_text for pair in verdict.pairing.pairs)
    for metric in verdict.metrics:
        finding = Finding(
            metric=metric.metric,
            outcome=metric.outcome,
            sentence=sentence(metric),
            figures=figures(metric),
            changed=changed(metric, has_same_texts=has_same_texts),
            why=" ".join(filter(None, [explanation(metric), _of_entities(metric, verdict.pairing)])),
        )
        doubt = _unstable(metric, terms)
        yield replace(finding, outcome=Outcome.UNDECIDED, sentence=doubt, why=doubt) if doubt else finding


def _of_entities(metric: AccuracyVerdict, pairing: Pairing) -> str:
    """Which clips have more wrong entities, since the gate's lists of clips are of words; empty for other metrics."""
    if metric.metric != ENTITIES or not metric.worse:
        return ""
    sides = [pair.sides[ENTITIES] for pair in pairing.pairs]
    return f"More wrong entities in {some([side.clip for side in sides if side.errors > side.baseline_errors])}."


def _unstable(metric: AccuracyVerdict, terms: AccuracyTerms) -> str:
    """Of a rise that the project does not allow, but that the model's own passes may explain; else empty."""
    allowed = terms.margin.of(metric.baseline_rate or 0.0)
    if metric.outcome is not Outcome.PASS or metric.margin == allowed or (metric.delta or 0.0) <= allowed:
        return ""
    spread = points((terms.spreads or {})[metric.model])
    return (
        f"More than the {signed(points(allowed))} points allowed, but {metric.metric} also varies by {spread} points "
        "between passes of this run."
    )


def _nothing(pairing: Pairing) -> Finding:
    """Silence is not a pass."""
    return Finding(metric=pairing.metric, outcome=Outcome.UNDECIDED, sentence=f"No {pairing.noun} could be compared.")


@dataclass(frozen=True, slots=True)
class ScoredPairs:
    """The pairs that are judged clip by clip. Another judge writes other texts, which is no defect of the model."""

    _pairing: Pairing

    def __iter__(self) -> Iterator[ScoredPair]:
        scored = ((pair, pair.scored) for pair in self._pairing.pairs)
        return (each for pair, each in scored if pair.same_judge or each.more_forbidden is not None)


def _remarks(pairing: Pairing) -> Iterable[str]:
    for clips, words in (
        (pairing.new, "not in the baseline"),
        (pairing.removed, "only in the baseline"),
        (pairing.changed, _OTHER.get(pairing.noun, "with different audio than in the baseline")),
        (pairing.other_judge, "with a different judge than in the baseline"),
        *((clips, reason) for reason, clips in _by_reason(pairing).items()),
        (pairing.quarantined, f"{IN_QUARANTINE}, not compared"),
    ):
        if clips:
            named = ", ".join(clips[:_NAMED]) + (", ..." if len(clips) > _NAMED else "")
            yield f"{many(len(clips), pairing.noun)} {words}: {named}"


def _by_reason(pairing: Pairing) -> dict[str, list[str]]:
    """The clips that were set aside, by what they are; those in quarantine are listed whatever the baseline has."""
    return grouped((reason, clip) for clip, reason in pairing.set_aside.items() if reason != IN_QUARANTINE)
