"""The accuracy gate's verdicts as a person reads them."""

import io
from dataclasses import replace

import pytest
from paired_clips import POINTS_02, judged, paired

from asrlab_pytest.gates import regression_words as words
from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.regression import Comparison, Margin, judge_accuracy
from asrlab_pytest.gates.result import ClipChange, Finding, GateResult
from asrlab_pytest.report.gate_terminal import write_gates
from asrlab_pytest.report.gates import reasons
from asrlab_pytest.report.markdown import RunReport, markdown
from asrlab_pytest.visible import PlainScreen

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
                "WER rose by 2.1 points, from 5.0% to 7.1% (at least 1.5, 95% confidence), more than the 0.2 "
                "allowed: 30 clips worse, 3 better, 30 the same, sign-flip p 7e-07."
            ),
        ),
        (
            paired([(1, 1, 20)] * 990 + [(1, 2, 20)] * 6 + [(1, 0, 20)] * 4),
            (
                "WER rose by 0.01 points, from 5.00% to 5.01% (at most +0.04, 95% confidence), within the 0.2 "
                "allowed: 6 clips worse, 4 better, 990 the same, sign-flip p 0.38. Clips like these detect a rise of "
                "0.22 points 4 times in 5."
            ),
        ),
        (
            paired([(1, 1, 1000)] * 98 + [(1, 2, 1000)]),
            (
                "WER rose by 0.001 points, from 0.100% to 0.101% (at most +0.003, 95% confidence), within the 0.2 "
                "allowed: 1 clip worse, none better, 98 the same, sign-flip p 0.5. Clips like these detect a rise of "
                "0.2 points 4 times in 5."
            ),
        ),
        (
            paired([(1, 2, 20)] * 3 + [(1, 1, 20)] * 7),
            (
                "Too few clips to tell: WER rose by 1.5 points, from 5.0% to 6.5%, 0.2 allowed: 3 clips worse, none "
                "better, 7 the same, sign-flip p 0.12. Only 3 clips changed: a failure needs 5, because fewer can all "
                "become worse by chance. About 18 clips would settle it."
            ),
        ),
        (
            paired([(1, 2, 20)] * 6 + [(1, 0, 20)] * 3 + [(1, 1, 20)] * 30),
            (
                "Too few clips to tell: WER rose by 0.38 points, from 5.00% to 5.38% (90% CI -0.26 to +1.0), 0.2 "
                "allowed: 6 clips worse, 3 better, 30 the same, sign-flip p 0.25. Clips like these detect a rise of "
                "1.5 points 4 times in 5. About 250 clips would settle it."
            ),
        ),
        (
            paired([(0, 3, 0)] * 2),
            "Nothing to compare: the references of all 2 clips have nothing that WER counts.",
        ),
        ([], "Nothing to compare: no clip has a WER on both sides."),
        (
            paired([(1, 3, 20)]),
            (
                "Too few clips to tell: WER rose by 10.0 points, from 5.0% to 15.0%, 0.2 allowed: 1 clip worse, none "
                "better, 0 the same, sign-flip p 0.5. Only 1 clip changed: a failure needs 5, because fewer can all "
                "become worse by chance. About 5 clips would settle it."
            ),
        ),
        (
            paired([(1, 3, 20)] * 6, group="anna"),
            (
                "WER rose by 10.0 points, from 5.0% to 15.0% (at least 10.0, 95% confidence), more than the 0.2 "
                "allowed: 6 clips worse, none better, 0 the same, sign-flip p 0.016. This holds for this one group of "
                "speakers or sessions, which are too few to generalize from."
            ),
        ),
        (
            GROUPS,
            (
                "WER rose by 5.0 points, from 5.0% to 10.0% (at least 2.9, 95% confidence), more than the 0.2 "
                "allowed: 9 clips worse, none better, 9 the same, sign-flip p 0.002. This holds for these 3 groups of "
                "speakers or sessions, which are too few to generalize from."
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
        "Too close to tell: entity error rate rose by 0.85 points, from 5.00% to 5.85% (90% CI +0.2 to +1.5), 0.2 "
        "allowed: 9 clips worse, 2 better, 30 the same, sign-flip p 0.033. Significant on its own (p 0.033), but not "
        "as one of the 10 comparisons of this run (adjusted p 0.33): run this model alone to decide."
    )


def test_a_sentence_begins_with_a_capital():
    """A sentence that begins with its metric has a capital, and no metric before it once more."""
    (verdict,) = judge_accuracy([Comparison(model="polly", metric="entity error rate", clips=paired([(1, 1, 20)] * 3))])
    finding = Finding(metric=verdict.metric, outcome=verdict.outcome, sentence=words.sentence(verdict))

    assert finding.statement == "Entity error rate is the same on all 3 clips: 5.0%."


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        (0, "An improvement."),
        (1, "Within the +20.0 points allowed."),
    ],
)
def test_a_pass_with_a_worse_clip(now, sentence):
    """A pass in which a clip is worse says whether the figure is better or within what is allowed."""
    clips = paired([(1, now, 10)] * 40 + [(1, 2, 10)])

    assert words.explanation(judged(clips, Margin(absolute=0.2, relative=0.0))) == sentence


def test_what_decides_stands_beside_the_verdict():
    """The figure beside FAIL is one that fails, and one that is undecided says so."""
    rates = (("WER", Outcome.UNDECIDED, "Few changed."), ("CER", Outcome.FAIL, "Too much."))
    findings = (
        Finding(metric=name, outcome=outcome, sentence="", figures=f"{name} 1.0% -> 9.0%", why=why)
        for name, outcome, why in rates
    )
    result = GateResult(kind="accuracy", model="polly", against="polly", findings=tuple(findings))
    screen = io.StringIO()

    write_gates(PlainScreen(screen, 80), [result])

    assert [" ".join(line.split()) for line in screen.getvalue().splitlines()[1:]] == [
        "FAIL polly CER 1.0% -> 9.0%",
        "Too much.",
        "undecided: WER 1.0% -> 9.0%",
        "Few changed.",
    ]


def test_a_new_defect_that_fails_a_gate_comes_first():
    """If no figure fails, the defect that does is named before the figures, of which one may be undecided."""
    doubt = Finding(
        metric="WER", outcome=Outcome.UNDECIDED, sentence="WER rose.", figures="WER 1.0% -> 9.0%", why="Few changed."
    )
    result = GateResult(
        kind="accuracy", model="polly", against="polly", findings=(doubt,), trips=("c0: no text", "c1: no text")
    )
    screen = io.StringIO()

    write_gates(PlainScreen(screen, 80), [result])

    assert [" ".join(line.split()) for line in screen.getvalue().splitlines()[1:]] == [
        "FAIL polly WER 1.0% -> 9.0%",
        "fails because of a new defect: c0: no text",
        "new defect: c1: no text",
        "WER alone is undecided: Few changed.",
    ]
    assert reasons(result) == [
        "fails because of a new defect: c0: no text",
        "new defect: c1: no text",
        "WER rose.",
    ]
    assert "- fails because of a **new defect**: c0: no text\n- **new defect**: c1" in markdown(
        RunReport(gates=[result])
    )


def columns(*models):
    """Where figures and counts begin, with a clip of a long name."""
    finding = Finding(metric="WER", outcome=Outcome.PASS, sentence="", figures="WER 1.0%")
    change = ClipChange(clip="c" * 30, before_errors=0, errors=1, words=2, before_text="", alignment=())
    results = [
        GateResult(kind="accuracy", model=model, against=model, findings=(finding,), worse=(change,))
        for model in models
    ]
    screen = io.StringIO()
    write_gates(PlainScreen(screen, 80), results)
    return {place for line in screen.getvalue().splitlines() for place in (line.find("WER"), line.find("0 -> 1"))} - {
        -1
    }


def test_the_figures_stand_in_one_column():
    """The figures of short and long names, and the counts of clips, begin in the same column."""
    assert columns("polly", "a" * 21) == {33}
    assert columns("polly", "faster-whisper-tiny.en", "faster-whisper-large-v3-turbo") == {34}
