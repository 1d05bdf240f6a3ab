"""The speed gate."""

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.speed import PairedRound, SpeedTerms, Times, judge_speed, judge_speed_change

TERMS = SpeedTerms(model="polly", reference="base")


def rounds_of(ratios, clips=("a", "b", "c", "d", "e", "f"), process_s=None):
    """One pair for each clip and round; the model takes the round's ratio of the reference's time."""
    return [
        PairedRound(
            clip=clip,
            round=number,
            model=Times(wall_s=ratio * (1 + index), process_s=process_s),
            reference=Times(wall_s=1.0 + index, process_s=process_s),
        )
        for number, ratio in enumerate(ratios)
        for index, clip in enumerate(clips)
    ]


def noisy(ratio, seed, *, clips=12, rounds=7, sd=0.02):
    generator = random.Random(seed)
    return [
        PairedRound(
            clip=str(clip),
            round=number,
            model=Times(wall_s=ratio * generator.lognormvariate(0, sd)),
            reference=Times(wall_s=generator.lognormvariate(0, sd)),
        )
        for number in range(rounds)
        for clip in range(clips)
    ]


def test_by_hand():
    """The ratio is the median over clips of the clip's median, its bounds are order statistics over the clips."""
    found = [
        PairedRound(clip=str(clip), round=number, model=Times(wall_s=ratio), reference=Times(wall_s=1.0))
        for clip, ratios in enumerate([(1, 1, 9), (2, 2, 2), (3, 0.1, 3), (4, 4, 4), (5, 5, 0.2)])
        for number, ratio in enumerate(ratios)
    ]

    verdict = judge_speed(found, replace(TERMS, allowed=6.0))
    assert verdict.ratio == pytest.approx(3)
    assert (verdict.interval.low, verdict.interval.high) == pytest.approx((1, 5))
    assert (verdict.outcome, verdict.unit, verdict.clips, verdict.rounds) == (Outcome.PASS, "clip", 5, 3)


def test_the_noise_by_hand():
    """The noise is what halves of the rounds differ by: each pair of neighbours is parted between them."""
    # Pairs of neighbours: 1.0 and 1.1, then 1.0 and 1.0. The medians of the halves differ by half of log 1.1.
    verdict = judge_speed(rounds_of([1.0, 1.1, 1.0, 1.0]), TERMS)

    assert verdict.noise == pytest.approx(math.sqrt(1.1) - 1)


@pytest.mark.parametrize(
    ("ratios", "clips", "outcome", "cause"),
    [
        ([1.0] * 7, "abcdef", Outcome.PASS, "within"),
        ([0.5] * 7, "abcdef", Outcome.PASS, "within"),
        ([1.2] * 7, "abcdef", Outcome.FAIL, "exceeds"),
        ([1.2] * 7, "ab", Outcome.FAIL, "exceeds"),
        ([1.2] * 3, "abcdef", Outcome.UNDECIDED, "noise unknown"),
        ([1.2, 1.9] * 4, "abcdef", Outcome.UNDECIDED, "noise"),
        ([1.25, 1.45] * 4, "abcdef", Outcome.UNDECIDED, "noise"),
        ([2.0, 2.2] * 4, "abcdef", Outcome.FAIL, "exceeds"),
        ([1.0, 1.3] * 4, "ab", Outcome.UNDECIDED, "open"),
        ([1.2] * 4, "ab", Outcome.UNDECIDED, "few"),
        ([], "", Outcome.UNDECIDED, "nothing"),
    ],
)
def test_outcomes(ratios, clips, outcome, cause):
    """Slower than is allowed fails only by more than the noise, which is known, can explain; else it is open."""
    verdict = judge_speed(rounds_of(ratios, clips), TERMS)

    assert (verdict.outcome, verdict.cause) == (outcome, cause)


def test_few_clips_are_judged_by_their_rounds():
    """With fewer than five clips the interval is over the rounds in which all of them were timed."""
    found = rounds_of([1.0, 1.02, 1.04, 1.06, 1.08, 1.5], "ab")[:-1]

    verdict = judge_speed(found, TERMS)
    assert verdict.unit == "round"
    assert verdict.ratio == pytest.approx(1.04)
    assert (verdict.interval.low, verdict.interval.high) == pytest.approx((1.0, 1.08))


def test_one_slow_round_moves_nothing():
    """A round in which the model took ten times as long leaves the verdict as it is."""
    assert judge_speed(rounds_of([1.0] * 6 + [10.0]), TERMS).ratio == pytest.approx(1.0)


def test_processor_time():
    """On the other clock the other times are judged, and pairs without them are left out."""
    terms = replace(TERMS, clock="process")

    assert judge_speed(rounds_of([1.5] * 7, process_s=1.0), terms).ratio == pytest.approx(1.0)
    for missing in (None, 0.0, math.nan):
        assert judge_speed(rounds_of([1.5] * 7, process_s=missing), terms).cause == "nothing"


def test_an_absolute_ratio():
    """A model may be asked to be faster than the reference by any factor."""
    terms = replace(TERMS, allowed=0.5)

    assert judge_speed(rounds_of([0.4] * 7), terms).outcome is Outcome.PASS
    assert judge_speed(rounds_of([0.6] * 7), terms).outcome is Outcome.FAIL


def test_against_a_baseline():
    """Against another commit the ratio is judged by the ratio there, on the clips of both, never the times."""
    then, now = noisy(2.0, 1), noisy(2.5, 2)
    slow_machine = [
        replace(one, model=Times(wall_s=9 * one.model.wall_s), reference=Times(wall_s=9 * one.reference.wall_s))
        for one in now
    ]

    verdict = judge_speed_change(then, slow_machine[:-12], TERMS)
    assert (verdict.outcome, verdict.against) == (Outcome.FAIL, "baseline")
    assert verdict.ratio == pytest.approx(1.25, abs=0.03)
    assert judge_speed_change(then, noisy(2.0, 3), TERMS).outcome is Outcome.PASS
    assert judge_speed_change(then, noisy(1.5, 3), TERMS).outcome is Outcome.PASS


def test_against_a_baseline_of_few_clips():
    """With fewer than five clips the bounds of both runs are taken together, and without rounds nothing is decided."""
    then, now = rounds_of([1.0, 1.01] * 3, "ab"), rounds_of([1.3, 1.31] * 3, "abz")

    verdict = judge_speed_change(then, now, TERMS)
    assert (verdict.outcome, verdict.unit, verdict.clips) == (Outcome.FAIL, "round", 2)
    assert verdict.interval.low == pytest.approx(1.3 / 1.01)
    assert verdict.interval.high == pytest.approx(1.31)
    assert judge_speed_change(then[:4], now, TERMS).cause == "few"
    assert judge_speed_change(then, rounds_of([1.0] * 7, "xyz"), TERMS).cause == "nothing"


def test_input_that_cannot_be_judged():
    """A clip that is timed twice in one round, and bounds that are no ratios, are refused."""
    with pytest.raises(ValueError, match="the clip 'a' is timed twice in round 0"):
        judge_speed(rounds_of([1.0], "aa"), TERMS)
    for terms in ({"allowed": 0.0}, {"noise_limit": -1.0}, {"allowed": math.nan}):
        with pytest.raises(ValueError, match="are numbers above 0"):
            SpeedTerms(model="a", reference="b", **terms)


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        (
            judge_speed(rounds_of([1.31] * 7), TERMS),
            (
                "polly takes 1.31 times as long as base (at least 1.31, 95% confidence), more than the 1.10 "
                "allowed; noise of this run 0.0%."
            ),
        ),
        (
            judge_speed(rounds_of([0.78] * 7), TERMS),
            (
                "polly takes 0.78 times as long as base (at most 0.78, 95% confidence), within the 1.10 allowed; "
                "noise of this run 0.0%."
            ),
        ),
        (
            judge_speed(rounds_of([1.0, 1.3] * 4, "ab"), TERMS),
            (
                "Too close to tell: polly takes 1.14 times as long as base on these 2 clips (90% CI 1.00 to 1.30), "
                "1.10 allowed; noise of this run 30.0%."
            ),
        ),
        (
            judge_speed(rounds_of([1.2, 1.9] * 4), TERMS),
            (
                "Too noisy to tell: polly takes 1.51 times as long as base (at least 1.51, 95% confidence), more "
                "than the 1.10 allowed. Two halves of the rounds differ by 58.3%; a failure needs less than 5.0%, or "
                "at least 2.76 times as long. Run it again on a quieter machine or with more rounds."
            ),
        ),
        (
            judge_speed(rounds_of([1.2] * 2), TERMS),
            (
                "Too noisy to tell: polly takes 1.20 times as long as base (at least 1.20, 95% confidence), more "
                "than the 1.10 allowed. The noise of this run is unknown: it takes at least 4 rounds of every clip."
            ),
        ),
        (
            judge_speed(rounds_of([1.2] * 2, "a"), TERMS),
            (
                "Too few clips and rounds to tell: polly takes 1.20 times as long as base, 1.10 allowed. At least five "
                "clips or five rounds are needed."
            ),
        ),
        (
            judge_speed([], TERMS),
            "Nothing to compare: no clip was timed against base on this clock.",
        ),
        (
            judge_speed_change(rounds_of([2.0] * 7), rounds_of([2.5] * 7), TERMS),
            (
                "polly takes 1.25 times as long as in the baseline, relative to base (at least 1.25, 95% "
                "confidence), more than the 1.10 allowed; noise of this run 0.0%."
            ),
        ),
        (
            judge_speed(rounds_of([1.0] * 7, process_s=2.0), replace(TERMS, clock="process")),
            (
                "polly takes 1.00 times as long as base, in CPU time (at most 1.00, 95% confidence), within the "
                "1.10 allowed; noise of this run 0.0%."
            ),
        ),
    ],
)
def test_sentences(verdict, sentence):
    """The sentence has the ratio, its bound, what is allowed, the noise, and what could be done."""
    assert verdict.sentence() == sentence


@given(st.integers(0, 10_000), st.floats(0.5, 1.5), st.sampled_from([0.01, 0.3]))
def test_the_other_way_round(seed, ratio, sd):
    """With the models swapped the ratio and its bounds are one over what they were, and the noise is the same."""
    found = noisy(ratio, seed, clips=7, sd=sd)
    one = judge_speed(found, TERMS)
    other = judge_speed([replace(pair, model=pair.reference, reference=pair.model) for pair in found], TERMS)

    assert other.ratio == pytest.approx(1 / one.ratio)
    assert (other.interval.low, other.interval.high) == pytest.approx((1 / one.interval.high, 1 / one.interval.low))
    assert other.noise == pytest.approx(one.noise)


@given(st.integers(0, 10_000), st.floats(0.5, 1.5), st.floats(0.01, 100))
def test_any_order_on_any_machine(seed, ratio, factor):
    """The order of the pairs changes nothing, nor does a machine that is slower for both models."""
    found = noisy(ratio, seed, clips=6)
    shuffled = random.Random(seed).sample(found, len(found))
    scaled = [
        replace(
            one, model=Times(wall_s=factor * one.model.wall_s), reference=Times(wall_s=factor * one.reference.wall_s)
        )
        for one in found
    ]

    verdict = judge_speed(found, TERMS)
    assert judge_speed(shuffled, TERMS) == verdict
    assert judge_speed(scaled, TERMS).ratio == pytest.approx(verdict.ratio)


@given(st.integers(0, 10_000), st.floats(0.3, 1.0), st.sampled_from([0.01, 0.1, 0.5]))
def test_faster_is_never_a_failure(seed, ratio, sd):
    """A model whose median ratio is 1 or less does not fail."""
    verdict = judge_speed(noisy(ratio, seed, clips=8, sd=sd), TERMS)

    assert verdict.ratio > 1 or verdict.outcome is not Outcome.FAIL


@pytest.mark.parametrize("side", ["model", "reference"])
def test_a_clock_that_stood_still(side):
    """A pair of which one took no time that the clock could see says nothing, and spoils nothing."""
    rounds = rounds_of([1.2] * 5)
    none = replace(rounds[0], round=9, **{side: Times(wall_s=0.0)})

    assert judge_speed([*rounds, none], TERMS) == judge_speed(rounds, TERMS)
