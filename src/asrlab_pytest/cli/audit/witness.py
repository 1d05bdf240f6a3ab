"""What witnesses hear in a corpus on the command line, with progress, and what the project's store has of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from asrlab_pytest.cli.corpus.source import with_progress
from asrlab_pytest.cli.interruptible import interruptible
from asrlab_pytest.cli.project import project, settings_and_root
from asrlab_pytest.content import real_path
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.inference.witness import Hearing, hear, witnesses
from asrlab_pytest.models.registry import DEFAULT_MODELS
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.environment import Environment
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.recorder import Recorder
from asrlab_pytest.settings import Settings
from asrlab_pytest.suite.audit import stored
from asrlab_pytest.suite.conditions import witness_conditions
from asrlab_pytest.suite.paths import project_store
from asrlab_pytest.suite.provenance import run_environment
from asrlab_pytest.suite.suite import Suite


def chosen_witnesses(named: Sequence[str]) -> list[ModelSpec]:
    """The witnesses of these ids, or of "ready".

    Raises:
        ModelError: there is no such model, it is not an ASR model, or it is not ready.
    """
    settings, registry = project()
    return witnesses(registry, settings.model or DEFAULT_MODELS, named)


def heard(corpus: Corpus, clips: Sequence[Clip], specs: Sequence[ModelSpec]) -> list[Hearing]:
    """What each witness hears in clips; of that, what the project's store has is not transcribed again."""
    settings, root = settings_and_root()
    store = project_store(settings, root)
    recorder = Recorder(lambda: _environment(settings, root, corpus, specs), store)
    recall = store.recall if store else None
    conditions = witness_conditions(settings, corpus.name, root)
    try:
        with interruptible(recorder, "timeout in [tool.asrlab]"):
            return [
                hear(spec, with_progress(clips), conditions, recall=recall, keep=recorder.to_store) for spec in specs
            ]
    finally:
        recorder.end({})


def heard_before(corpus: Corpus) -> list[Observation]:
    """What the project's store has of clips with these ids, in whichever corpus; their audio tells them apart."""
    return [row for row in stored(project_store(*settings_and_root())) if row.clip in corpus.by_id]


def _environment(settings: Settings, root: Path, corpus: Corpus, specs: Sequence[ModelSpec]) -> Environment:
    """Of a record of what the witnesses hear."""
    here = replace(
        settings,
        model=tuple(spec.id for spec in specs),
        corpus=str(real_path(corpus.manifest)),
        clip=(),
        reference=None,
        rescore=None,
        baseline=None,
        update_baseline=False,
        record=None,
        resume=False,
    )
    return run_environment(Suite(here, root), None, {"asr"})
