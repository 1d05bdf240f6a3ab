"""What a verdict rests on: how much of what was asked about could be compared, and with the same model or another."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.pairing import Pairing
from asrlab_pytest.gates.result import Finding, GateResult
from asrlab_pytest.records.identity import Identities, identity_changes
from asrlab_pytest.wording import many

METRIC = "coverage"


def observed_ids(pairing: Pairing) -> list[str]:
    """What the model was observed on and should be judged on, with or without a counterpart in the baseline."""
    return [*(pair.clip for pair in pairing.pairs), *pairing.new, *pairing.changed, *pairing.other_judge]


def with_coverage(
    result: GateResult, pairing: Pairing, chosen: Collection[str], is_newer: Callable[[str], bool]
) -> GateResult:
    """The result, with an UNDECIDED finding where chosen samples have no counterpart in the baseline.

    What was not compared may be anything. Samples that came into the corpus after the baseline are new by intent.

    Args:
        result: What was judged on the pairs.
        pairing: The pairs.
        chosen: Ids of the samples that the gate was asked about.
        is_newer: Whether a sample came into the corpus after the baseline was written.
    """
    compared = {pair.clip for pair in pairing.pairs}
    asked = {clip for clip in chosen if clip in compared or clip not in pairing.new or not is_newer(clip)}
    counted = replace(result, compared=len(compared), chosen=len(asked))
    if asked <= compared:
        return counted
    finding = Finding(
        metric=METRIC,
        outcome=Outcome.UNDECIDED,
        sentence=f"{len(compared)} of {many(len(asked), pairing.noun)} could be compared: "
        f"{_why(asked - compared, {*observed_ids(pairing)})}.",
    )
    return replace(counted, findings=(*result.findings, finding))


def with_changes(result: GateResult, pairing: Pairing, then: Identities, now: Identities, since: str) -> GateResult:
    """The result, with what of the model is not as it was in the baseline, on the clips that were compared.

    Args:
        result: What was judged on the pairs.
        pairing: The pairs.
        then: What wrote the baseline's texts.
        now: What wrote the texts of now.
        since: Of which baseline, in words.
    """
    compared = {pair.clip: now[pair.clip] for pair in pairing.pairs if pair.clip in now}
    changes = identity_changes(then, compared, pairing.noun, is_same_model=pairing.model == pairing.against)
    return replace(result, changes=tuple(changes), since=since)


def _why(left_out: set[str], observed: set[str]) -> str:
    """What is missing on which side."""
    sides = ((left_out & observed, "no counterpart in the baseline"), (left_out - observed, "no result of this run"))
    return ", and ".join(f"{len(ids)} {'has' if len(ids) == 1 else 'have'} {what}" for ids, what in sides if ids)
