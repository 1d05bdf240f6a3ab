"""Peak memory of one model, in a process of its own: a test process holds what came before, and pytest."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from asrlab_pytest.errors import ModelError
from asrlab_pytest.inference.limit import before_the_first
from asrlab_pytest.progress import step
from asrlab_pytest.records.measured import PeakMemory

if TYPE_CHECKING:
    from asrlab_pytest.corpus.samples import Sample
    from asrlab_pytest.inference.loading import RunConditions
    from asrlab_pytest.inference.work import Work
    from asrlab_pytest.models.spec import ModelSpec

MODULE = "asrlab_pytest.inference.fresh"


def measure_peak(spec: ModelSpec, clip: Sample, conditions: RunConditions, *, known: Work | None = None) -> PeakMemory:
    """Load a model in a fresh process and put it to work there.

    Args:
        spec: The model.
        clip: What it transcribes, says or answers.
        conditions: Device of the run.
        known: What it wrote or said before.

    Raises:
        ModelError: the process ended without an answer, or says why the model does not load or not transcribe, or that
            it did other work than before.
    """
    from asrlab_pytest.models.status import weights_of

    # Weights are converted when they are first asked for; that is not part of what running them takes.
    with step(f"hashing the weights of {spec.id}"):
        weights_of(spec)
    asked = {
        # The fresh process is the model's own already: in a child of it, the model's memory would not be counted.
        "spec": asdict(replace(spec, isolate=False)),
        "item": asdict(clip),
        "known": None if known is None else asdict(known),
        "device": conditions.device,
        "require_device": conditions.require_device,
        # What this process can import, the other can: an engine may lie where only a conftest.py or an option leads.
        "path": [folder for folder in sys.path if folder],
    }
    limit_s = conditions.timeout_s
    try:
        with step(f"measuring the memory of {spec.id} in a process of its own"):
            done = subprocess.run(
                [sys.executable, "-P", "-m", MODULE],
                input=json.dumps(asked, default=str),
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                check=False,
                timeout=None if limit_s is None else limit_s + (before_the_first(limit_s) or 0),
            )
    except subprocess.TimeoutExpired as error:
        raise ModelError(
            f"model {spec.id}: the process that loads it and runs it on {clip.id} was killed: "
            f"no answer within {error.timeout:g} s",
            hint=f"look whether it runs at all: pytest evals/ --asr-model {spec.id}",
        ) from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1].strip()
        raise ModelError(
            f"model {spec.id}: the process that loads it exited with status {done.returncode}: {last}",
            hint=f"look whether it runs at all: pytest evals/ --asr-model {spec.id}",
        ) from None
    if "problem" in answer:
        raise ModelError(answer["problem"], hint=answer["hint"])
    return PeakMemory(clip=clip.id, **answer)
