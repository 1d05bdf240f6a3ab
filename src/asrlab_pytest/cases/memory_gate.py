"""The memory gate in a pytest session: measures a model in a process of its own, and judges what it took."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from asrlab_pytest.cases.gate import AsrGate, skip_remote, skip_unready
from asrlab_pytest.errors import ClipError
from asrlab_pytest.gates.result import GateResult
from asrlab_pytest.suite.judging import judgeable_samples
from asrlab_pytest.suite.paths import baseline_name
from asrlab_pytest.tasks import NOUNS, Task

if TYPE_CHECKING:
    from asrlab_pytest.corpus.clip import Clip
    from asrlab_pytest.corpus.samples import Sample
    from asrlab_pytest.models.spec import ModelSpec
    from asrlab_pytest.records.measured import PeakMemory
    from asrlab_pytest.session.ledger import Ledger
    from asrlab_pytest.suite.sources import Sources
    from asrlab_pytest.suite.suite import Suite


class AsrMemory(AsrGate):
    """A model's peak memory, measured in a process of its own when this is first asked.

    Without a bound, and without memory in the baseline, it is measured all the same, and judged by nothing.
    """


def memory_gate(suite: Suite, ledger: Ledger, sources: Sources, model_id: str) -> Callable[[], GateResult]:
    """What measures and judges one model. A model that is not to be measured, or cannot be, is skipped."""
    spec = suite.registry[model_id]
    if suite.recording is not None:
        pytest.skip(f"{model_id}: scoring a record, no model is loaded")
    skip_unready(spec, suite.statuses.of(spec))
    skip_remote(spec.id, spec)
    before = suite.baseline.memory.get(suite.settings.counterpart(model_id)) if suite.baseline else None
    clips = judgeable_samples(suite, spec)
    if not clips:
        pytest.skip(f"{model_id}: no {NOUNS[spec.task]} is meant for it")
    from asrlab_pytest.inference.peak import measure_peak
    from asrlab_pytest.inference.trials import TRIALS
    from asrlab_pytest.suite.conditions import run_conditions

    def answer() -> GateResult:
        # The peak of a separate process with only this model, while this process holds none.
        sources.release()
        clip = longest(clips, spec.task)
        case = ledger.first_of.get(spec.id, {}).get(clip.id)
        conditions = run_conditions(suite.settings, suite.listed(spec.task).name, suite.root)
        now = measure_peak(spec, clip, conditions, known=TRIALS[spec.task].recorded(case) if case else None)
        ledger.measured(spec.id, now)
        result = _judged(spec, now, before, baseline_name(suite.settings, suite.root))
        if result.findings:
            ledger.judged(result)
        return result

    return answer


def _judged(spec: ModelSpec, now: PeakMemory, before: PeakMemory | None, baseline: str) -> GateResult:
    from asrlab_pytest.gates.memory import MemoryTerms, judge_memory

    terms = MemoryTerms(max_rss_mb=spec.max_rss_mb, max_device_memory_mb=spec.max_device_memory_mb)
    findings = judge_memory(now, terms, before)
    sides = [
        "its bounds" if spec.max_rss_mb is not None or spec.max_device_memory_mb is not None else "",
        f"the baseline {baseline}" if before else "",
    ]
    return GateResult(
        kind="memory",
        model=spec.id,
        against=" and ".join(filter(None, sides)),
        findings=findings,
        remarks=(f"measured in a separate process on {now.device}, on the longest {NOUNS[spec.task]} ({now.clip})",),
    )


def longest(samples: Sequence[Sample], task: Task) -> Sample:
    """The longest sample, or the first of several; an unreadable one counts as the shortest."""
    return max(samples, key=_LENGTHS[task])


def _seconds(clip: Clip) -> float:
    from asrlab_pytest.corpus.audio import header

    if clip.seconds is not None:
        return clip.seconds
    try:
        return header(clip)[0]
    except ClipError:
        return 0.0


_LENGTHS: Mapping[Task, Callable[[Any], float]] = {
    "asr": _seconds,
    "tts": lambda prompt: len(prompt.text),
    "conversation": lambda dialogue: len(dialogue.turns),
}
