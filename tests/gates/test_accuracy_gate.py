"""The accuracy gate."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paired_clips import POINTS_02, judged, paired

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

    assert (verdict.outcome, verdict.cause) == (Outcome.UNDECIDED, "open")
    assert (verdict.baseline_rate, verdict.rate, verdict.delta) == pytest.approx((0.01, 0.025, 0.015))
    assert (verdict.interval.low, verdict.interval.high) == pytest.approx((-0.00039018, 0.03039018), abs=1e-7)
    assert (verdict.worse, verdict.better, verdict.identical) == (4, 1, 1)
    # Of the 32 ways to flip 3, 1, 2, 1 and 4, three have a sum of 9 or more.
    assert verdict.p_sign_flip == pytest.approx(3 / 32)
    # t is 2.015048 and 0.919544 at 5 % and 20 % with five degrees of freedom.
    assert verdict.detectable == pytest.approx(0.002 + (2.015048 + 0.919544) * 21**0.5 / 600, abs=1e-7)
    assert (verdict.clips, verdict.words, verdict.blocks) == (6, 600, 6)


def test_a_clear_rise_fails():
    """Thirty clips that became worse, and three that became better, are a failure."""
    verdict = judged(paired(WORSE))

    assert (verdict.outcome, verdict.cause) == (Outcome.FAIL, "exceeds")
    assert verdict.interval.low > verdict.margin
    assert verdict.p_adjusted == max(verdict.p_margin, verdict.p_surplus) < 0.05


def test_a_rise_within_the_margin_passes():
    """A rise that is surely smaller than the margin passes."""
    verdict = judged(paired([(1, 1, 20)] * 990 + [(1, 2, 20)] * 6 + [(1, 0, 20)] * 4))

    assert (verdict.outcome, verdict.cause) == (Outcome.PASS, "within")
    assert verdict.delta > 0


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
        (paired([(1, 9, 20)]), "one block"),
        (paired([(1, 9, 20)] * 40, group="anna"), "one block"),
        (paired([(0, 9, 9000), (2, 1, 10), (2, 3, 10)]), "dominated"),
        (paired([(1, 9, 20)] * 4), "few changed"),
        (paired([(1, 9, 20)] * 4 + [(1, 1, 20)] * 40), "few changed"),
    ],
)
def test_what_cannot_be_decided(clips, cause):
    """Without words, with one clip, one speaker, one huge clip or four that changed, nothing is decided."""
    verdict = judged(clips)

    assert (verdict.outcome, verdict.cause) == (Outcome.UNDECIDED, cause)


def test_one_runaway_clip():
    """A single clip with two hundred invented words is no failure of the corpus: the tripwires speak of it."""
    verdict = judged(paired([(1, 1, 20)] * 99 + [(1, 201, 20)]))

    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.worse == 1


def test_three_runaway_clips():
    """Three runaway clips of two hundred, and two more errors, are no failure: in 1 of 8 cases all are on one side."""
    verdict = judged(paired([(1, 101, 20), (1, 91, 20), (1, 111, 20), (1, 2, 20), (1, 2, 20)] + [(1, 1, 20)] * 195))

    assert verdict.p_margin < 0.05
    assert verdict.p_sign_flip == pytest.approx(1 / 32)
    assert verdict.p_surplus == pytest.approx(1 / 8)
    assert (verdict.outcome, verdict.cause) == (Outcome.UNDECIDED, "signs")


def test_clips_of_one_speaker_are_one():
    """A change that only one of six speakers shows is no failure, although fifty of its clips became worse."""
    others = [
        replace(clip, clip=f"{clip.clip}-{name}", group=name) for name in "bcdef" for clip in paired([(1, 1, 20)] * 9)
    ]
    anna = paired([(1, 3, 20)] * 50)

    assert judged([*anna, *others]).outcome is Outcome.FAIL
    assert judged([*(replace(clip, group="anna") for clip in anna), *others]).outcome is Outcome.UNDECIDED


def test_the_number_of_clips_that_would_settle_it():
    """Where twelve clips cannot tell, as many as are named can, if they are like the twelve."""
    dozen = [(1, 2, 40), (1, 1, 40), (1, 0, 40), (1, 2, 40), (1, 1, 40), (1, 2, 40)] * 2
    verdict = judged(paired(dozen))

    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.clips_needed > 12
    times = -(-verdict.clips_needed // 12)
    assert judged(paired(dozen * times)).outcome is Outcome.FAIL


def test_no_number_of_clips():
    """Where the change is as large as the margin, no number of clips is named."""
    verdict = judged(paired([(0, 1, 10), (1, 0, 10), (1, 2, 10), (1, 1, 10)] * 3), Margin(absolute=0.025, relative=0.0))

    assert (verdict.outcome, verdict.clips_needed, verdict.blocks_needed) == (Outcome.UNDECIDED, None, None)


def test_the_margin():
    """The margin is the larger of its two parts, of the baseline's rate on the same clips."""
    assert judged(paired([(1, 1, 100)]), Margin()).margin == pytest.approx(0.002)
    assert judged(paired([(30, 30, 100)]), Margin()).margin == pytest.approx(0.009)
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

    assert [verdict.cause for verdict in verdicts[:3]] == ["family", "exceeds", "open"]
    assert verdicts[0].p_adjusted > 0.05 >= verdicts[0].p_margin


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
    """One more clip on which nothing changed never makes a failure of what was none."""
    same = PairedClip(clip="same", baseline_errors=errors, baseline_words=words, errors=errors, words=words)

    if judged([*clips, same], margin).outcome is Outcome.FAIL:
        assert judged(clips, margin).outcome is Outcome.FAIL


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

    text = verdict.sentence()
    assert text.endswith(".")
    assert not {"nan", "None", "inf"} & set(text.replace(",", " ").split())


@given(corpora, margins)
def test_outcome_and_bounds_agree(clips, margin):
    """A failure has its lower bound above the margin, and a pass that rests on bounds its upper one below."""
    verdict = judged(clips, margin)

    if verdict.interval is not None and verdict.outcome is Outcome.FAIL:
        assert verdict.interval.low >= verdict.margin - 1e-9
    if verdict.cause == "within":
        assert verdict.interval.high < verdict.margin
