"""Under what conditions the models of a run are loaded and timed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from asrlab_pytest.inference.limit import limit_of
from asrlab_pytest.inference.loading import RunConditions

if TYPE_CHECKING:
    from asrlab_pytest.settings import Settings


def run_conditions(settings: Settings, corpus: str, root: Path) -> RunConditions:
    """Those of every model on clips, prompts or dialogues of this name."""
    return RunConditions(
        corpus=corpus,
        device=settings.device,
        require_device=settings.require_device,
        rounds=settings.rounds,
        warmup=settings.warmup,
        timeout_s=limit_of(settings.timeout),
        root=root,
    )


def judge_conditions(settings: Settings, root: Path) -> RunConditions:
    """Those of the judge, on any device."""
    return replace(run_conditions(settings, "", root), device="auto", require_device=False)


def witness_conditions(settings: Settings, corpus: str, root: Path) -> RunConditions:
    """Those of a witness, on any device. Nobody reads its times, so only a time limit makes it warm up."""
    conditions = replace(run_conditions(settings, corpus, root), device="auto", require_device=False, rounds=1)
    return replace(conditions, warmup=0 if conditions.timeout_s is None else 1)
