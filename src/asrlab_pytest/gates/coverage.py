"""How much of what a gate was asked about it could compare."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from asrlab_pytest.gates.outcome import Outcome, many
from asrlab_pytest.gates.pairing import Pairing
from asrlab_pytest.gates.result import Finding, GateResult

METRIC = "coverage"


def observed_ids(pairing: Pairing) -> list[str]:
    """What the model was observed on and is to be judged on, whether or not the baseline has a counterpart."""
    return [*(pair.clip for pair in pairing.pairs), *pairing.new, *pairing.changed, *pairing.other_judge]


def with_coverage(
    result: GateResult, pairing: Pairing, chosen: Collection[str], is_newer: Callable[[str], bool], *, whole: bool
) -> GateResult:
    """The result, with a finding where chosen samples have no counterpart in the baseline.

    UNDECIDED, for what was not compared may be anything; FAIL where a run that was to be compared as a whole could be
    compared in nothing. Samples that came into the corpus after the baseline was written are new by intent.

    Args:
        result: What was judged on the pairs.
        pairing: The pairs.
        chosen: Ids of the samples that the gate was asked about.
        is_newer: Whether the baseline is older than a sample.
        whole: Whether the run was not narrowed on purpose.
    """
    compared = {pair.clip for pair in pairing.pairs}
    new = {clip for clip in chosen if clip not in compared and clip in pairing.new and is_newer(clip)}
    lacking = {*chosen} - compared - new
    if not lacking:
        return result
    outcome = Outcome.FAIL if whole and not compared else Outcome.UNDECIDED
    found = Finding(
        metric=METRIC,
        outcome=outcome,
        sentence=f"{len(compared)} of {many(len(chosen) - len(new), pairing.noun)} could be compared: "
        "the others have no counterpart in the baseline.",
    )
    return replace(result, findings=(*result.findings, found))
