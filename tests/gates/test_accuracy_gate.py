"""The accuracy gate."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paired_clips import POINTS_02, judged, paired

from asrlab_pytest.gates import regression_words as words
from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.regression import Comparison, Margin, PairedClip, judge_accuracy

WORSE = [(1, 2, 20)] * 30 + [(1, 1, 20)] * 30 + [(1, 0, 20)] * 3

groups = st.none() | st.sampled_from("abcdefgh")
rows = st.tuples(st.integers(0, 6), st.integers(0, 12), st.integers(0, 30), groups)
corpora = st.lists(rows, max_size=24).map(
    lambda found: [
        replace(clip, group=row[3]) for clip, row in zip(paired([row[:3] for row in found]), found, strict=True)
    ]
)
margins = st.floats(0, 0.3).map(lambda absolute: Margin(absolute=absolute, relative=0.0))


def swapped(clip):
    return replace(clip, baseline_errors=clip.errors, errors=clip.baseline_errors)


def test_by_hand():
    """Change, bounds, p-value, counts and detectable rise are those of the formulae, worked out by hand."""
    verdict = judged(paired([(1, 4, 100), (1, 2, 100), (1, 1, 100), (1, 3, 100), (1, 0, 100), (1, 5, 100)]))

    assert (verdict.outcome, verdict.cause) == (Outcome.UNDECIDED, "chance")
    assert (verdict.baseline_rate, verdict.rate, verdict.delta) == pytest.approx((0.01, 0.025, 0.015))
    assert (verdict.interval.low, verdict.interval.high) == pytest.approx((-0.00039018, 0.03039018), abs=1e-7)
    assert (verdict.worse, verdict.better, verdict.identical) == (4, 1, 1)
    # Of the 32 ways to flip 3, 1, 2, 1 and 4, three have a sum of 9 or more.
    assert verdict.p_sign_flip == pytest.approx(3 / 32)
    # t is 2.015048 and 0.919544 at 5 % and 20 % with five degrees of freedom, SE² is 21/600², and each new error adds
    # to it: the rise r solves r = (2.015048 + 0.919544) √(21/600² + r/600).
    square = (2.015048 + 0.919544) ** 2
    assert verdict.detectable == pytest.approx(
        (square / 600 + ((square / 600) ** 2 + 4 * square * 21 / 600**2) ** 0.5) / 2, abs=1e-7
    )
    assert (verdict.clips, verdict.words, verdict.blocks, verdict.groups) == (6, 600, 6, None)


def test_a_clear_rise_fails():
    """Thirty clips that became worse, and three that became better, are a failure."""
    verdict = judged(paired(WORSE))

    assert (verdict.outcome, verdict.cause) == (Outcome.FAIL, "exceeds")
    assert verdict.interval.low > 0
    assert verdict.p_adjusted == max(verdict.p_bound, verdict.p_sign_flip) < 0.05


def test_a_rise_within_the_margin_passes():
    """A rise that is no larger than the margin passes, also where it is surely a rise."""
    verdict = judged(paired([(1, 1, 20)] * 990 + [(1, 2, 20)] * 30 + [(1, 0, 20)] * 4))

    assert (verdict.outcome, verdict.cause) == (Outcome.PASS, "within")
    assert verdict.p_alone < 0.001
    assert 0 < verdict.delta < verdict.margin


def test_a_rise_that_is_surely_one_and_surely_small_enough():
    """By "noninferior" a pass needs a bound within the margin, and what fails by the usual rule still fails."""
    small = paired([(1, 1, 20)] * 990 + [(1, 2, 20)] * 6 + [(1, 0, 20)] * 4)
    few = paired([(1, 1, 20)] * 40 + [(1, 2, 20)] * 3 + [(1, 0, 20)] * 3)

    assert judged(few).outcome is Outcome.PASS
    assert judged(few, rule="noninferior").cause == "unproven"
    assert judged(few, rule="noninferior").outcome is Outcome.UNDECIDED
    assert judged(small, rule="noninferior").outcome is Outcome.PASS
    assert judged(paired(WORSE), rule="noninferior").outcome is Outcome.FAIL


def test_nothing_changed():
    """A model that wrote what it wrote before passes, on any number of clips."""
    for count in (1, 2, 100):
        verdict = judged(paired([(3, 3, 20)] * count))
        assert (verdict.outcome, verdict.delta, verdict.identical) == (Outcome.PASS, 0.0, count)


@pytest.mark.parametrize(
    ("clips", "cause"),
    [
        ([], "no words"),
        (paired([(0, 4, 0), (2, 0, 0)]), "no words"),
        (paired([(1, 9, 20)]), "few changed"),
        (paired([(1, 9, 20)] * 4), "few changed"),
        (paired([(1, 9, 20)] * 4 + [(1, 1, 20)] * 40), "few changed"),
        (paired([(1, 2, 20)] * 6 + [(1, 0, 20)] * 3), "chance"),
    ],
)
def test_what_cannot_be_decided(clips, cause):
    """Without words, and with a rise that four clips make or that chance may make, nothing is decided."""
    verdict = judged(clips)

    assert (verdict.outcome, verdict.cause) == (Outcome.UNDECIDED, cause)


def test_one_huge_clip():
    """A clip that holds nearly all of the words decides nothing, and keeps the others from being judged by nothing."""
    assert judged(paired([(0, 9, 9000), (2, 1, 10), (2, 3, 10)])).outcome is Outcome.PASS
    assert judged(paired([(0, 90, 9000), (2, 1, 10), (2, 3, 10)])).cause == "few changed"


@pytest.mark.parametrize(
    ("names", "groups"),
    [("a", 1), ("abcd", 4), ("abcde", 5), ("a" * 20 + "bcdefgh", 8), ("abcdef", None), ("abcdefghijkl", None)],
)
def test_few_speakers(names, groups):
    """Worse on nearly every clip fails, however many groups there are; clips are judged where they are too few."""
    clips = [replace(clip, group=names[number % len(names)]) for number, clip in enumerate(paired(WORSE[:50]))]

    verdict = judged(clips)
    assert (verdict.outcome, verdict.groups) == (Outcome.FAIL, groups)
    assert ("generalize from" in words.sentence(verdict)) == (groups is not None)


def test_one_runaway_clip():
    """A single clip with two hundred invented words is not a failure of the corpus: the tripwires speak of it."""
    verdict = judged(paired([(1, 1, 20)] * 99 + [(1, 201, 20)]))

    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.worse == 1


def test_three_runaway_clips():
    """Three runaway clips of two hundred, and two others, are no failure: a bound and sign flips must both agree."""
    verdict = judged(paired([(1, 101, 20), (1, 91, 20), (1, 111, 20), (1, 2, 20), (1, 0, 20)] + [(1, 1, 20)] * 195))

    assert verdict.p_sign_flip == pytest.approx(3 / 32)
    assert (verdict.outcome, verdict.cause) == (Outcome.UNDECIDED, "chance")


def test_clips_of_one_speaker_are_one():
    """A change that only one of six speakers shows is not a failure, and the speaker is warned of by name."""
    others = [
        replace(clip, clip=f"{clip.clip}-{name}", group=name) for name in "bcdef" for clip in paired([(1, 1, 20)] * 50)
    ]
    anna = paired([(1, 3, 20)] * 50)

    assert judged([*anna, *others]).outcome is Outcome.FAIL
    verdict = judged([*(replace(clip, group="anna") for clip in anna), *others])
    assert verdict.outcome is Outcome.UNDECIDED
    assert [one.sentence("WER") for one in verdict.speakers] == [
        "anna: WER rose by 10.0 points, from 5.0% to 15.0%, on its 50 clips (sign-flip p 8.9e-16)"
    ]


def test_a_speaker_who_became_a_little_worse():
    """A speaker is warned of where the rise is large and sure: not for five margins, nor for four clips."""
    rest = [replace(clip, clip=f"{clip.clip}-b", group="b") for clip in paired([(1, 1, 20)] * 50)]

    for rows in ([(1, 2, 20)] * 9 + [(1, 1, 20)] * 81, [(1, 9, 20)] * 4, [(1, 9, 20), (9, 1, 20)] * 9):
        anna = paired(rows, group="anna")
        assert judged([*anna, *rest]).speakers == ()


def test_entities_that_were_invented():
    """Errors on clips whose reference has nothing to count enter the rate where the metric counts them."""
    clips = [*paired([(0, 0, 2)] * 10), *(replace(one, clip=f"{one.clip}+") for one in paired([(0, 1, 0)] * 10))]

    (found,) = judge_accuracy(
        [Comparison(model="polly", metric="entity error rate", clips=clips, counts_additions=True)]
    )
    assert (found.outcome, found.rate, found.clips, found.silent_clips) == (Outcome.FAIL, 0.5, 20, 0)
    assert judged(clips).outcome is Outcome.PASS


def test_the_number_of_clips_that_would_settle_it():
    """Where twelve clips cannot tell, as many as are named can, if they are like the twelve."""
    dozen = [(1, 2, 40), (1, 1, 40), (1, 0, 40), (1, 2, 40), (1, 1, 40), (1, 2, 40)] * 2
    verdict = judged(paired(dozen))

    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.clips_needed > 12
    times = -(-verdict.clips_needed // 12)
    assert judged(paired(dozen * times)).outcome is Outcome.FAIL


def test_no_number_of_clips():
    """Where more than twenty times as many clips would be needed, no number of them is named."""
    verdict = judged(paired([(1, 2, 10), (2, 1, 10)] * 12 + [(1, 2, 10)]), Margin(absolute=0.001, relative=0.0))

    assert (verdict.outcome, verdict.clips_needed, verdict.blocks_needed) == (Outcome.UNDECIDED, None, None)
    assert words.sentence(verdict).endswith("Even 20 times as many clips like these would not settle it.")


def test_the_margin():
    """The margin is the larger of its two parts, of the baseline's rate on the same clips."""
    assert judged(paired([(1, 1, 100)]), Margin()).margin == pytest.approx(0.005)
    assert judged(paired([(30, 30, 100)]), Margin()).margin == pytest.approx(0.03)
    assert judged(paired([(1, 2, 20)] * 60), Margin(absolute=0.06)).outcome is Outcome.PASS
    for part in (-0.1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="a margin is a number from 0"):
            Margin(relative=part)


def test_input_that_is_no_comparison():
    """Unlike references, negative counts and a clip that comes twice are refused, each with the clip's name."""
    with pytest.raises(ValueError, match="'a' has 9 words in its reference, and 10 in the baseline's"):
        PairedClip(clip="a", baseline_errors=0, baseline_words=10, errors=0, words=9)
    with pytest.raises(ValueError, match="count of the clip 'a' is negative"):
        PairedClip(clip="a", baseline_errors=-1, baseline_words=1, errors=0, words=1)
    with pytest.raises(ValueError, match="polly: the clip 'clip-0' is compared twice"):
        Comparison(model="polly", metric="WER", clips=paired([(0, 0, 1)]) * 2)


def test_a_family():
    """A rise that would fail by itself is undecided among ten such that are near chance, and a clear one fails."""
    near = paired([(1, 2, 20)] * 9 + [(1, 0, 20)] * 2 + [(1, 1, 20)] * 30)
    assert judged(near).outcome is Outcome.FAIL
    chance = paired([(1, 2, 20), (1, 0, 20)] * 9)

    verdicts = judge_accuracy(
        Comparison(model=str(number), metric="WER", clips=clips, margin=POINTS_02)
        for number, clips in enumerate([near, paired(WORSE), *[chance] * 8])
    )

    assert [verdict.cause for verdict in verdicts[:3]] == ["family", "exceeds", "within"]
    assert verdicts[0].p_adjusted > 0.05 >= verdicts[0].p_alone


def test_a_family_of_models_of_which_little_changed():
    """Models that could not have failed, because few of their clips changed, cost the one that did no power."""
    near = paired([(1, 2, 20)] * 9 + [(1, 0, 20)] * 2 + [(1, 1, 20)] * 30)
    little = paired([(1, 2, 20)] * 3 + [(1, 0, 20)] * 2 + [(1, 1, 20)] * 36)

    verdicts = judge_accuracy(
        Comparison(model=str(number), metric="WER", clips=clips, margin=POINTS_02)
        for number, clips in enumerate([near, *[little] * 19])
    )
    assert verdicts[0].outcome is Outcome.FAIL
    assert {verdict.p_adjusted for verdict in verdicts[1:]} == {None}


def test_a_family_of_models_that_did_not_change():
    """Models on which nothing changed cost the one that did no power."""
    near = paired([(1, 2, 20)] * 9 + [(1, 0, 20)] * 2 + [(1, 1, 20)] * 30)
    same = paired([(1, 1, 20)] * 40)

    verdicts = judge_accuracy(
        Comparison(model=str(number), metric="WER", clips=clips, margin=POINTS_02)
        for number, clips in enumerate([near, *[same] * 9])
    )
    assert [verdict.outcome for verdict in verdicts] == [Outcome.FAIL, *[Outcome.PASS] * 9]


@given(corpora, margins)
def test_the_other_way_round(clips, margin):
    """With the sides swapped, the change and its bounds turn their signs, and better is worse."""
    one, other = judged(clips, margin), judged([swapped(clip) for clip in clips], margin)

    assert (one.better, one.worse, one.identical) == (other.worse, other.better, other.identical)
    assert (one.interval is None) == (other.interval is None)
    if one.delta is not None:
        assert other.delta == pytest.approx(-one.delta)
    if one.interval is not None:
        assert (other.interval.low, other.interval.high) == pytest.approx(
            (-one.interval.high, -one.interval.low), abs=1e-9
        )
    assert not one.outcome is other.outcome is Outcome.FAIL


@given(corpora, st.randoms(use_true_random=False))
def test_any_order(clips, generator):
    """The order of the clips changes nothing."""
    shuffled = generator.sample(clips, len(clips))

    assert judged(shuffled) == judged(clips)


@settings(max_examples=300)
@given(corpora, margins, st.integers(0, 9), st.integers(1, 500))
def test_an_identical_clip_is_no_evidence(clips, margin, errors, words):
    """One more clip on which nothing changed never makes a failure of what was none, while the blocks are the same."""
    same = PairedClip(clip="same", baseline_errors=errors, baseline_words=words, errors=errors, words=words)

    before, after = judged(clips, margin), judged([*clips, same], margin)
    if after.outcome is Outcome.FAIL and after.blocks == before.blocks + 1:
        assert before.outcome is Outcome.FAIL


@given(corpora, margins)
def test_better_is_never_a_failure(clips, margin):
    """A pooled rate that fell or stayed never fails, and where no clip is worse it passes."""
    verdict = judged(clips, margin)

    if verdict.delta is not None and verdict.delta <= 0:
        assert verdict.outcome is not Outcome.FAIL
    better = [replace(clip, errors=min(clip.errors, clip.baseline_errors)) for clip in clips]
    assert judged(better, margin).outcome is (Outcome.PASS if verdict.words else Outcome.UNDECIDED)


@given(corpora, margins)
def test_clips_without_words_do_not_count(clips, margin):
    """Clips with an empty reference are counted, and change nothing else."""
    silent = PairedClip(clip="silence", baseline_errors=0, baseline_words=0, errors=9, words=0)

    found = judged([*clips, silent], margin)
    before = judged(clips, margin)
    assert found == replace(before, silent_clips=before.silent_clips + 1)


@given(corpora, margins)
def test_every_verdict_can_be_read(clips, margin):
    """Every verdict has a sentence, without NaN and without None."""
    verdict = judged(clips, margin)

    text = words.sentence(verdict)
    assert text.endswith(".")
    assert not {"nan", "None", "inf"} & set(text.replace(",", " ").split())


@given(corpora, margins)
def test_outcome_and_bounds_agree(clips, margin):
    """A failure is a rise beyond the margin with its lower bound above 0, and a rise within the margin never fails."""
    verdict = judged(clips, margin)

    if verdict.outcome is Outcome.FAIL:
        assert verdict.delta > verdict.margin
        assert verdict.interval is None or verdict.interval.low >= -1e-9
    if verdict.cause == "within":
        assert verdict.delta <= verdict.margin


@given(corpora, margins)
def test_noninferior_is_never_milder(clips, margin):
    """What fails fails by both rules, and what passes as noninferior passes."""
    usual, strict = judged(clips, margin), judged(clips, margin, rule="noninferior")

    assert (usual.outcome is Outcome.FAIL) == (strict.outcome is Outcome.FAIL)
    if strict.outcome is Outcome.PASS:
        assert usual.outcome is Outcome.PASS
