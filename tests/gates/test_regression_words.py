"""The accuracy gate's verdicts as a person reads them."""

from dataclasses import replace

import pytest
from paired_clips import POINTS_02, judged, paired

from asrlab_pytest.gates import regression_words as words
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
                "clips worse, 4 better, 990 the same, sign-flip p 0.38. Clips like these show a rise of 0.22 points "
                "in 4 of 5 cases."
            ),
        ),
        (
            paired([(1, 1, 1000)] * 98 + [(1, 2, 1000)]),
            (
                "WER rose by 0.001 points, from 0.100% to 0.101% (95% sure: +0.003 at most), within the 0.2 allowed: 1 "
                "clip worse, none better, 98 the same, sign-flip p 0.5. Clips like these show a rise of 0.2 points in "
                "4 of 5 cases."
            ),
        ),
        (
            paired([(1, 2, 20)] * 3 + [(1, 1, 20)] * 7),
            (
                "Too few clips to tell: WER rose by 1.5 points, from 5.0% to 6.5%, where 0.2 is allowed: 3 clips "
                "worse, none better, 7 the same, sign-flip p 0.12. Only 3 clips changed, and so few may all be worse "
                "by chance: a failure needs 5. About 18 clips would settle it."
            ),
        ),
        (
            paired([(1, 2, 20)] * 6 + [(1, 0, 20)] * 3 + [(1, 1, 20)] * 30),
            (
                "Too few clips to tell: WER rose by 0.38 points, from 5.00% to 5.38% (90% interval -0.26 to +1.0), "
                "where 0.2 is allowed: 6 clips worse, 3 better, 30 the same, sign-flip p 0.25. Clips like these show "
                "a rise of 1.5 points in 4 of 5 cases. About 250 clips would settle it."
            ),
        ),
        (
            paired([(0, 3, 0)] * 2),
            "Nothing to compare: nothing in the reference of any of the 2 clips that WER counts.",
        ),
        ([], "Nothing to compare: no clip has a WER on both sides."),
        (
            paired([(1, 3, 20)]),
            (
                "Too few clips to tell: WER rose by 10.0 points, from 5.0% to 15.0%, where 0.2 is allowed: 1 clip "
                "worse, none better, 0 the same, sign-flip p 0.5. Only 1 clip changed, and so few may all be worse by "
                "chance: a failure needs 5. About 5 clips would settle it."
            ),
        ),
        (
            paired([(1, 3, 20)] * 6, group="anna"),
            (
                "WER rose by 10.0 points, from 5.0% to 15.0% (95% sure: at least 10.0), more than the 0.2 allowed: 6 "
                "clips worse, none better, 0 the same, sign-flip p 0.016. On this one group of speakers or sessions: "
                "they are too few to speak of others."
            ),
        ),
        (
            GROUPS,
            (
                "WER rose by 5.0 points, from 5.0% to 10.0% (95% sure: at least 2.9), more than the 0.2 allowed: 9 "
                "clips worse, none better, 9 the same, sign-flip p 0.002. On these 3 groups of speakers or sessions: "
                "they are too few to speak of others."
            ),
        ),
    ],
)
def test_sentences(clips, sentence):
    """The sentence has the change, what is allowed, the exact counts, and what could be done."""
    assert words.sentence(judged(clips)) == sentence


def test_a_family_in_words():
    """A rise that is lost among many comparisons says so."""
    first, *_ = judge_accuracy(
        Comparison(model=str(number), metric="entity error rate", clips=clips, margin=POINTS_02)
        for number, clips in enumerate([paired(NEAR), *[paired([(1, 2, 20), (1, 0, 20)] * 9)] * 9])
    )

    assert words.sentence(first) == (
        "Too close to tell: entity error rate rose by 0.85 points, from 5.00% to 5.85% (90% interval +0.2 to +1.5), "
        "where 0.2 is allowed: 9 clips worse, 2 better, 30 the same, sign-flip p 0.033. Worse by itself (p 0.033), but "
        "not surely among the 10 comparisons of this run (p 0.33 adjusted): run this model alone to decide."
    )
