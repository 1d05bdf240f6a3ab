"""Defects of single clips."""

import pytest

from asrlab_pytest.gates.tripwires import ScoredPair, judge_tripwires
from asrlab_pytest.scoring.score import score

SAID = "she opened the door and walked into the garden"


def tripwires(pairs, **terms):
    """Of one model."""
    return judge_tripwires([[*pairs]], **terms)[0]


def tripped(reference, before, now):
    pair = ScoredPair(clip="clip", baseline=score(reference, before), score=score(reference, now))
    return [(one.kind, one.sentence()) for one in tripwires([pair])]


@pytest.mark.parametrize(
    ("reference", "before", "now", "kind", "sentence"),
    [
        (SAID, SAID, "", "empty", "clip: no text, but the baseline has text"),
        (
            SAID,
            SAID,
            "she opened the door the door the door the door",
            "loop",
            'clip: the text loops, but not in the baseline: "the door" up to 4 times in a row',
        ),
        (
            "",
            "",
            "thank you for watching this",
            "hallucination",
            "clip: 5 hallucinated words in a silent clip, none in the baseline",
        ),
        (
            "",
            "you",
            "thank you for watching this one",
            "hallucination",
            "clip: 6 hallucinated words in a silent clip, 1 in the baseline",
        ),
        ("yes", "yes", "now I am going there to stay", "cer", "clip: CER rose from 0.0% to 866.7%"),
        (SAID, SAID, "what a lovely day it is to go out", "cer", "clip: CER rose from 0.0% to 73.9%"),
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
        # What one word more or less may be by chance is judged together, or by the error rate.
        ("", "", "you"),
        ("", "you", "thank you very much"),
        ("yes", "yes", ""),
        ("yes", "yes", "now"),
        ("zero", "zero", "I'm going now"),
    ],
)
def test_what_is_not_new(reference, before, now):
    """What was as wrong before, and what became better, trips nothing."""
    assert tripped(reference, before, now) == []


VOWELS = "ta te ti to tu"


def test_the_rise_that_is_borne():
    """A clip whose CER rises by just as much as is borne trips nothing, and one by more does."""
    pair = ScoredPair(clip="clip", baseline=score(VOWELS, VOWELS), score=score(VOWELS, "ba be bi bo bu"))

    assert tripwires([pair], cer_rise=5 / 14) == ()
    assert [one.kind for one in tripwires([pair], cer_rise=0.35)] == ["cer"]


def test_every_clip_is_looked_at():
    """The defects come in the order of the clips, each with its clip."""
    pairs = [
        ScoredPair(clip=name, baseline=score(SAID, SAID), score=score(SAID, text))
        for name, text in [("a", ""), ("b", SAID), ("c", "what a lovely day it is to go out")]
    ]

    assert [(one.clips, one.kind) for one in tripwires(pairs)] == [(("a",), "empty"), (("c",), "cer")]


def test_what_many_errors_are():
    """Garbage is a defect where clips are mostly right, and not where as much is usual."""
    garbage = ScoredPair(
        clip="clip", baseline=score(SAID, SAID), score=score(SAID, "what a lovely day it is to go out")
    )
    usual = [
        ScoredPair(clip=str(number), baseline=score(SAID, text), score=score(SAID, text))
        for number, text in enumerate(["she opened a window", "he opened the shop"] * 5)
    ]

    assert [one.kind for one in tripwires([garbage])] == ["cer"]
    assert tripwires([garbage, *usual]) == ()


def short(count, before, now, reference="yes"):
    return [
        ScoredPair(clip=f"{now or 'empty'}{number}", baseline=score(reference, before), score=score(reference, now))
        for number in range(count)
    ]


@pytest.mark.parametrize(("reference", "text"), [("yes", "yes"), ("", "you")])
def test_clips_that_are_too_short_to_speak_alone(reference, text):
    """Clips that went empty, or in which a word is invented, are a defect together where chance has too many."""
    gone = ("yes", "") if reference else ("", "you")
    seven = short(7, *gone, reference=reference)

    (found,) = tripwires(seven)
    assert (found.kind, len(found.clips)) == ("empty" if reference else "hallucination", 7)
    assert tripwires(seven[:6]) == ()
    assert tripwires([*seven, *short(2, *gone[::-1], reference=reference)]) == ()


def test_short_clips_together_in_words():
    """What happened to clips that are judged together is told with its counts and the first clips."""
    (empty,) = tripwires([*short(11, "yes", ""), *short(4, "yes", "yes"), *short(1, "", "yes")])
    (invented,) = tripwires(short(9, "", "you", reference=""))

    assert empty.sentence() == (
        "11 of 16 clips with fewer than 5 words became empty, 1 the other way round (sign test p 0.0032): empty0, "
        "empty1, empty2, empty3, empty4, ..."
    )
    assert invented.sentence() == (
        "9 of 9 silent clips have more hallucinated words, none fewer (sign test p 0.002): you0, you1, you2, you3, "
        "you4, ..."
    )


def test_a_family_of_short_clips():
    """Of many models whose short clips change by chance, one that is a little worse is not a defect."""
    seven = short(7, "yes", "")
    chance = [*short(9, "yes", ""), *short(9, "", "yes")]

    assert [len(found) for found in judge_tripwires([seven, *[chance] * 19])] == [0] * 20
    assert [len(found) for found in judge_tripwires([seven, *[[]] * 19])] == [1, *[0] * 19]
