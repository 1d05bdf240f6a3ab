"""What the accuracy gate says of the models of a run: their texts are gathered, and all are judged at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.gates.result import GateResult
from asrlab_pytest.grouping import grouped
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.identity import identities_of
from asrlab_pytest.suite.judging import judgeable_samples, to_be_judged, why_left_out
from asrlab_pytest.tasks import Task

if TYPE_CHECKING:
    from asrlab_pytest.gates.pairing import Pair, Pairing
    from asrlab_pytest.records.observation import Observation
    from asrlab_pytest.session.ledger import Ledger
    from asrlab_pytest.session.narrowing import Narrowing
    from asrlab_pytest.suite.sources import Sources
    from asrlab_pytest.suite.suite import Suite


@dataclass(eq=False, repr=False)
class Verdicts:
    """What the accuracy gate says of the models of a run, all of a task judged as one family when one is asked for."""

    suite: Suite
    ledger: Ledger
    sources: Sources
    narrowing: Narrowing
    """What was left out on purpose."""
    _by_task: dict[Task, dict[str, GateResult]] = field(default_factory=dict)

    def of(self, task: Task) -> dict[str, GateResult]:
        """The verdict on every model of a task that the baseline has, by model id."""
        if task not in self._by_task:
            suite = self.suite
            ready = [spec for spec in _comparable(suite, task) if suite.statuses.of(spec).is_ready]
            rows = {spec.id: self.observed(spec) for spec in ready}
            self._by_task[task] = _verdicts(suite, self.ledger, task, rows, self.narrowing)
        return self._by_task[task]

    def pairs(self, spec: ModelSpec) -> Sequence[Pair]:
        """Both sides of what a model is compared on; where the baseline is written, its texts are the new ones."""
        return _pairing(self.suite, spec.id, self.observed(spec)).pairs

    def observed(self, spec: ModelSpec) -> list[Observation]:
        """One observation for each clip of a model; what no other test asked for is transcribed now."""
        sources, first_of = self.sources, self.ledger.first_of
        handle = sources.handles.get(spec.id)
        tried = {*first_of.get(spec.id, ()), *(handle.errors if handle else ())}
        missing = [item for item in judgeable_samples(self.suite, spec) if item.id not in tried]
        if missing:
            sources.release()
            handle = sources.handle(spec, shared=True, clips=missing)
            sources.handles.setdefault(spec.id, handle)
            for item in missing:
                # Told by the handle's errors, which fail the run.
                with suppress(AsrlabError):
                    handle.observe(item)
        if handle is not None:
            handle.repeat()
            handle.close()
        return list(first_of.get(spec.id, {}).values())


def judge_the_rest(suite: Suite, ledger: Ledger, tasks: Collection[Task], narrowing: Narrowing) -> list[GateResult]:
    """Compare what the run observed, and no test compared, with the baseline.

    It asks no model anything: it is for runs whose tests have no gate, or whose gate was left out.
    """
    if suite.baseline is None:
        return []
    judged = {gate.model for gate in ledger.gates if gate.kind == "accuracy"}
    results: list[GateResult] = []
    for task in tasks:
        rows = grouped((row.model, row) for row in ledger.first_pass if row.task == task)
        observed = {spec.id: rows[spec.id] for spec in _comparable(suite, task) if spec.id in rows}
        verdicts = _verdicts(suite, ledger, task, observed, narrowing)
        results += [result for model, result in verdicts.items() if model not in judged]
    ledger.gates += results
    return results


def _comparable(suite: Suite, task: Task) -> list[ModelSpec]:
    """The models of a task that the baseline has something of."""
    texts = suite.baseline.texts if suite.baseline else {}
    return [spec for spec in suite.models_of(task) if suite.settings.counterpart(spec.id) in texts]


def _verdicts(
    suite: Suite, ledger: Ledger, task: Task, rows: Mapping[str, list[Observation]], narrowing: Narrowing
) -> dict[str, GateResult]:
    """The verdicts on these models, as one family.

    Args:
        suite: What is evaluated.
        ledger: What the run observed, in every pass.
        task: What the models do.
        rows: The first pass of each, by model id.
        narrowing: What was left out on purpose.
    """
    from asrlab_pytest.gates.accuracy import AccuracyTerms, judge_models
    from asrlab_pytest.scoring.determinism import spreads

    pairings = [_pairing(suite, model, observations) for model, observations in rows.items()]
    passes = spreads({spec.id: ledger.passes(spec.id) for spec in suite.models_of(task)}, suite.rules)
    results = judge_models(pairings, AccuracyTerms.of(suite.settings.gates, passes))
    return {
        pairing.model: _covered(suite, pairing, results[pairing.model], rows[pairing.model], narrowing)
        for pairing in pairings
    }


def _pairing(suite: Suite, model: str, observations: list[Observation]) -> Pairing:
    """A model's observations beside the baseline's texts; beside themselves where they become the baseline."""
    from asrlab_pytest.gates.pairing import pair, with_reasons

    against = suite.settings.counterpart(model)
    before = suite.baseline.texts[against] if suite.baseline else {row.clip: row for row in observations}
    return with_reasons(pair(model, against, observations, before, suite.rules), _reasons(suite, suite.registry[model]))


def _covered(
    suite: Suite, pairing: Pairing, result: GateResult, rows: Sequence[Observation], narrowing: Narrowing
) -> GateResult:
    """The result, with how much of what was chosen it rests on. A narrowed run speaks of what it observed."""
    from asrlab_pytest.gates.coverage import observed_ids, with_changes, with_coverage

    spec = suite.registry[pairing.model]
    left_out = suite.excluded_of(spec.task)
    left_out |= {row.clip for row in rows if row.quarantined}
    asked = [item.id for item in to_be_judged(suite, spec) if not item.quarantined and item.id not in left_out]
    baseline = suite.baseline
    assert baseline is not None
    then = baseline.models.get(pairing.against, {})
    return with_coverage(
        with_changes(result, pairing, then, identities_of(rows), baseline.origin),
        pairing,
        observed_ids(pairing) if narrowing.leaves_out_tests else asked,
        lambda clip: baseline.is_newer(pairing.against, clip),
        _asked_too(pairing, rows, narrowing),
    )


def _asked_too(pairing: Pairing, rows: Sequence[Observation], narrowing: Narrowing) -> Iterator[str]:
    """Ids of the clips that were set aside, and that the run speaks of: a narrowed one does not of what it left out."""
    from asrlab_pytest.gates.reasons import NO_RESULT, NOT_CHOSEN

    observed = {row.clip for row in rows}
    for clip, reason in pairing.set_aside.items():
        is_left_out = clip not in observed if narrowing.leaves_out_tests else reason == NOT_CHOSEN and narrowing
        if reason != NO_RESULT and not is_left_out:
            yield clip


def _reasons(suite: Suite, spec: ModelSpec) -> Callable[[str], str]:
    """What a clip is that the baseline has and the run no text of; empty where the corpus no longer has it."""
    from asrlab_pytest.gates import reasons

    listed = suite.listed(spec.task).by_id
    excluded = suite.excluded_of(spec.task)
    if suite.recording is not None and spec.task == "asr":
        excluded |= {*suite.recording.excluded}
    chosen = {item.id for item in suite.chosen(spec.task)}

    def reason(clip: str) -> str:
        item = listed.get(clip)
        if item is None:
            return ""
        if clip in excluded:
            return reasons.EXCLUDED
        if clip not in chosen:
            return reasons.NOT_CHOSEN
        if item.quarantined:
            return reasons.IN_QUARANTINE
        if not spec.is_meant_for(item):
            return reasons.NOT_MEANT
        return reasons.NO_RESULT if why_left_out(suite, item, spec.task) is None else reasons.NOT_JUDGED

    return reason
