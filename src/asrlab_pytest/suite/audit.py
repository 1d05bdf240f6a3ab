"""The audit of a pytest session: the checks without a model, and what the store or the scored record has heard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from asrlab_pytest.audit.auditing import audit, by_models
from asrlab_pytest.audit.findings import BY_MODELS, Audit
from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.registry import DEFAULT_MODELS
from asrlab_pytest.models.status import weights_of
from asrlab_pytest.progress import counted
from asrlab_pytest.suite.conditions import witness_conditions

if TYPE_CHECKING:
    from asrlab_pytest.audit.findings import Finding
    from asrlab_pytest.models.spec import ModelSpec
    from asrlab_pytest.records.observation import Observation
    from asrlab_pytest.records.store import Store
    from asrlab_pytest.suite.suite import Suite

OF_MODELS = frozenset({"own-distance", "partial", "length-ratio", "reference-span", "swapped", "speech-without-text"})
"""Checks whose suspicion, unlike their errors, may be a model's failure: a run would quarantine what it measures."""


def session_audit(suite: Suite, store: Store | None, *, keep: Callable[[Observation], None]) -> Audit:
    """Audit the chosen clips of a session, with all available transcripts.

    What is certain by them (swapped texts, a consensus of families) counts as it is, but excludes a clip only if
    witnesses that are not under test say it; what is only a suspicion becomes a note.

    Args:
        suite: Its clips, the witnesses that it asks for, and the record that is scored, if one is.
        store: Where earlier transcripts of the same audio lie; None if there is no store.
        keep: Called with each observation that a witness makes.
    """
    testimony: list[Observation] = []
    remarks: Sequence[str] = ()
    unheard: Sequence[str] = ()
    if suite.recording is not None:
        rows = [row for row in suite.recording.first_pass if row.task == "asr"]
    else:
        testimony, unheard, remarks = _witnessed(suite, store, keep)
        known = {row.key for row in testimony}
        rows = [*testimony, *(row for row in stored(store) if row.key not in known)]
    clips = counted(suite.clips, "auditing clips")
    is_recorded = suite.recording is not None
    audited = audit(suite.corpus, suite.clips, suite.rules, rows or None, without_files=is_recorded, progress=clips)
    findings = tuple(_without_suspicion(finding) for finding in audited.findings)
    contested = _contested(suite, audited, testimony)
    remarks = (*audited.remarks, *remarks)
    return replace(audited, findings=findings, remarks=remarks, unheard=tuple(unheard), contested=contested)


def _contested(suite: Suite, audited: Audit, testimony: Sequence[Observation]) -> frozenset[str]:
    """The clips with errors by transcripts that no witness confirms but models under test, whatever their ids."""
    misread = _misread(audited.findings)
    if not misread or not testimony:
        return misread
    tested = {(spec.engine, spec.weights) for spec in suite.models}
    witnesses = {spec.id for spec in suite.registry if (spec.engine, spec.weights) not in tested}
    copies = {*_weights(suite.models_of("asr"))}
    independent = [
        row
        for row in testimony
        if row.model in witnesses and (row.weights_sha256 or row.weights_revision) not in copies
    ]
    if not independent:
        return misread
    return misread - _misread(by_models(suite.corpus, suite.clips, independent, suite.rules).findings)


def _weights(specs: Iterable[ModelSpec]) -> Iterator[str]:
    """What identifies the weights of models, where it is known."""
    for spec in specs:
        with suppress(ModelError):
            weights = weights_of(spec)
            yield from filter(None, [weights.sha256 or weights.revision])


def _misread(findings: Iterable[Finding]) -> frozenset[str]:
    return frozenset(finding.clip for finding in findings if finding.level == "error" and finding.check in BY_MODELS)


def _witnessed(
    suite: Suite, store: Store | None, keep: Callable[[Observation], None]
) -> tuple[list[Observation], list[str], list[str]]:
    """Observations of the witnesses that the session asks for, where they failed, and what they cannot say."""
    if not suite.settings.witness:
        return [], [], []
    from asrlab_pytest.inference.witness import hear, unwitnessed, witnesses

    specs = witnesses(suite.registry, suite.settings.model or DEFAULT_MODELS, suite.settings.witness)
    recall = store.recall if store else None
    conditions = witness_conditions(suite.settings, suite.corpus.name, suite.root)
    hearings = [hear(spec, suite.clips, conditions, recall=recall, keep=keep) for spec in specs]
    rows = [row for hearing in hearings for row in hearing.rows]
    return rows, [hearing.failure for hearing in hearings if hearing.failure], [*unwitnessed(suite.clips, specs)]


def stored(store: Store | None) -> Iterator[Observation]:
    """First-pass observations of ASR models that a store keeps."""
    for (_, pass_), row in (store.observations if store else {}).items():
        if pass_.repeat == 0 and row.task == "asr":
            yield row


def audit_of_transcripts(suite: Suite, rows: Sequence[Observation]) -> Audit:
    """What the models of this very run say of the clips, once they have spoken. No audio is read; errors alone count.

    Args:
        suite: Its clips.
        rows: First-pass observations of the run.
    """
    testimony = by_models(suite.corpus, suite.clips, rows, suite.rules)
    errors = tuple(finding for finding in testimony.findings if finding.level == "error")
    return Audit(corpus=suite.corpus.name, clips=len(suite.clips), findings=errors, comparable=testimony.comparable)


def _without_suspicion(finding: Finding) -> Finding:
    is_weak = finding.level == "suspect" and finding.check in OF_MODELS
    return replace(finding, level="note") if is_weak else finding
