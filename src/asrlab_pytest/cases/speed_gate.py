"""The speed gate in a pytest session: times a model and the reference model in turn, and judges the ratio."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from asrlab_pytest.cases.gate import AsrGate, skip_remote, skip_unready
from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.errors import TranscriptionError
from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.result import Finding, GateResult
from asrlab_pytest.hints import runnable
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.suite.judging import judgeable_samples
from asrlab_pytest.suite.paths import baseline_name
from asrlab_pytest.tasks import NOUNS
from asrlab_pytest.wording import many

if TYPE_CHECKING:
    from asrlab_pytest.gates.speed import Clock, SpeedVerdict
    from asrlab_pytest.inference.side_by_side import SideBySide
    from asrlab_pytest.records.baseline import Baseline
    from asrlab_pytest.records.measured import PairedTimes
    from asrlab_pytest.session.ledger import Ledger
    from asrlab_pytest.settings import GateSettings, Settings
    from asrlab_pytest.suite.sources import Sources
    from asrlab_pytest.suite.suite import Suite


class AsrSpeed(AsrGate):
    """A model's time relative to the reference model's, both measured when first needed.

    Without a bound, and without times in the baseline, it is measured all the same, and judged by nothing.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to measure, and the limits to judge it by."""

    model: ModelSpec
    reference: ModelSpec
    clips: tuple[Sample, ...]
    meant: int
    """How many clips, prompts or dialogues both models are meant for."""
    before: PairedTimes | None
    """The times in the baseline."""
    remarks: tuple[str, ...]


def speed_gate(suite: Suite, ledger: Ledger, sources: Sources, model_id: str) -> Callable[[], GateResult]:
    """What measures and judges one model. A model that is not to be timed, or cannot be, is skipped with the reason."""
    spec = suite.registry[model_id]
    if suite.recording is not None:
        pytest.skip(f"{model_id}: scoring a record, recorded times are never checked")
    skip_unready(spec, suite.statuses.of(spec))
    skip_remote(spec.id, spec)
    reference = _reference(suite, sources, spec)
    skip_remote(spec.id, reference)
    before, remarks = _before(suite.baseline, suite.settings, spec, reference)
    meant = [item for item in judgeable_samples(suite, spec) if suite.is_meant(reference, item)]
    if not meant:
        pytest.skip(f"{model_id}: no {NOUNS[spec.task]} suits both it and the reference model {reference.id}")
    clips = sample(meant, suite.settings.gates.speed_clips, suite.settings.seed)
    question = Question(
        model=spec, reference=reference, clips=clips, meant=len(meant), before=before, remarks=tuple(remarks)
    )
    return lambda: _answer(suite, ledger, sources, question)


def sample(clips: Sequence[Sample], count: int, seed: int) -> tuple[Sample, ...]:
    """So many clips, in their order, drawn by their ids: a corpus that grows keeps most of those it was timed on."""
    drawn = sorted((hashlib.sha256(f"{seed}/{clip.id}".encode()).digest(), clip.id) for clip in clips)[:count]
    ids = {clip for _, clip in drawn}
    return tuple(clip for clip in clips if clip.id in ids)


def _reference(suite: Suite, sources: Sources, spec: ModelSpec) -> ModelSpec:
    first = next(
        (candidate.id for candidate in suite.models_of(spec.task) if suite.statuses.of(candidate).is_ready), spec.id
    )
    asked = suite.settings.reference
    # An ASR reference model does not apply to models that speak.
    reference = suite.registry[asked if asked and suite.registry[asked].task == spec.task else first]
    if reference.id == spec.id:
        pytest.skip(f"{spec.id}: this is the reference model")
    if reference not in suite.models:
        pytest.skip(
            f"{spec.id}: the reference model {reference.id} is not in this run (hint: choose it with --asr-model)"
        )
    handle = sources.handles.get(reference.id)
    problem = handle.load_error.problem if handle and handle.load_error else None
    if problem or not suite.statuses.of(reference).is_ready:
        pytest.skip(f"{spec.id}: the reference model {reference.id}: {problem or suite.statuses.of(reference)}")
    return reference


def _before(
    baseline: Baseline | None, settings: Settings, spec: ModelSpec, reference: ModelSpec
) -> tuple[PairedTimes | None, list[str]]:
    """The times in the baseline, and why they are not compared with."""
    before = baseline.times.get(settings.counterpart(spec.id)) if baseline else None
    if before and before.reference != settings.counterpart(reference.id):
        return None, [f"the baseline's times are next to {before.reference}, so they are not compared"]
    return before, []


def _answer(suite: Suite, ledger: Ledger, sources: Sources, question: Question) -> GateResult:
    from asrlab_pytest.inference.side_by_side import SideBySide
    from asrlab_pytest.inference.trials import TRIALS
    from asrlab_pytest.measure.machine import load_per_core
    from asrlab_pytest.suite.conditions import run_conditions

    gates = suite.settings.gates
    sources.release()
    remarks = list(question.remarks)
    conditions = run_conditions(suite.settings, suite.listed(question.model.task).name, suite.root)
    trial = TRIALS[question.model.task]
    known = {
        (spec.id, clip): trial.recorded(row)
        for spec in (question.model, question.reference)
        for clip, row in ledger.first_of.get(spec.id, {}).items()
    }
    pair = SideBySide(
        question.model, question.reference, question.clips, conditions, seed=suite.settings.seed, known=known
    )
    with pair:
        findings, again = ask(pair, question, gates)
    if again:
        remarks.append(f"the first {many(gates.speed_rounds, 'round')} were undecided, so the same number was added")
    times = pair.times
    ledger.timed(question.model.id, times.model_copy(update={"load_per_core": load_per_core()}))
    against = question.reference.id + (
        f" and the baseline {baseline_name(suite.settings, suite.root)}" if question.before else ""
    )
    result = GateResult(
        kind="speed",
        model=question.model.id,
        against=against,
        findings=(*findings, *_coverage(question, pair.failed)) if findings else (),
        remarks=(*_how(pair, question, times), *remarks),
    )
    if findings:
        ledger.judged(result)
    return result


def ask(pair: SideBySide, question: Question, gates: GateSettings) -> tuple[tuple[Finding, ...], bool]:
    """Measure and judge; if that is undecided, measure again and judge all rounds together.

    Returns:
        The findings, and whether it was measured once more.

    Raises:
        AsrlabError: no clip could be timed, or a model does not load.
    """
    findings = _measured(pair, question, gates)
    outcomes = {finding.outcome for finding in findings}
    if not pair.interleaved or Outcome.UNDECIDED not in outcomes or Outcome.FAIL in outcomes:
        return findings, False
    return _measured(pair, question, gates), True


def _measured(pair: SideBySide, question: Question, gates: GateSettings) -> tuple[Finding, ...]:
    """Add rounds, and judge all of them."""
    pair.measure(gates.speed_rounds)
    times = pair.times
    if not times.rounds:
        reasons = "\n".join(map(str, pair.failed.values()))
        raise TranscriptionError(f"no clip could be timed by {question.model.id} and {times.reference}\n{reasons}")
    return tuple(_findings(times, question, gates))


def _findings(times: PairedTimes, question: Question, gates: GateSettings) -> list[Finding]:
    from asrlab_pytest.gates.speed import SpeedTerms, judge_speed, judge_speed_change

    def terms(clock: Clock, allowed: float, *, interleaved: bool) -> SpeedTerms:
        return SpeedTerms(
            model=question.model.id,
            reference=times.reference,
            clock=clock,
            allowed=allowed,
            noise_limit=gates.speed / 2,
            interleaved=interleaved,
        )

    verdicts = {}
    allowed, before = question.model.max_rtf_ratio, question.before
    if allowed is not None:
        for clock in _clocks(times):
            verdicts[_NAMES[clock]] = judge_speed(times.rounds, terms(clock, allowed, interleaved=times.interleaved))
    if before is not None:
        both = times.interleaved and before.interleaved
        for clock in _clocks(times, before):
            verdicts[f"{_NAMES[clock]} since the baseline"] = judge_speed_change(
                before.rounds, times.rounds, terms(clock, 1 + gates.speed, interleaved=both)
            )
    return [_finding(name, verdict) for name, verdict in verdicts.items()]


def _finding(name: str, verdict: SpeedVerdict) -> Finding:
    """A verdict that passes in one figure; any other with the sentence that says why."""
    sentence = verdict.sentence()
    figures = "" if verdict.ratio is None else f"{verdict.ratio:.2f}x the time, {verdict.terms.allowed:.2f}x allowed"
    why = "" if verdict.outcome is Outcome.PASS else f"{name}: {sentence}"
    return Finding(metric=name, outcome=verdict.outcome, sentence=sentence, figures=figures, why=why)


_NAMES: dict[Clock, str] = {"wall": "wall clock", "process": "processor time"}


def _coverage(question: Question, failed: Collection[str]) -> Iterator[Finding]:
    """What the clips that were to be timed, and could not be, make of the verdict: they may be the slow ones."""
    from asrlab_pytest.gates.coverage import METRIC

    if failed:
        count = len(question.clips)
        timed = count - len(failed)
        outcome = Outcome.UNDECIDED if 2 * timed >= count else Outcome.FAIL
        sentence = f"{timed} of {many(count, NOUNS[question.model.task])} could be timed."
        yield Finding(metric=METRIC, outcome=outcome, sentence=sentence)


def _clocks(*runs: PairedTimes) -> list[Clock]:
    """The clocks that every run read: processor time only where both models computed in this process."""
    all_read = all(paired.model.process_s is not None for run in runs for paired in run.rounds)
    return ["wall", "process"] if all_read else ["wall"]


def _how(pair: SideBySide, question: Question, times: PairedTimes) -> list[str]:
    """How it was measured, and what was not."""
    clips = {paired.clip for paired in times.rounds}
    rounds = len({paired.round for paired in times.rounds})
    how = f"timed on {len(clips)} of {many(question.meant, NOUNS[question.model.task])}, in {many(rounds, 'round')}"
    if pair.interleaved:
        lines = [f"{how}, in turn"]
    else:
        lines = [
            f"{how}, one model after the other: both do not fit in memory ({pair.too_large})",
            "nothing fails when timed this way: a busier machine looks like a slower model",
        ]
    return [*lines, *(f"not timed on {clip}: {runnable(error.in_one_line)}" for clip, error in pair.failed.items())]
