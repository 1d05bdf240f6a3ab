"""All models of a run judged by one function, which gate, command and scorecard share."""

import io
from dataclasses import replace

import pytest

from asrlab_pytest.gates import regression_words as words
from asrlab_pytest.gates.accuracy import AccuracyTerms, judge_models, judge_run
from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.pairing import ENTITIES, pair
from asrlab_pytest.gates.regression import Margin
from asrlab_pytest.report.gate_terminal import write_gates
from asrlab_pytest.report.scorecard import scorecard
from asrlab_pytest.scoring.entities import score_entity_rows
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.settings import GateSettings
from asrlab_pytest.visible import PlainScreen
from stored_runs import observed

SAID = "she opened the door and walked into the garden"
ONE_WRONG = "she opened the door and walked into the house"
RULES = Rules()


def rows_of(model, texts, groups=1):
    return [
        observed(model, f"c{number}", reference=SAID, hypothesis=text, group=f"g{number % groups}")
        for number, text in enumerate(texts)
    ]


def pairing(model, before, now, groups=1):
    return pair(
        model,
        "base",
        rows_of(model, now, groups),
        {one.clip: one for one in rows_of("base", before, groups)},
        RULES,
    )


CASES = {
    "worse": ([SAID] * 20, [SAID] * 10 + [ONE_WRONG] * 10),
    "better": ([SAID] * 10 + [ONE_WRONG] * 10, [SAID] * 20),
    "unclear": ([SAID] * 20, [SAID] * 17 + [ONE_WRONG] * 3),
    "same": ([SAID] * 500, [SAID] * 499 + [ONE_WRONG]),
    "identical": ([SAID] * 20, [SAID] * 20),
}
WORDS = {
    "worse": "worse than base by",
    "better": "better than base by",
    "unclear": "too few to be sure",
    "same": "no measurable difference from base",
    "identical": "same text as base in 20 of 20 clips",
}


@pytest.mark.parametrize("groups", [1, 4, 10])
@pytest.mark.parametrize("case", CASES)
def test_the_scorecard_says_what_the_gate_says(case, groups):
    """The scorecard calls a model less accurate exactly where the gate fails it, and more where it fails the other."""
    before, now = CASES[case]
    card = scorecard(
        [*rows_of("base", before, groups), *rows_of("kea", now, groups)],
        {},
        rules=RULES,
        corpus="clips",
        reference="base",
    )

    sentence = card.rows[1].figures.standing.accuracy_sentence()
    (forward,), (backward,) = (
        judge_run([pairing("kea", *sides, groups)], AccuracyTerms()) for sides in ((before, now), (now, before))
    )
    assert WORDS[case] in sentence
    assert ("worse than" in sentence) == (forward.outcome is Outcome.FAIL)
    assert ("better than" in sentence) == (backward.outcome is Outcome.FAIL)
    assert ("too few" in sentence) == (Outcome.UNDECIDED in {forward.outcome, backward.outcome})


@pytest.mark.parametrize(("clips", "common"), [(20, ""), (12, ", on the 12 clips that both transcribed")])
def test_the_clips_of_both(clips, common):
    """Where two models were heard on unlike clips, the comparison says on which: their rows are of all of theirs."""
    rows = [*rows_of("base", [SAID] * 20), *rows_of("kea", [SAID] * clips)]

    card = scorecard(rows, {}, rules=RULES, corpus="clips", reference="base")

    assert card.rows[1].figures.standing.accuracy_sentence() == f"same text as base in {clips} of {clips} clips{common}"


def test_the_scorecard_takes_the_margin_of_the_project():
    """The project's margin is the scorecard's too, and its models are one family."""
    before, now = CASES["worse"]
    rows = [*rows_of("base", before), *rows_of("kea", now)]

    wide = scorecard(rows, {}, rules=RULES, corpus="clips", reference="base", gates=GateSettings(absolute=0.5))
    assert "no measurable difference" in wide.rows[1].figures.standing.accuracy_sentence()
    near = [SAID] * 14 + [ONE_WRONG] * 6
    family = [*rows_of("base", [SAID] * 20), *(one for name in "abcdefgh" for one in rows_of(name, near))]
    alone = scorecard([*family[:40]], {}, rules=RULES, corpus="clips", reference="base")
    together = scorecard(family, {}, rules=RULES, corpus="clips", reference="base")
    assert "worse than" in alone.rows[1].figures.standing.accuracy_sentence()
    assert "too few to be sure" in together.rows[1].figures.standing.accuracy_sentence()


def test_entities_that_were_invented():
    """Entities invented in clips that have none enter the gate as they enter the corpus's entity error rate."""
    invented = f"{SAID} for 7 dollars"
    now = [
        *rows_of("kea", [SAID] * 10 + [invented] * 10),
        *(
            observed("kea", f"e{number}", reference="it costs 9 dollars", hypothesis="it costs 9 dollars")
            for number in range(5)
        ),
    ]
    before = {one.clip: replace(one, hypothesis=one.reference) for one in now}

    (verdict,) = judge_run([pair("kea", "base", now, before, RULES)], AccuracyTerms())
    (entities,) = (one for one in verdict.metrics if one.metric == ENTITIES)
    assert entities.outcome is Outcome.FAIL
    assert entities.rate == score_entity_rows(now, RULES.entities).error_rate == 2.0
    assert (entities.clips, entities.worse) == (15, 10)


def test_tripwires_and_metrics_make_one_outcome():
    """A new defect fails a model whose rates pass, and a model that shares no clip is undecided."""
    emptied = pairing("kea", [SAID] * 2000, [SAID] * 1999 + [""])
    nothing = pairing("lory", [], [])

    first, second = judge_run([emptied, nothing], AccuracyTerms())
    assert (first.metrics[0].outcome, first.outcome, len(first.trips)) == (Outcome.PASS, Outcome.FAIL, 1)
    assert (second.metrics, second.outcome) == ((), Outcome.UNDECIDED)
    told = judge_models([emptied, nothing], AccuracyTerms())
    assert [one.outcome for one in told.values()] == [Outcome.FAIL, Outcome.UNDECIDED]


def test_a_model_that_fails_alone():
    """A model that fails by itself and not in its company is named, with what to do."""
    near = pairing("kea", [SAID] * 20, [SAID] * 14 + [ONE_WRONG] * 6)
    mixed = ([ONE_WRONG] * 5 + [SAID] * 15, [SAID] * 15 + [ONE_WRONG] * 5)
    others = [pairing(str(number), *mixed) for number in range(9)]

    assert judge_run([near], AccuracyTerms())[0].outcome is Outcome.FAIL
    verdict = judge_run([near, *others], AccuracyTerms())[0]
    assert verdict.outcome is Outcome.UNDECIDED
    assert "Significant on its own (p 0.016)" in words.sentence(verdict.metrics[0])
    assert "run this model alone to decide" in words.sentence(verdict.metrics[0])


def test_the_rule_of_a_project():
    """The project's settings say the margin, the rise of a clip's CER, and what a pass means."""
    terms = AccuracyTerms.of(GateSettings(gate="noninferior", absolute=0.01, relative=0.2, cer_rise=0.7))

    assert terms == AccuracyTerms(margin=Margin(absolute=0.01, relative=0.2), cer_rise=0.7, rule="noninferior")
    few = pairing("kea", [SAID] * 9 + [ONE_WRONG], [ONE_WRONG] + [SAID] * 9)
    assert judge_run([few], AccuracyTerms())[0].outcome is Outcome.PASS
    assert judge_run([few], terms)[0].outcome is Outcome.UNDECIDED


def test_two_rates_of_a_single_model():
    """A model that runs alone, and whose WER and entity error rate are two comparisons, is not told to run alone."""
    said = [f"the answer is {number}" for number in range(21, 41)]
    wrong = [f"the answer is {number + 50}" for number in range(21, 26)] + said[5:]
    now, before = (
        [observed("kea", f"c{number}", reference=said[number], hypothesis=text) for number, text in enumerate(texts)]
        for texts in (wrong, said)
    )

    found = judge_models([pair("kea", "kea", now, {one.clip: one for one in before}, RULES)], AccuracyTerms())["kea"]

    assert [one.outcome for one in found.findings] == [Outcome.UNDECIDED] * 2
    for text in (text for one in found.findings for text in (one.sentence, one.why)):
        assert "comparisons of this run, because too few clips changed: more clips would decide." in text


def test_clips_with_more_wrong_entities():
    """The verdict on entities names the clips that have more wrong ones, for the gate's lists are of words."""
    said, wrong = "call 911 now please", "call 912 now please"
    now = [
        observed("kea", f"c{number}", reference=said, hypothesis=wrong if number == 3 else said) for number in range(9)
    ]
    before = {f"c{number}": observed("kea", f"c{number}", reference=said, hypothesis="call 911") for number in range(9)}

    result = judge_models([pair("kea", "kea", now, before, RULES)], AccuracyTerms())["kea"]
    screen = io.StringIO()
    write_gates(PlainScreen(screen, 80), [result])

    lines = [line.strip() for line in screen.getvalue().splitlines()]
    assert result.findings[1].why.endswith(" More wrong entities in c3.")
    assert "WER 50.0% -> 2.8%   0 clips worse, 9 better" in lines
