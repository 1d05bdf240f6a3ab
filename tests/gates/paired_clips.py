"""Pairs of runs for the tests of the gates."""

from asrlab_pytest.gates.regression import Comparison, Margin, PairedClip, judge_accuracy

POINTS_02 = Margin(absolute=0.002, relative=0.0)


def paired(rows, group=None):
    """Clips of (baseline errors, new errors, words), all of one group or each for itself."""
    return [
        PairedClip(
            clip=f"clip-{number}",
            group=group,
            baseline_errors=before,
            baseline_words=words,
            errors=after,
            words=words,
        )
        for number, (before, after, words) in enumerate(rows)
    ]


def judged(clips, margin=POINTS_02, metric="WER", rule="regression"):
    (verdict,) = judge_accuracy([Comparison(model="polly", metric=metric, clips=clips, margin=margin, rule=rule)])
    return verdict
