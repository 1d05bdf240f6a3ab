"""Clips of which some have a group and others have none, and what the verdict's sentence says of them."""

from dataclasses import replace

import pytest
from paired_clips import judged, paired

from asrlab_pytest.gates import regression_words as words
from asrlab_pytest.gates.comparison import BothWays, compare
from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.regression import Margin
from asrlab_pytest.gates.regression_words import explanation

WORSE = [(0, 3, 10)] * 10
SAME = [(0, 0, 10)]


def mixed(grouped, ungrouped):
    """The first clips are of Anna, the others of nobody."""
    return [
        *paired(grouped, group="anna"),
        *(replace(clip, clip=f"{clip.clip}-alone") for clip in paired(ungrouped)),
    ]


def test_one_group_among_clips_without_one():
    """A group that became worse is one block among clips without a group, is named, and no clip is called a group."""
    verdict = judged(mixed(WORSE, SAME * 30))

    assert (verdict.outcome, verdict.cause, verdict.blocks) == (Outcome.UNDECIDED, "few changed", 31)
    assert [one.group for one in verdict.speakers] == ["anna"]
    sentence = words.sentence(verdict)
    assert "Only 1 group changed (a clip without a group counts as one)" in sentence
    assert ": a failure needs 5, because fewer can all become worse by chance." in sentence
    assert sentence.endswith("clips would settle it.")
    few = "1 speaker and 30 clips without one are too few to be sure"
    assert explanation(verdict).startswith(f"{few}: the change lies between ")
    beside = compare([], BothWays(model=verdict, reference=verdict), reference="kea", timing="one after the other")
    assert beside.accuracy_sentence() == f"WER +7.5 points, but {few}"


def test_a_group_that_outweighs_the_clips_without_one():
    """Where one group weighs most, clips are counted, and the verdict tells groups from clips without one."""
    verdict = judged(mixed(WORSE * 8, SAME * 20))

    assert (verdict.outcome, verdict.groups, verdict.ungrouped) == (Outcome.FAIL, 1, 20)
    assert words.sentence(verdict).endswith(
        "This holds for this one group of speakers or sessions and 20 clips without one, which are too unequal to "
        "generalize from."
    )
    beside = compare([], BothWays(model=verdict, reference=verdict), reference="kea", timing="one after the other")
    assert beside.accuracy_sentence().endswith(" for this one speaker and 20 clips without one")


@pytest.mark.parametrize(
    ("clips", "why"),
    [
        (paired([(0, 4, 10)] * 4), "4 clips are too few to be sure: only 4 changed, and a failure needs 5. "),
        (
            [replace(one, group=str(number // 10)) for number, one in enumerate(paired([(0, 4, 10)] * 40 + SAME * 20))],
            "6 speakers are too few to be sure: only 4 changed, and a failure needs 5. ",
        ),
    ],
)
def test_an_interval_that_denies_the_verdict(clips, why):
    """A verdict that chance may have made the rise shows no interval that is sure of one."""
    verdict = judged(clips)

    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.interval.low > 0
    assert "interval" not in words.sentence(verdict)
    assert explanation(verdict).startswith(why)


def test_a_fall_is_not_within_what_is_allowed():
    """An improvement with some clips worse is told as one, with the least that it surely is."""
    sentence = words.sentence(judged(paired([(9, 1, 20)] * 20 + [(0, 1, 20)] * 2)))

    assert sentence.startswith(
        "WER fell by 35.9 points, from 40.9% to 5.0% (at least 31.0, 95% confidence): 2 clips worse"
    )
    assert "allowed" not in sentence


def test_a_margin_beyond_all_errors():
    """Where more is allowed than 100 points, the clips are not called too few for it."""
    verdict = judged(paired([(0, 4, 10)] * 20), Margin(absolute=2.0, relative=0.0))

    assert verdict.outcome is Outcome.PASS
    assert "too few" not in words.sentence(verdict)
