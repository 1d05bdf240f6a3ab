"""Lets the witness hear a corpus on the command line, with progress, and keeps what it hears."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrlab_pytest.audit.witness import WITNESS, for_witness, hear
from asrlab_pytest.cli.corpus.source import with_progress

if TYPE_CHECKING:
    from asrlab_pytest.corpus.clip import Clip, Corpus


def witness(corpus: Corpus, clips: Iterable[Clip]) -> list[dict[str, Any]]:
    """Rows of the English clips that have a text; what the project's store has is not transcribed again.

    Raises:
        ModelError: pocketsphinx is not installed.
    """
    from asrlab_pytest.cli.project import settings_here
    from asrlab_pytest.options import project_table
    from asrlab_pytest.store.store import Store

    settings, (_, root) = settings_here(), project_table(Path.cwd())
    store = Store(root / Path(settings.store).expanduser()) if settings.store else None
    writer = _Writer(corpus, root)
    try:
        return hear(
            with_progress(for_witness(clips)),
            corpus=corpus.name,
            root=root,
            recall=store.recall if store else None,
            keep=writer.write,
        )
    finally:
        writer.end()


class _Writer:
    """Keeps what the witness hears in the project's store."""

    def __init__(self, corpus: Corpus, root: Path) -> None:
        self._corpus = corpus
        self._root = root
        self._recorder: Any = None

    def write(self, row: dict[str, Any]) -> None:
        if row["recorded"]:
            return
        if self._recorder is None:
            self._recorder = self._begun()
        self._recorder.to_store({"kind": "observation", **row})

    def end(self) -> None:
        if self._recorder is not None:
            self._recorder.end({})

    def _begun(self) -> Any:
        from asrlab_pytest.cli.project import settings_here
        from asrlab_pytest.running.provenance import run_environment
        from asrlab_pytest.running.suite import Suite
        from asrlab_pytest.store.recorder import Recorder
        from asrlab_pytest.store.store import Store

        here = replace(
            settings_here(),
            model=(WITNESS,),
            corpus=str(self._corpus.manifest.resolve()),
            clip=(),
            reference=None,
            rescore=None,
            baseline=None,
            update_baseline=False,
            record=None,
            resume=False,
        )
        suite = Suite(here, self._root)
        store = Store(self._root / Path(here.store).expanduser()) if here.store else None
        return Recorder(lambda: run_environment(suite, None, {"recognition"}), store)
