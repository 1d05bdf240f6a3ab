"""The accuracy gate in a pytest session: gathers what every model wrote, judges all at once, tells of one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.evaluating.gating import AsrGate
from asrlab_pytest.gates.result import GateResult
from asrlab_pytest.models.spec import ModelSpec, Task
from asrlab_pytest.running.hearing import heard_items

if TYPE_CHECKING:
    from asrlab_pytest.running.session import Session


class AsrRegression(AsrGate):
    """One model beside its baseline, all models judged as one family when this is first asked."""


def regression_gate(session: Session, model_id: str) -> Callable[[], GateResult]:
    """What judges one model, among all of this run. A model that cannot be compared is skipped, with the reason."""
    suite = session.suite
    spec = suite.registry[model_id]
    if not suite.status(spec).is_ready:
        pytest.skip(f"{model_id}: {suite.status(spec)}")
    if suite.settings.update_baseline:
        return lambda: _only_observed(session, spec)
    if suite.baseline is None:
        pytest.skip(f"{model_id}: no baseline is named (mend: write one by --asr-baseline FILE --asr-update-baseline)")
    against = suite.settings.counterpart(model_id)
    if against not in suite.baseline.texts:
        pytest.skip(f"{model_id}: {suite.baseline.path} has nothing of {against} (mend: --asr-update-baseline)")
    return lambda: _answer(session, model_id)


def _only_observed(session: Session, spec: ModelSpec) -> GateResult:
    """Transcribe what the baseline is to hold, and compare it with nothing."""
    observed(session, spec)
    return GateResult(kind="accuracy", model=spec.id, against="nothing", findings=())


def _answer(session: Session, model_id: str) -> GateResult:
    result = _judged(session, session.suite.registry[model_id].task)[model_id]
    session.judged(result)
    return result


def _judged(session: Session, task: Task) -> dict[str, GateResult]:
    """The verdict on every model of a task that the baseline has; made once a session, when one is asked for."""
    if task not in session.verdicts:
        from asrlab_pytest.gates.accuracy import AccuracyTerms, judge_models
        from asrlab_pytest.gates.pairing import pair
        from asrlab_pytest.scoring.determinism import spreads

        suite = session.suite
        assert suite.baseline is not None
        pairings = []
        models = suite.models_of(task)
        for spec in models:
            against = suite.settings.counterpart(spec.id)
            if against in suite.baseline.texts and suite.status(spec).is_ready:
                rows = observed(session, spec)
                pairings.append(pair(spec.id, against, rows, suite.baseline.texts[against], suite.rules))
        found = spreads({spec.id: session.passes(spec.id) for spec in models}, suite.rules)
        session.verdicts[task] = judge_models(pairings, AccuracyTerms.of(suite.settings.gates, found))
    return session.verdicts[task]


def observed(session: Session, spec: ModelSpec) -> list[dict[str, Any]]:
    """One observation for each clip of a model; what no other test asked for is transcribed now."""
    known = session.observations.get(spec.id, {})
    handle = session.handles.get(spec.id)
    tried = set(known) | set(handle.errors if handle else ())
    missing = [item for item in heard_items(session.suite, spec) if item.id not in tried]
    if missing:
        session.release()
        handle = session.handle(spec, shared=True)
        session.handles.setdefault(spec.id, handle)
        for item in missing:
            # Told by the handle's errors, which fail the run.
            with suppress(AsrlabError):
                handle.observe(item)
    if handle is not None:
        handle.repeat()
        handle.close()
    return list(session.observations.get(spec.id, {}).values())
