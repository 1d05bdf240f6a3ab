"""What a verdict rests on: how much of what was asked about could be compared, and with the same model or another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.pairing import Pairing
from asrlab_pytest.gates.result import Finding, GateResult
from asrlab_pytest.records.case_set import CaseSet
from asrlab_pytest.records.identity import Identities, identity_changes
from asrlab_pytest.wording import many

METRIC = "coverage"


def observed_ids(pairing: Pairing) -> Iterator[str]:
    """What the model was observed on and should be judged on, with or without a counterpart in the baseline."""
    return chain(pairing.compared, _without_counterpart(pairing))


def _without_counterpart(pairing: Pairing) -> list[str]:
    return [*pairing.new, *pairing.changed, *pairing.other_judge]


def with_coverage(
    result: GateResult,
    pairing: Pairing,
    chosen: Iterable[str],
    is_newer: Callable[[str], bool],
    set_aside: Iterable[str] = (),
) -> GateResult:
    """The result, with an UNDECIDED finding where chosen samples have no counterpart in the baseline.

    What was not compared may be anything. Samples that came into the corpus after the baseline are new by intent,
    unless it has them under an id that is gone. Samples that were set aside count where, for them, fewer than half of
    all could be compared.

    Args:
        result: What was judged on the pairs.
        pairing: The pairs.
        chosen: Ids of the samples that the gate was asked about.
        is_newer: Whether a sample came into the corpus after the baseline was written.
        set_aside: Ids of those that the pairing has set aside and that the gate would have been asked about.
    """
    compared, new = CaseSet(pairing.compared), {*pairing.new}
    left_out: set[str] = set()

    def asked() -> Iterator[str]:
        for clip in chosen:
            if clip in compared:
                yield clip
            elif clip not in new or clip in pairing.renamed or not is_newer(clip):
                left_out.add(clip)

    count = len(CaseSet(asked())) + len(left_out)
    counted = replace(result, compared=len(pairing.pairs), chosen=count)
    reasons = {clip: pairing.set_aside[clip] for clip in set_aside if clip not in left_out}
    if 2 * len(pairing.pairs) >= count + len(reasons):
        reasons = {}
    if not left_out and not reasons:
        return counted
    why = [*_why(left_out, {*_without_counterpart(pairing)}, pairing.renamed), *_why_set_aside(reasons)]
    finding = Finding(
        metric=METRIC,
        outcome=Outcome.UNDECIDED,
        sentence=f"{len(pairing.pairs)} of {many(count + len(reasons), pairing.noun)} could be compared: "
        f"{', and '.join(why)}.",
    )
    return replace(counted, findings=(*result.findings, finding))


def of_incomplete(result: GateResult, shares: Iterable[str]) -> GateResult:
    """The result, with an UNDECIDED finding for each part that the judged run lacks, in words."""
    findings = (
        Finding(metric=METRIC, outcome=Outcome.UNDECIDED, sentence=f"the run is incomplete: {share}.")
        for share in shares
    )
    return replace(result, findings=(*result.findings, *findings))


def with_changes(result: GateResult, pairing: Pairing, then: Identities, now: Identities, since: str) -> GateResult:
    """The result, with what of the model is not as it was in the baseline, on the clips that were compared.

    Args:
        result: What was judged on the pairs.
        pairing: The pairs.
        then: What wrote the baseline's texts.
        now: What wrote the texts of now.
        since: Of which baseline, in words.
    """
    is_same_model = pairing.model == pairing.against
    changes = identity_changes(then, now, pairing.noun, is_same_model=is_same_model, clips=pairing.compared)
    return replace(result, changes=tuple(changes), since=since)


def _why(left_out: set[str], observed: set[str], renamed: frozenset[str]) -> Iterator[str]:
    """What is missing on which side."""
    sides = (
        (left_out & renamed, "another id in the baseline"),
        ((left_out & observed) - renamed, "no counterpart in the baseline"),
        (left_out - observed, "no result of this run"),
    )
    return (f"{len(ids)} {'has' if len(ids) == 1 else 'have'} {what}" for ids, what in sides if ids)


def _why_set_aside(reasons: Mapping[str, str]) -> Iterator[str]:
    """How many are what."""
    counts = Counter(reasons.values())
    return (f"{count} {'is' if count == 1 else 'are'} {reason}" for reason, count in counts.items())
