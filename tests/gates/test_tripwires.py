"""Defects of single clips."""

import pytest

from asrlab_pytest.gates.tripwires import ScoredPair, tripwires
from asrlab_pytest.scoring.score import score

SAID = "she opened the door and walked into the garden"


def tripped(reference, before, now):
    pair = ScoredPair(clip="clip", baseline=score(reference, before), score=score(reference, now))
    return [(one.kind, one.sentence()) for one in tripwires([pair])]


@pytest.mark.parametrize(
    ("reference", "before", "now", "kind", "sentence"),
    [
        (SAID, SAID, "", "empty", "clip: nothing was written, where the baseline had text"),
        (
            SAID,
            SAID,
            "she opened the door the door the door the door",
            "loop",
            'clip: the text runs in a loop, and did not in the baseline: "the door" 4 times in a row',
        ),
        (
            "",
            "",
            "thank you",
            "hallucination",
            "clip: 2 words written where nothing was said, and none in the baseline",
        ),
        ("", "", "you", "hallucination", "clip: 1 word written where nothing was said, and none in the baseline"),
        ("yes", "yes", "now", "cer", "clip: CER rose from 0.0% to 100.0%"),
    ],
)
def test_each_wire(reference, before, now, kind, sentence):
    """Each defect that is new trips its wire once, and says what happened."""
    assert tripped(reference, before, now) == [(kind, sentence)]


@pytest.mark.parametrize(
    ("reference", "before", "now"),
    [
        (SAID, SAID, SAID),
        (SAID, "", ""),
        (SAID, "", SAID),
        ("", "", ""),
        ("", "thank you", "thank you so much"),
        ("", "thank you", ""),
        (SAID, "the door " * 5, "the door " * 6),
        (SAID, "the door " * 5, SAID),
        ("yes", "now", "yes"),
    ],
)
def test_what_is_not_new(reference, before, now):
    """What was as wrong before, and what became better, trips nothing."""
    assert tripped(reference, before, now) == []


def test_the_rise_that_is_borne():
    """A clip whose CER rises by just as much as is borne trips nothing, and one by more does."""
    pair = ScoredPair(clip="clip", baseline=score("ab", "ab"), score=score("ab", "ac"))

    assert tripwires([pair], cer_rise=0.5) == ()
    assert [one.kind for one in tripwires([pair], cer_rise=0.49)] == ["cer"]


def test_every_clip_is_looked_at():
    """The defects come in the order of the clips, each with its clip."""
    pairs = [
        ScoredPair(clip=name, baseline=score("yes", "yes"), score=score("yes", text))
        for name, text in [("a", ""), ("b", "yes"), ("c", "now")]
    ]

    assert [(one.clip, one.kind) for one in tripwires(pairs)] == [("a", "empty"), ("c", "cer")]
