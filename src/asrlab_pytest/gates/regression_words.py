"""Verdicts of the accuracy gate in words."""

from __future__ import annotations

from asrlab_pytest.gates.outcome import Outcome, about, many, points, rate, signed
from asrlab_pytest.gates.regression import CHANGED_BLOCKS, LEAST_GROUPS, MOST_TIMES, AccuracyVerdict


def sentence(verdict: AccuracyVerdict) -> str:
    """The verdict in words that need no statistics."""
    # Of prompts and dialogues the same is true, word for word.
    said = _sentence(verdict)
    return said.replace("clip", verdict.noun).replace("Clip", verdict.noun.capitalize())


def speaker_sentences(verdict: AccuracyVerdict) -> list[str]:
    """What happened to single groups."""
    return [one.sentence(verdict.metric) for one in verdict.speakers]


def _sentence(verdict: AccuracyVerdict) -> str:
    if verdict.cause == "no words":
        return f"Nothing to compare: {_nothing(verdict)}."
    if verdict.cause == "none worse":
        return _none_worse(verdict)
    allowed = f"{points(verdict.margin or 0.0)} allowed"
    if verdict.outcome is Outcome.FAIL:
        return f"{_change(verdict)}{_least(verdict)}, more than the {allowed}: {_counts(verdict)}.{_scope(verdict)}"
    if verdict.outcome is Outcome.PASS:
        within = f", within the {allowed}" if (verdict.delta or 0.0) >= 0 else ""
        return f"{_change(verdict)}{_most(verdict)}{within}: {_counts(verdict)}.{_shown(verdict)}"
    opening = "Too close" if verdict.cause == "family" else f"Too few {_block(verdict)}s"
    limit = f"where {points(verdict.margin or 0.0)} is allowed"
    return f"{opening} to tell: {_change(verdict)}{_range(verdict)}, {limit}: {_counts(verdict)}.{_why(verdict)}"


def _why(verdict: AccuracyVerdict) -> str:
    if verdict.cause == "few changed":
        changed = many(verdict.changed_blocks, _block(verdict))
        counts_as = ", and a clip without a group counts as one" if _is_mixed(verdict) else ""
        return (
            f" Only {changed} changed, and so few may all be worse by chance: a failure needs {CHANGED_BLOCKS}"
            f"{counts_as}.{_settle(verdict)}"
        )
    if verdict.cause == "family":
        # What a model runs alone has still several rates.
        decide = "more clips would decide" if verdict.is_only_model else "run this model alone to decide"
        return f" Worse by itself (p {verdict.p_alone:.2g}), but {_family(verdict)}: {decide}."
    return _shown(verdict) + _settle(verdict)


def _family(verdict: AccuracyVerdict) -> str:
    if verdict.p_adjusted is None:
        return f"too few {_block(verdict)}s changed to stand out among the comparisons of this run"
    return f"not surely among the {verdict.comparisons} comparisons of this run (p {verdict.p_adjusted:.2g} adjusted)"


def _block(verdict: AccuracyVerdict) -> str:
    return "clip" if verdict.blocks == verdict.clips else "group"


def _is_mixed(verdict: AccuracyVerdict) -> bool:
    """Whether groups and clips without one are the blocks."""
    return verdict.groups is None and verdict.ungrouped > 0


def _nothing(verdict: AccuracyVerdict) -> str:
    if not verdict.silent_clips:
        return f"no clip has a {verdict.metric} on both sides"
    where = f"any of the {verdict.silent_clips} clips" if verdict.silent_clips > 1 else "the only clip"
    return f"nothing in the reference of {where} that {verdict.metric} counts"


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


def _least(verdict: AccuracyVerdict) -> str:
    """The bound above 0 that a failure stands on."""
    return "" if verdict.interval is None else f" (95% sure: at least {points(verdict.interval.low)})"


def _most(verdict: AccuracyVerdict) -> str:
    if verdict.interval is None:
        return ""
    high = verdict.interval.high
    return f" (95% sure: {f'by at least {points(-high)}' if high < 0 else f'{signed(points(high))} at most'})"


def _range(verdict: AccuracyVerdict) -> str:
    """The interval, but where it does not decide: few changed, or it is sure of a rise and sign flips are not."""
    is_denied = verdict.cause == "chance" and verdict.interval is not None and verdict.interval.low > 0
    if verdict.interval is None or verdict.cause == "few changed" or is_denied:
        return ""
    low, high = (signed(points(bound)) for bound in (verdict.interval.low, verdict.interval.high))
    return f" (90% interval {low} to {high})"


def _counts(verdict: AccuracyVerdict) -> str:
    """The exact counts, which are right for any number of clips."""
    better = f"{verdict.better} better" if verdict.better else "none better"
    worse = f"{many(verdict.worse, 'clip')} worse" if verdict.worse else "no clip worse"
    chance = f", sign-flip p {verdict.p_sign_flip:.2g}" if verdict.p_sign_flip and verdict.worse else ""
    return f"{worse}, {better}, {verdict.identical} the same{chance}"


def _scope(verdict: AccuracyVerdict) -> str:
    """For whom a verdict by clips holds, where there are groups."""
    if verdict.groups is None:
        return ""
    groups = "this one group" if verdict.groups == 1 else f"these {verdict.groups} groups"
    others = f" and {many(verdict.ungrouped, 'clip')} without one" if verdict.ungrouped else ""
    few = "few" if verdict.groups + verdict.ungrouped < LEAST_GROUPS else "unequal"
    return f" On {groups} of speakers or sessions{others}: they are too {few} to speak of others."


def _shown(verdict: AccuracyVerdict) -> str:
    """How large a rise these clips would have shown: what a pass is worth."""
    if verdict.detectable is None or (verdict.margin or 0.0) >= 1:
        return _scope(verdict)
    if verdict.detectable >= 1:
        return f" Clips like these are too few to show even a rise of 100 points.{_scope(verdict)}"
    return f" Clips like these show a rise of {points(verdict.detectable)} points in 4 of 5 cases.{_scope(verdict)}"


def _settle(verdict: AccuracyVerdict) -> str:
    if verdict.clips_needed is None or verdict.blocks_needed is None:
        return f" Not even {MOST_TIMES} times as many clips of this kind would settle it."
    groups = "" if _block(verdict) == "clip" or _is_mixed(verdict) else f" of {many(verdict.blocks_needed, 'group')}"
    clips = about(verdict.clips_needed) + " clips"
    return f" {clips[0].upper()}{clips[1:]}{groups} would settle it."
