"""Verdicts of the accuracy gate in words."""

from __future__ import annotations

from asrlab_pytest.gates.outcome import Outcome, about, many, points, rate, signed
from asrlab_pytest.gates.regression import CHANGED_BLOCKS, AccuracyVerdict


def sentence(verdict: AccuracyVerdict) -> str:
    """The verdict in words that need no statistics."""
    # Of prompts and dialogues the same is true, word for word.
    said = _sentence(verdict)
    return said.replace("clip", verdict.noun).replace("Clip", verdict.noun.capitalize())


def _sentence(verdict: AccuracyVerdict) -> str:
    if verdict.cause == "no words":
        return f"Nothing to compare: {_nothing(verdict)}."
    if verdict.cause == "none worse":
        return _none_worse(verdict)
    if verdict.outcome is Outcome.UNDECIDED:
        opening = "Too close" if verdict.cause in {"family", "signs"} else f"Too few {_block(verdict)}s"
        return f"{opening} to tell: {_change(verdict)}{_range(verdict)}: {_counts(verdict)}.{_why(verdict)}"
    side = "within the" if verdict.outcome is Outcome.PASS else "more than the"
    return f"{_change(verdict)}{_surely(verdict)}, {side} {_margin(verdict)} allowed: {_counts(verdict)}."


def _why(verdict: AccuracyVerdict) -> str:
    match verdict.cause:
        case "one block":
            return _one_block(verdict)
        case "dominated":
            block = _block(verdict)
            return f" Nearly all of the words are in one {block}, and the others say too little beside it."
        case "few changed":
            return (
                f" So few {_block(verdict)}s may all be worse by chance: a failure needs {CHANGED_BLOCKS} that changed."
                + _settle(verdict)
            )
        case "signs":
            return (
                " It rests on so few of them that as many errors may fall on this side by chance "
                f"(p {verdict.p_surplus:.2g} beyond what is allowed).{_settle(verdict)}"
            )
        case "family":
            return (
                " Among as many comparisons as were made, one may look like this by chance "
                f"(p {verdict.p_adjusted:.2g} with Holm's adjustment).{_settle(verdict)}"
            )
    return _open(verdict)


def _block(verdict: AccuracyVerdict) -> str:
    return "clip" if verdict.blocks == verdict.clips else "group"


def _nothing(verdict: AccuracyVerdict) -> str:
    if not verdict.silent_clips:
        return f"no clip has a {verdict.metric} on both sides"
    return f"{many(verdict.silent_clips, 'clip')}, and nothing in a reference that {verdict.metric} could be taken of"


def _none_worse(verdict: AccuracyVerdict) -> str:
    if not verdict.better:
        subject = f"all {verdict.clips} clips" if verdict.clips > 1 else "the only clip"
        return f"{verdict.metric} is the same on {subject}: {rate(verdict.baseline_rate or 0.0)}."
    return f"{_change(verdict)}: {_counts(verdict)}."


def _change(verdict: AccuracyVerdict) -> str:
    assert verdict.delta is not None
    assert verdict.baseline_rate is not None
    assert verdict.rate is not None
    if not verdict.delta:
        return f"{verdict.metric} stayed at {rate(verdict.rate)}"
    verb = "rose" if verdict.delta > 0 else "fell"
    before, after = (rate(share, beside=verdict.delta) for share in (verdict.baseline_rate, verdict.rate))
    return f"{verdict.metric} {verb} by {points(abs(verdict.delta))} points, from {before} to {after}"


def _surely(verdict: AccuracyVerdict) -> str:
    """The bound that the verdict stands on."""
    if verdict.interval is None:
        return ""
    if verdict.outcome is Outcome.PASS:
        return f" (95% sure: {signed(points(verdict.interval.high))} at most)"
    return f" (95% sure: at least {points(verdict.interval.low)})"


def _range(verdict: AccuracyVerdict) -> str:
    if verdict.interval is None:
        return ""
    low, high = (signed(points(bound)) for bound in (verdict.interval.low, verdict.interval.high))
    return f" (90% interval {low} to {high}), where {_margin(verdict)} is allowed"


def _margin(verdict: AccuracyVerdict) -> str:
    assert verdict.margin is not None
    return points(verdict.margin)


def _counts(verdict: AccuracyVerdict) -> str:
    """The exact counts, which are right for any number of clips."""
    better = f"{verdict.better} better" if verdict.better else "none better"
    worse = f"{many(verdict.worse, 'clip')} worse" if verdict.worse else "no clip worse"
    chance = f", sign-flip p {verdict.p_sign_flip:.2g}" if verdict.p_sign_flip and verdict.worse else ""
    return f"{worse}, {better}, {verdict.identical} the same{chance}"


def _one_block(verdict: AccuracyVerdict) -> str:
    if verdict.clips == 1:
        return f" One clip cannot tell a change from chance: a failure needs {CHANGED_BLOCKS} clips that changed."
    return (
        " All clips are of one group, whose ways may be its own: a failure needs "
        f"{CHANGED_BLOCKS} groups that changed. Where only this one matters, state no group."
    )


def _open(verdict: AccuracyVerdict) -> str:
    seen = f" Clips like these show a rise of {points(verdict.detectable)} points." if verdict.detectable else ""
    return seen + _settle(verdict)


def _settle(verdict: AccuracyVerdict) -> str:
    if verdict.clips_needed is None or verdict.blocks_needed is None:
        return " No number of clips is likely to settle it: the change is about as large as what is allowed."
    groups = "" if _block(verdict) == "clip" else f" of {many(verdict.blocks_needed, 'group')}"
    clips = about(verdict.clips_needed) + " clips"
    return f" {clips[0].upper()}{clips[1:]}{groups} would settle it."
