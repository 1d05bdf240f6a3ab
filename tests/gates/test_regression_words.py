"""The accuracy gate's verdicts as a person reads them."""

from dataclasses import replace

import pytest
from paired_clips import POINTS_02, judged, paired

from asrlab_pytest.gates.regression import Comparison, judge_accuracy

NEAR = [(1, 2, 20)] * 9 + [(1, 0, 20)] * 2 + [(1, 1, 20)] * 30
GROUPS = [replace(clip, group=str(number % 3)) for number, clip in enumerate(paired([(1, 3, 20), (1, 1, 20)] * 9))]


@pytest.mark.parametrize(
    ("clips", "sentence"),
    [
        (paired([(1, 1, 20)] * 3), "WER is the same on all 3 clips: 5.0%."),
        (paired([(0, 0, 20)]), "WER is the same on the only clip: 0.0%."),
        (
            paired([(2, 1, 20)] + [(1, 1, 20)] * 4),
            "WER fell by 1.0 points, from 6.0% to 5.0%: no clip worse, 1 better, 4 the same.",
        ),
        (
            paired([(1, 2, 20)] * 30 + [(1, 1, 20)] * 30 + [(1, 0, 20)] * 3),
            (
                "WER rose by 2.1 points, from 5.0% to 7.1% (95% sure: at least 1.5), more than the 0.2 allowed: 30 "
                "clips worse, 3 better, 30 the same, sign-flip p 7e-07."
            ),
        ),
        (
            paired([(1, 1, 20)] * 990 + [(1, 2, 20)] * 6 + [(1, 0, 20)] * 4),
            (
                "WER rose by 0.01 points, from 5.00% to 5.01% (95% sure: +0.04 at most), within the 0.2 allowed: 6 "
                "clips worse, 4 better, 990 the same, sign-flip p 0.38."
            ),
        ),
        (
            paired([(1, 2, 20)] * 3 + [(1, 1, 20)] * 7),
            (
                "Too few clips to tell: WER rose by 1.5 points, from 5.0% to 6.5% (90% interval +0.1 to +2.9), where "
                "0.2 is allowed: 3 clips worse, none better, 7 the same, sign-flip p 0.12. Clips like these show a "
                "rise of 2.3 points. About 23 clips would settle it."
            ),
        ),
        (
            paired([(0, 3, 0)] * 2),
            "Nothing to compare: 2 clips, and nothing in a reference that WER could be taken of.",
        ),
        ([], "Nothing to compare: no clip has a WER on both sides."),
        (
            paired([(1, 3, 20)]),
            (
                "Too few clips to tell: WER rose by 10.0 points, from 5.0% to 15.0%: 1 clip worse, none better, 0 the"
                " same, sign-flip p 0.5. One clip cannot tell a change from chance: a failure needs 5 clips that "
                "changed."
            ),
        ),
        (
            paired([(1, 3, 20)] * 2, group="anna"),
            (
                "Too few groups to tell: WER rose by 10.0 points, from 5.0% to 15.0%: 2 clips worse, none better, 0 "
                "the same, sign-flip p 0.5. All clips are of one group, whose ways may be its own: a failure needs 5 "
                "groups that changed. Where only this one matters, state no group."
            ),
        ),
        (
            paired([(1, 101, 20), (1, 91, 20), (1, 111, 20), (1, 2, 20), (1, 2, 20)] + [(1, 1, 20)] * 195),
            (
                "Too close to tell: WER rose by 7.5 points, from 5.0% to 12.6% (90% interval +0.39 to +14.7), where "
                "0.2 is allowed: 5 clips worse, none better, 195 the same, sign-flip p 0.031. It rests on so few of "
                "them that as many errors may fall on this side by chance (p 0.12 beyond what is allowed). About 430 "
                "clips would settle it."
            ),
        ),
        (
            GROUPS,
            (
                "Too few groups to tell: WER rose by 5.0 points, from 5.0% to 10.0% (90% interval +5.0 to +5.0), "
                "where 0.2 is allowed: 9 clips worse, none better, 9 the same, sign-flip p 0.12. So few groups may "
                "all be worse by chance: a failure needs 5 that changed. About 30 clips of 5 groups would settle it."
            ),
        ),
        (
            paired([(0, 9, 9000), (2, 1, 10), (2, 3, 10)]),
            (
                "Too few clips to tell: WER rose by 0.1 points, from 0.04% to 0.14%: 2 clips worse, 1 better, 0 the "
                "same, sign-flip p 0.38. Nearly all of the words are in one clip, and the others say too little "
                "beside it."
            ),
        ),
    ],
)
def test_sentences(clips, sentence):
    """The sentence has the change, what is allowed, the exact counts, and what could be done."""
    assert judged(clips).sentence() == sentence


def test_a_family_in_words():
    """A rise that is lost among many comparisons says so."""
    first, *_ = judge_accuracy(
        Comparison(model=str(number), metric="entity error rate", clips=clips, margin=POINTS_02)
        for number, clips in enumerate([paired(NEAR), *[paired([(1, 2, 20), (1, 0, 20)] * 9)] * 9])
    )

    assert first.sentence().startswith("Too close to tell: entity error rate rose by 0.85 points, from 5.00% to 5.85%")
    assert "Among as many comparisons as were made, one may look like this by chance (p 0.5 with" in first.sentence()
