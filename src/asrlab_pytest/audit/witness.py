"""An independent witness: what pocketsphinx, whose model comes with its package, hears in English clips."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrlab_pytest.audit.scripts import base
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError, ModelError, TranscriptionError

if TYPE_CHECKING:
    from asrlab_pytest.measure.on_demand import Recall

WITNESS = "pocketsphinx-en-us"


def for_witness(clips: Iterable[Clip]) -> list[Clip]:
    """The English clips that have a text."""
    return [clip for clip in clips if clip.text.strip() and base(clip.language) == "en"]


def hear(
    clips: Iterable[Clip], *, corpus: str, root: Path, recall: Recall | None, keep: Callable[[dict[str, Any]], None]
) -> list[dict[str, Any]]:
    """Rows of the clips that the witness could hear.

    Args:
        clips: What to listen to.
        corpus: Name of the corpus.
        root: The project's folder.
        recall: Where it is looked up what the witness has heard before.
        keep: Called with each row as it is made; `recorded` says that it was looked up.

    Raises:
        ModelError: pocketsphinx is not installed.
    """
    from asrlab_pytest.measure.live import LiveModel
    from asrlab_pytest.measure.loading import RunConditions
    from asrlab_pytest.measure.on_demand import call_rounds
    from asrlab_pytest.models.registry import Registry
    from asrlab_pytest.models.status import model_status

    spec = Registry({}, root)[WITNESS]
    status = model_status(spec, "cpu")
    if not status.is_ready:
        raise ModelError(f"the witness {WITNESS}: {status}", mend=status.mend)
    model = LiveModel(spec, RunConditions(corpus=corpus, device="cpu", warmup=0), recall)
    rows = []
    try:
        for clip in clips:
            # Whether its audio is what the manifest pins is a finding, not an obstacle.
            free = replace(clip, sha256=None, pcm_sha256=None)
            try:
                row = model.observe(free, call_rounds).as_json()
            except (ClipError, TranscriptionError):
                continue
            keep(row)
            rows.append(row)
    finally:
        model.close()
    return rows
