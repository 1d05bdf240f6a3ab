"""Writes the baseline of a run, at its end."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from asrlab_pytest.records.baseline import Baseline, Texts, by_model, read_baseline, write_baseline
from asrlab_pytest.records.environment import Environment
from asrlab_pytest.records.identity import Identities, identities_of
from asrlab_pytest.records.reading import RecordError
from asrlab_pytest.suite.paths import baseline_file
from asrlab_pytest.wording import many

if TYPE_CHECKING:
    from asrlab_pytest.records.observation import Observation
    from asrlab_pytest.session.ledger import Ledger
    from asrlab_pytest.suite.suite import Suite
    from asrlab_pytest.tasks import Task


def update_baseline(
    suite: Suite, ledger: Ledger, tasks: Collection[Task], environment: Environment, lost: Collection[str]
) -> str:
    """Write what this run observed over the baseline; what it says, in words.

    Of the older baseline stays what this run did not look at and what is still there to be looked at: models of the
    registry and clips of the corpus that were not chosen.

    Args:
        suite: What is evaluated.
        ledger: The results of the run.
        tasks: Those of the run.
        environment: The machine, software and settings of the run.
        lost: Tests that no report came for.

    Raises:
        RecordError: the run was broken off, there is nothing to write, or an older file of that name is not a baseline.
        OSError: the file cannot be written.
    """
    path = baseline_file(suite.settings, suite.root)
    assert path is not None
    if lost:
        raise RecordError(
            f"the run was broken off before {many(len(lost), 'test')}, and a part of it is not a baseline",
            hint="let it run to its end; --asr-resume takes from the store what there is",
        )
    new = by_model(ledger.first_pass)
    if not new and not (path.exists() and (ledger.times or ledger.memory)):
        raise RecordError("the run transcribed nothing")
    older = read_baseline(path) if path.exists() else None
    remaining: dict[str, dict[str, Observation]] = {}
    for model, rows in (older.texts if older else {}).items():
        still = {
            clip: row
            for clip, row in rows.items()
            if clip not in new.get(model, {}) and _is_there(suite, tasks, model, clip)
        }
        if still:
            remaining[model] = still
    texts = {model: {**remaining.get(model, {}), **new.get(model, {})} for model in [*remaining, *new]}
    times = {**(older.times if older else {}), **ledger.times}
    memory = {**(older.memory if older else {}), **ledger.memory}
    write_baseline(
        path,
        environment,
        texts,
        times={model: row for model, row in times.items() if model in suite.registry},
        memory={model: row for model, row in memory.items() if model in suite.registry},
        missing=_missing(suite, tasks, texts, older),
        models=_models(texts, new, older),
    )
    count = sum(len(rows) for rows in new.values())
    left = sum(len(rows) for rows in remaining.values())
    more = f", {left} of the older one kept" if left else ""
    return f"baseline {path} written: {many(count, 'text')} of {many(len(new), 'model')}{more}"


def _models(texts: Texts, new: Texts, older: Baseline | None) -> dict[str, Identities]:
    """What wrote each text: as this run saw it, and of a text that is kept as the older baseline has it."""
    before = older.models if older else {}
    known = {model: {**before.get(model, {}), **identities_of(new.get(model, {}).values())} for model in texts}
    return {model: {clip: known[model].get(clip, {}) for clip in rows} for model, rows in texts.items()}


def _missing(suite: Suite, tasks: Collection[Task], texts: Texts, older: Baseline | None) -> dict[str, list[str]]:
    """What the corpus has for each model, chosen or not, and the baseline will not.

    A clip that is neither here nor among the texts is new to a later run. Of a task that this run does not read the
    samples of, the older baseline's entry is kept.
    """
    known: dict[str, list[str]] = {}
    for model, rows in texts.items():
        spec = suite.registry[model]
        if spec.task in tasks:
            samples = suite.listed(spec.task).samples
            known[model] = [sample.id for sample in samples if spec.is_meant_for(sample) and sample.id not in rows]
        elif older and model in older.missing:
            known[model] = list(older.missing[model])
    return known


def _is_there(suite: Suite, tasks: Collection[Task], model: str, clip: str) -> bool:
    """Whether there still is such a model, and such a clip as far as this run knows: it reads its own tasks' alone."""
    if model not in suite.registry:
        return False
    task = suite.registry[model].task
    return task not in tasks or clip in suite.listed(task).by_id
