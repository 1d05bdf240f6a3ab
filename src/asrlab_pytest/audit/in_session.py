"""The audit of a pytest session: the checks without a model, and what the store or the scored record has heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from asrlab_pytest.audit.auditing import audit
from asrlab_pytest.audit.levels import Audit
from asrlab_pytest.progress import counted

if TYPE_CHECKING:
    from asrlab_pytest.audit.findings import Finding
    from asrlab_pytest.running.suite import Suite
    from asrlab_pytest.store.store import Store

OF_MODELS = frozenset({"own-distance", "partial", "length-ratio", "reference-span", "swapped"})
"""Checks whose suspicion, unlike their errors, may be a model's failure: a run would quarantine what it measures."""


def session_audit(suite: Suite, store: Store | None, heard: Sequence[Mapping[str, Any]] = ()) -> Audit:
    """Audit the chosen clips of a session, with all transcripts that are at hand.

    What is certain by them (exchanged texts, a consensus of families) counts as it is; what is only a suspicion
    becomes a note.

    Args:
        suite: Its clips, and the record that is scored, if one is.
        store: Where earlier transcripts of the same audio lie; None where there is no store.
        heard: What a witness has just heard.
    """
    rows: list[Mapping[str, Any]]
    if suite.recording is not None:
        rows = [row for row in suite.recording.first_pass if row["task"] == "recognition"]
    else:
        known = {row["key"] for row in heard}
        earlier = {} if store is None else store.observations
        kept = (row for (key, one), row in earlier.items() if one.repeat == 0 and key not in known)
        rows = [*heard, *(row for row in kept if row["task"] == "recognition")]
    clips = counted(suite.clips, "auditing clips")
    is_recorded = suite.recording is not None
    found = audit(suite.corpus, suite.clips, suite.rules, rows, without_files=is_recorded, progress=clips)
    return replace(found, findings=tuple(_without_suspicion(one) for one in found.findings))


def heard_in_session(suite: Suite, rows: Sequence[Mapping[str, Any]]) -> Audit:
    """What the models of this very run say of the clips, once they have spoken. No audio is read; errors alone count.

    Args:
        suite: Its clips.
        rows: First-pass observations of the run.
    """
    from asrlab_pytest.audit.auditing import by_models

    told = by_models(suite.corpus, suite.clips, rows, suite.rules)
    errors = tuple(one for one in told.findings if one.level == "error")
    return Audit(corpus=suite.corpus.name, clips=len(suite.clips), findings=errors, comparable=told.comparable)


def _without_suspicion(finding: Finding) -> Finding:
    is_weak = finding.level == "suspect" and finding.check in OF_MODELS
    return replace(finding, level="note") if is_weak else finding
