"""What the accuracy gate says of the models of a run: their texts are gathered, and all are judged at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.gates.result import GateResult, fails
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.identity import identities_of
from asrlab_pytest.suite.judging import heard_samples
from asrlab_pytest.tasks import Task

if TYPE_CHECKING:
    from asrlab_pytest.gates.pairing import Pairing
    from asrlab_pytest.records.observation import Observation
    from asrlab_pytest.session.session import Session


def verdicts(session: Session, task: Task) -> dict[str, GateResult]:
    """The verdict on every model of a task that the baseline has; made once a session, when one is asked for."""
    if task not in session.verdicts:
        suite = session.suite
        rows = {spec.id: observed(session, spec) for spec in _comparable(session, task) if suite.status(spec).is_ready}
        session.verdicts[task] = _verdicts(session, task, rows)
    return session.verdicts[task]


def judge_the_rest(session: Session) -> list[str]:
    """Compare what the run observed, and no test compared, with the baseline; why that fails the run, in words.

    It asks no model anything: it is for runs whose tests have no gate, or whose gate was left out.
    """
    suite = session.suite
    if suite.baseline is None:
        return []
    judged = {row["model"] for row in session.ledger.gates if row["kind"] == "accuracy"}
    found = []
    for task in session.tasks:
        rows = {spec.id: _first_pass(session, spec) for spec in _comparable(session, task)}
        verdicts = _verdicts(session, task, {model: own for model, own in rows.items() if own})
        found += [result for model, result in verdicts.items() if model not in judged]
    session.ledger.gates += [result.as_json() for result in found]
    failed = [one for one in found if fails(one, suite.settings.undecided)]
    return [
        f"{one.outcome.value.upper()} accuracy of {one.model} against the baseline {suite.baseline.path} (see above)"
        for one in failed
    ]


def _comparable(session: Session, task: Task) -> list[ModelSpec]:
    """The models of a task that the baseline has something of."""
    suite = session.suite
    texts = suite.baseline.texts if suite.baseline else {}
    return [spec for spec in suite.models_of(task) if suite.settings.counterpart(spec.id) in texts]


def _first_pass(session: Session, spec: ModelSpec) -> list[Observation]:
    return [one for one in session.ledger.first_pass if (one.model, one.task) == (spec.id, spec.task)]


def _verdicts(session: Session, task: Task, rows: Mapping[str, list[Observation]]) -> dict[str, GateResult]:
    """The verdicts on these models, as one family.

    Args:
        session: The run.
        task: What the models do.
        rows: The first pass of each, by model id.
    """
    from asrlab_pytest.gates.accuracy import AccuracyTerms, judge_models
    from asrlab_pytest.gates.pairing import pair
    from asrlab_pytest.scoring.determinism import spreads

    suite = session.suite
    assert suite.baseline is not None
    pairings = []
    for model, own in rows.items():
        against = suite.settings.counterpart(model)
        pairings.append(pair(model, against, own, suite.baseline.texts[against], suite.rules))
    passes = spreads({spec.id: session.ledger.passes(spec.id) for spec in suite.models_of(task)}, suite.rules)
    results = judge_models(pairings, AccuracyTerms.of(suite.settings.gates, passes))
    return {one.model: _covered(session, one, results[one.model], rows[one.model]) for one in pairings}


def _covered(session: Session, pairing: Pairing, result: GateResult, rows: Sequence[Observation]) -> GateResult:
    """The result, with how much of what was chosen it rests on. A narrowed run speaks of what it observed."""
    from asrlab_pytest.gates.coverage import observed_ids, with_changes, with_coverage

    suite = session.suite
    spec = suite.registry[pairing.model]
    left_out = suite.excluded_of(spec.id)
    left_out |= {row.clip for row in rows if row.quarantined}
    asked = [item.id for item in heard_samples(suite, spec) if not item.quarantined and item.id not in left_out]
    baseline = suite.baseline
    assert baseline is not None
    then = baseline.models.get(pairing.against, {})
    return with_coverage(
        with_changes(result, pairing, then, identities_of(rows), baseline.origin),
        pairing,
        observed_ids(pairing) if session.narrowing else asked,
        lambda clip: baseline.is_newer(pairing.against, clip),
    )


def observed(session: Session, spec: ModelSpec) -> list[Observation]:
    """One observation for each clip of a model; what no other test asked for is transcribed now."""
    known = session.ledger.first_of.get(spec.id, {})
    handle = session.sources.handles.get(spec.id)
    tried = set(known) | set(handle.errors if handle else ())
    missing = [item for item in heard_samples(session.suite, spec) if item.id not in tried]
    if missing:
        session.sources.release()
        handle = session.sources.handle(spec, shared=True)
        session.sources.handles.setdefault(spec.id, handle)
        for item in missing:
            # Told by the handle's errors, which fail the run.
            with suppress(AsrlabError):
                handle.observe(item)
    if handle is not None:
        handle.repeat()
        handle.close()
    return list(session.ledger.first_of.get(spec.id, {}).values())
