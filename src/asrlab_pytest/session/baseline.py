"""Writes the baseline of a run, at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asrlab_pytest.gates.outcome import many
from asrlab_pytest.records.baseline import Baseline, Texts, by_model, read_baseline, write_baseline
from asrlab_pytest.records.identity import Identities, identities_of
from asrlab_pytest.records.reading import RecordError

if TYPE_CHECKING:
    from asrlab_pytest.session.session import Session


def update_baseline(session: Session) -> str:
    """Write what this run observed over the baseline; what it says, in words.

    Of the older baseline stays what this run did not look at and what is still there to be looked at: models of the
    registry and clips of the corpus that were not chosen.

    Raises:
        RecordError: the run was broken off, there is nothing to write, or an older file of that name is not a baseline.
        OSError: the file cannot be written.
    """
    suite = session.suite
    path = suite.baseline_path
    lost = session.expected - session.reported
    if lost:
        raise RecordError(
            f"the run was broken off before {many(len(lost), 'test')}, and a part of it is not a baseline",
            hint="let it run to its end; --asr-resume takes from the store what there is",
        )
    new = by_model(session.ledger.first_pass)
    if not new and not (path.exists() and (session.ledger.times or session.ledger.memory)):
        raise RecordError("the run transcribed nothing")
    older = read_baseline(path) if path.exists() else None
    kept: Texts = {}
    for model, rows in (older.texts if older else {}).items():
        still = {
            clip: row
            for clip, row in rows.items()
            if clip not in new.get(model, {}) and _is_there(session, model, clip)
        }
        if still:
            kept[model] = still
    texts = {model: {**kept.get(model, {}), **new.get(model, {})} for model in [*kept, *new]}
    times = {**(older.times if older else {}), **session.ledger.times}
    memory = {**(older.memory if older else {}), **session.ledger.memory}
    known_times, known_memory = ({m: one for m, one in rows.items() if m in suite.registry} for rows in (times, memory))
    write_baseline(
        path,
        session.environment,
        texts,
        times=known_times,
        memory=known_memory,
        missing=_missing(session, texts, older),
        models=_models(texts, new, older),
    )
    count = sum(len(rows) for rows in new.values())
    left = sum(len(rows) for rows in kept.values())
    more = f", {left} of the older one kept" if left else ""
    return f"baseline {path} written: {many(count, 'text')} of {many(len(new), 'model')}{more}"


def _models(texts: Texts, new: Texts, older: Baseline | None) -> dict[str, Identities]:
    """What wrote each text: as this run saw it, and of a text that is kept as the older baseline has it."""
    before = older.models if older else {}
    known = {model: {**before.get(model, {}), **identities_of(new.get(model, {}).values())} for model in texts}
    return {model: {clip: known[model].get(clip, {}) for clip in rows} for model, rows in texts.items()}


def _missing(session: Session, texts: Texts, older: Baseline | None) -> dict[str, list[str]]:
    """What the corpus has for each model, chosen or not, and the baseline will not.

    A clip that is neither here nor among the texts is new to a later run. Of a task that this run does not read the
    samples of, the older baseline's word stands.
    """
    suite = session.suite
    known: dict[str, list[str]] = {}
    for model, rows in texts.items():
        spec = suite.registry[model]
        if spec.task in session.tasks:
            samples = suite.listed(spec.task).samples
            known[model] = [one.id for one in samples if spec.is_meant_for(one) and one.id not in rows]
        elif older and model in older.missing:
            known[model] = list(older.missing[model])
    return known


def _is_there(session: Session, model: str, clip: str) -> bool:
    """Whether there still is such a model, and such a clip as far as this run knows: it reads its own tasks' alone."""
    suite = session.suite
    if model not in suite.registry:
        return False
    task = suite.registry[model].task
    return task not in session.tasks or clip in suite.listed(task).by_id
