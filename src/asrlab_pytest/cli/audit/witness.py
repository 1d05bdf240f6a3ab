"""What witnesses hear in a corpus on the command line, with progress, and what the project's store has of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from asrlab_pytest.cli.corpus.source import with_progress
from asrlab_pytest.cli.project import settings_and_root
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.inference.witness import hear, unwitnessed, witnesses
from asrlab_pytest.models.registry import DEFAULT_MODELS
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.environment import Environment
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.recorder import Recorder
from asrlab_pytest.records.store import Store
from asrlab_pytest.suite.audit import stored
from asrlab_pytest.suite.paths import store_folder
from asrlab_pytest.suite.provenance import run_environment
from asrlab_pytest.suite.suite import Suite, registry_of


class Testimonies:
    """Observations of what models heard in a corpus.

    Args:
        corpus: The corpus.
        clips: What is audited of it.
        named: Ids of the witnesses, or "ready".
    """

    def __init__(self, corpus: Corpus, clips: Sequence[Clip], named: Sequence[str]) -> None:
        self._corpus = corpus
        self._clips = clips
        self._named = named
        self._settings, self._root = settings_and_root()

    @cached_property
    def specs(self) -> list[ModelSpec]:
        """The witnesses.

        Raises:
            ModelError: there is no such model, it is not an ASR model, or it is not ready.
        """
        registry = registry_of(self._settings, self._root)
        return witnesses(registry, self._settings.model or DEFAULT_MODELS, self._named)

    @cached_property
    def rows(self) -> list[Observation]:
        """What the witnesses hear; of that, what the project's store has is not transcribed again."""
        recorder = Recorder(self._environment, self._store)
        recall = self._store.recall if self._store else None
        name, keep = self._corpus.name, recorder.to_store
        try:
            return [
                row
                for spec in self.specs
                for row in hear(spec, with_progress(self._clips), corpus=name, recall=recall, keep=keep)
            ]
        finally:
            recorder.end({})

    @property
    def stored(self) -> list[Observation]:
        """What the project's store has of clips with these ids, in whichever corpus; their audio tells them apart."""
        return [row for row in stored(self._store) if row.clip in self._corpus.by_id]

    @property
    def remarks(self) -> list[str]:
        """What the witnesses cannot say, in words."""
        return [*unwitnessed(self._clips, self.specs)] if self._named else []

    @cached_property
    def _store(self) -> Store | None:
        folder = store_folder(self._settings, self._root)
        return None if folder is None else Store(folder)

    def _environment(self) -> Environment:
        """Of a record of what the witnesses hear."""
        here = replace(
            self._settings,
            model=tuple(spec.id for spec in self.specs),
            corpus=str(self._corpus.manifest.resolve()),
            clip=(),
            reference=None,
            rescore=None,
            baseline=None,
            update_baseline=False,
            record=None,
            resume=False,
        )
        return run_environment(Suite(here, self._root), None, {"asr"})
