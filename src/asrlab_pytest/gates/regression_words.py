"""Verdicts of the accuracy gate in words."""

from __future__ import annotations

from asrlab_pytest.gates.outcome import Outcome, points, rate, signed
from asrlab_pytest.gates.regression import CHANGED_BLOCKS, LEAST_GROUPS, MOST_TIMES, AccuracyVerdict
from asrlab_pytest.wording import about, many


def sentence(verdict: AccuracyVerdict) -> str:
    """The verdict in words that need no statistics."""
    said = _of_noun(_sentence(verdict), verdict)
    return said[0].upper() + said[1:]


def figures(verdict: AccuracyVerdict) -> str:
    """The rate before and now, as "WER 1.7% -> 3.4%"; once where it is the same."""
    if verdict.baseline_rate is None or verdict.rate is None or verdict.delta is None:
        return f"{verdict.metric}: nothing to compare"
    before, after = (rate(share, beside=verdict.delta or 1.0) for share in (verdict.baseline_rate, verdict.rate))
    return f"{verdict.metric} {after}" if not verdict.delta else f"{verdict.metric} {before} -> {after}"


def changed(verdict: AccuracyVerdict, *, has_same_texts: bool = False) -> str:
    """How many clips changed, and which way."""
    if not verdict.clips:
        return ""
    if verdict.worse or verdict.better:
        return f"{many(verdict.worse, verdict.noun)} worse, {verdict.better} better"
    every = f"all {many(verdict.clips, verdict.noun)}" if verdict.clips > 1 else f"the only {verdict.noun}"
    return f"same text in {every}" if has_same_texts else f"same number of errors in {every}"


def explanation(verdict: AccuracyVerdict) -> str:
    """Why a model that changed passes, fails or is undecided; empty where none of its clips became worse."""
    return _of_noun(_explanation(verdict), verdict)


def _of_noun(said: str, verdict: AccuracyVerdict) -> str:
    """Of prompts and dialogues the same is true, word for word."""
    return said.replace("clip", verdict.noun).replace("Clip", verdict.noun.capitalize())


def _explanation(verdict: AccuracyVerdict) -> str:
    if verdict.cause == "no words":
        return f"Nothing to compare: {_nothing(verdict)}."
    if verdict.cause == "none worse":
        return ""
    allowed = signed(points(verdict.margin or 0.0))
    if verdict.outcome is Outcome.FAIL:
        return f"More than the {allowed} points allowed{_least(verdict)}.{_scope(verdict)}"
    if verdict.outcome is Outcome.PASS:
        is_better = (verdict.delta or 0.0) < 0
        return f"{'An improvement' if is_better else f'Within the {allowed} points allowed'}.{_scope(verdict)}"
    if verdict.cause == "family":
        return f"Significant on its own, but {_family(verdict)}: {_decide(verdict)}."
    return f"{too_few(verdict)}{_doubt(verdict, allowed)}.{_settle(verdict)}"


def too_few(verdict: AccuracyVerdict) -> str:
    """What was counted and is too little, as "5 speakers are too few to be sure"."""
    if _block(verdict) == "clip":
        return are_too_few(many(verdict.clips, verdict.noun))
    return are_too_few(many(verdict.blocks - verdict.ungrouped, "speaker") + without_group(verdict))


def are_too_few(subject: str) -> str:
    """That so many, as "3 speakers", are too few."""
    is_one = subject.startswith("1 ") and " and " not in subject
    return f"{subject} {'is' if is_one else 'are'} too few to be sure"


def without_group(verdict: AccuracyVerdict) -> str:
    """The clips without a speaker."""
    return f" and {many(verdict.ungrouped, verdict.noun)} without one" if verdict.ungrouped else ""


def _doubt(verdict: AccuracyVerdict, allowed: str) -> str:
    """The interval if it explains the doubt; otherwise why the rise is not certain."""
    interval, margin = verdict.interval, verdict.margin or 0.0
    if interval is not None and margin in interval and max(-interval.low, interval.high) <= 1:
        low, high = (signed(points(bound)) for bound in (interval.low, interval.high))
        return f": the change lies between {low} and {high} points (90% CI), and {allowed} is allowed"
    if verdict.cause == "few changed":
        return f": only {verdict.changed_blocks} changed, and a failure needs {CHANGED_BLOCKS}"
    if verdict.cause == "chance" and verdict.p_sign_flip is not None:
        return f": the rise may be chance (sign-flip p {verdict.p_sign_flip:.2g})"
    return ""


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
    return f"{opening} to tell: {_change(verdict)}{_range(verdict)}, {allowed}: {_counts(verdict)}.{_why(verdict)}"


def _why(verdict: AccuracyVerdict) -> str:
    if verdict.cause == "few changed":
        changed = many(verdict.changed_blocks, _block(verdict))
        counts_as = " (a clip without a group counts as one)" if _is_mixed(verdict) else ""
        return (
            f" Only {changed} changed{counts_as}: a failure needs {CHANGED_BLOCKS}, because fewer can all become worse "
            f"by chance.{_settle(verdict)}"
        )
    if verdict.cause == "family":
        return f" Significant on its own (p {verdict.p_alone:.2g}), but {_family(verdict)}: {_decide(verdict)}."
    return _shown(verdict) + _settle(verdict)


def _decide(verdict: AccuracyVerdict) -> str:
    # A model that runs alone has still several rates.
    return "more clips would decide" if verdict.is_only_model else "run this model alone to decide"


def _family(verdict: AccuracyVerdict) -> str:
    if verdict.p_adjusted is None:
        return f"not as one of the comparisons of this run, because too few {_block(verdict)}s changed"
    return f"not as one of the {verdict.comparisons} comparisons of this run (adjusted p {verdict.p_adjusted:.2g})"


def _block(verdict: AccuracyVerdict) -> str:
    return "clip" if verdict.blocks == verdict.clips else "group"


def _is_mixed(verdict: AccuracyVerdict) -> bool:
    """Whether groups and clips without one are the blocks."""
    return verdict.groups is None and verdict.ungrouped > 0


def _nothing(verdict: AccuracyVerdict) -> str:
    if not verdict.silent_clips:
        return f"no clip has a {verdict.metric} on both sides"
    clips = f"the references of all {verdict.silent_clips} clips" if verdict.silent_clips > 1 else "the only reference"
    return f"{clips} {'have' if verdict.silent_clips > 1 else 'has'} nothing that {verdict.metric} counts"


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
    """The bound above 0 that proves a failure."""
    return "" if verdict.interval is None else f" (at least {points(verdict.interval.low)}, 95% confidence)"


def _most(verdict: AccuracyVerdict) -> str:
    if verdict.interval is None:
        return ""
    high = verdict.interval.high
    return f" ({f'at least {points(-high)}' if high < 0 else f'at most {signed(points(high))}'}, 95% confidence)"


def _range(verdict: AccuracyVerdict) -> str:
    """The interval, but where it does not decide: few changed, or it is sure of a rise and sign flips are not."""
    is_denied = verdict.cause == "chance" and verdict.interval is not None and verdict.interval.low > 0
    if verdict.interval is None or verdict.cause == "few changed" or is_denied:
        return ""
    low, high = (signed(points(bound)) for bound in (verdict.interval.low, verdict.interval.high))
    return f" (90% CI {low} to {high})"


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
    few = "few" if verdict.groups + verdict.ungrouped < LEAST_GROUPS else "unequal"
    groups += f" of speakers or sessions{without_group(verdict)}"
    return f" This holds for {groups}, which are too {few} to generalize from."


def _shown(verdict: AccuracyVerdict) -> str:
    """How large a rise these clips would have shown: what a pass is worth."""
    if verdict.detectable is None or (verdict.margin or 0.0) >= 1:
        return _scope(verdict)
    if verdict.detectable >= 1:
        return f" These clips are too few to detect even a rise of 100 points.{_scope(verdict)}"
    return f" Clips like these detect a rise of {points(verdict.detectable)} points 4 times in 5.{_scope(verdict)}"


def _settle(verdict: AccuracyVerdict) -> str:
    if verdict.clips_needed is None or verdict.blocks_needed is None:
        return f" Even {MOST_TIMES} times as many clips like these would not settle it."
    groups = "" if _block(verdict) == "clip" or _is_mixed(verdict) else f" of {many(verdict.blocks_needed, 'group')}"
    clips = about(verdict.clips_needed) + " clips"
    return f" {clips[0].upper()}{clips[1:]}{groups} would settle it."
