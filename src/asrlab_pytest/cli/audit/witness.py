"""An independent witness: what pocketsphinx, whose model comes with its package, hears in English clips."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrlab_pytest.audit.scripts import base
from asrlab_pytest.cli.corpus.source import with_progress
from asrlab_pytest.errors import ClipError, ModelError, TranscriptionError

if TYPE_CHECKING:
    from asrlab_pytest.corpus.clip import Clip, Corpus

WITNESS = "pocketsphinx-en-us"


def witness(corpus: Corpus, clips: Iterable[Clip]) -> list[dict[str, Any]]:
    """Rows of the English clips that have a text; what the project's store has is not transcribed again.

    Raises:
        ModelError: pocketsphinx is not installed.
    """
    from asrlab_pytest.cli.project import settings_here
    from asrlab_pytest.measure.live import LiveModel, call_rounds
    from asrlab_pytest.measure.loading import RunConditions
    from asrlab_pytest.models.registry import Registry
    from asrlab_pytest.models.status import model_status
    from asrlab_pytest.options import project_table
    from asrlab_pytest.store.store import Store

    settings, (_, root) = settings_here(), project_table(Path.cwd())
    spec = Registry({}, root)[WITNESS]
    status = model_status(spec, "cpu")
    if not status.is_ready:
        raise ModelError(f"the witness {WITNESS}: {status}", mend=status.mend)
    store = Store(root / Path(settings.store).expanduser()) if settings.store else None
    conditions = RunConditions(corpus=corpus.name, device="cpu", warmup=0)
    model = LiveModel(spec, conditions, store.recall if store else None)
    writer = _Writer(corpus, root)
    rows = []
    english = [clip for clip in clips if clip.text.strip() and base(clip.language) == "en"]
    try:
        for clip in with_progress(english):
            # Whether its audio is what the manifest pins is a finding, not an obstacle.
            free = replace(clip, sha256=None, pcm_sha256=None)
            try:
                row = model.observe(free, call_rounds).as_json()
            except (ClipError, TranscriptionError):
                continue
            writer.write(row)
            rows.append(row)
    finally:
        model.close()
        writer.end()
    return rows


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
        from asrlab_pytest.provenance import run_environment
        from asrlab_pytest.store.recorder import Recorder
        from asrlab_pytest.store.store import Store
        from asrlab_pytest.suite import Suite

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
        return Recorder(lambda: run_environment(suite, None), store)
