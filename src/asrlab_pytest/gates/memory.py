"""The memory gate: whether a model takes more than its bounds allow, or than it took in the baseline."""

from __future__ import annotations

from dataclasses import dataclass

from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.result import Finding
from asrlab_pytest.records.measured import PeakMemory

RISE = 0.10
"""Of the baseline's peak: a rise fails that is larger than this and than `LEAST_RISE_MB`."""
LEAST_RISE_MB = 20.0
_MB = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryTerms:
    """The most megabytes (of 10^6 bytes) that pass; None for no bound."""

    max_rss_mb: float | None = None
    max_device_memory_mb: float | None = None


def judge_memory(now: PeakMemory, terms: MemoryTerms, before: PeakMemory | None = None) -> tuple[Finding, ...]:
    """Judge a model's peak memory.

    Against the baseline only where both are of the same clip and device: a longer clip takes more. Where they are not,
    and where a bound is stated on memory that nothing counts, the finding is UNDECIDED.

    Args:
        now: What it took.
        terms: The bounds.
        before: What it took in the baseline; None if there is none.
    """
    findings = []
    if terms.max_rss_mb is not None:
        findings.append(_bounded("peak RSS", now.rss_bytes, terms.max_rss_mb))
    if terms.max_device_memory_mb is not None:
        findings.append(_on_device(now, terms.max_device_memory_mb))
    if before is not None:
        findings += _since(now, before)
    return tuple(findings)


def _bounded(metric: str, size: int, limit_mb: float) -> Finding:
    mb = size / _MB
    passes = mb <= limit_mb
    words = f"within the {limit_mb:g} MB allowed" if passes else f"over the {limit_mb:g} MB allowed"
    return Finding(metric=metric, outcome=Outcome.PASS if passes else Outcome.FAIL, sentence=f"{mb:.0f} MB, {words}.")


def _on_device(now: PeakMemory, limit_mb: float) -> Finding:
    if now.device_bytes is not None:
        return _bounded("peak device memory", now.device_bytes, limit_mb)
    sentence = f"Not measured: no counter for this engine on {now.device} ({limit_mb:g} MB allowed)."
    return Finding(metric="peak device memory", outcome=Outcome.UNDECIDED, sentence=sentence)


def _since(now: PeakMemory, before: PeakMemory) -> list[Finding]:
    if (now.clip, now.device) != (before.clip, before.device):
        sentence = (
            f"Not compared: measured with {now.clip} on {now.device}, but in the baseline with {before.clip} on "
            f"{before.device}."
        )
        return [Finding(metric="peak RSS since the baseline", outcome=Outcome.UNDECIDED, sentence=sentence)]
    findings = [_rise("peak RSS since the baseline", now.rss_bytes, before.rss_bytes)]
    if now.device_bytes is not None and before.device_bytes is not None:
        findings.append(_rise("peak device memory since the baseline", now.device_bytes, before.device_bytes))
    return findings


def _rise(metric: str, now: int, before: int) -> Finding:
    rise = now - before
    is_more = rise > RISE * before and rise > LEAST_RISE_MB * _MB
    words = "more than" if is_more else "within"
    return Finding(
        metric=metric,
        outcome=Outcome.FAIL if is_more else Outcome.PASS,
        sentence=f"{now / _MB:.0f} MB, {before / _MB:.0f} MB before: {words} the rise of {RISE:.0%} or "
        f"{LEAST_RISE_MB:.0f} MB allowed.",
    )
