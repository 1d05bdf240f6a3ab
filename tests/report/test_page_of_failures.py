"""The reasons why a run is not green, and the gates, on the HTML page."""

import re
from dataclasses import replace

import pytest

from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.result import ClipChange, Finding, GateResult
from asrlab_pytest.report.clips import Observed
from asrlab_pytest.report.html.page import Contents, page
from asrlab_pytest.report.html.troubles import troubles_of
from asrlab_pytest.report.markdown import RunReport, markdown
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.scorer import Scorer

FINDING = Finding(metric="WER", outcome=Outcome.FAIL, sentence="rose")


def gate(kind="accuracy", model="kea", against="kea", compared=3):
    return GateResult(kind=kind, model=model, against=against, compared=compared, findings=(FINDING,))


def made(**keys):
    return page(
        Contents(title="report", report=RunReport(**keys), observed=Observed(observations=()), scorer=Scorer(Rules()))
    )


def failures(model, number):
    return {f"test_accuracy[{model}-clip{place}]": "WER 60.0% > 50.0%" for place in range(number)}


def test_few_lines_are_shown():
    """At most eight reasons are shown, some of every model, and the rest on demand; none is lost."""
    failed = {**failures("kea", 20), **failures("polly", 1), **failures("kea-large", 3)}
    report = RunReport(
        failed=failed,
        troubles=["it fell\n  hint: catch it"],
        gates=[gate(), gate(model="kea-large"), gate(model="polly")],
    )

    troubles = troubles_of(report)

    assert [(group.model, len(group.lines)) for group in troubles.shown] == [
        ("", 1),
        ("kea", 3),
        ("polly", 1),
        ("kea-large", 3),
    ]
    assert troubles.more == 17
    lines = [line for group in (*troubles.shown, *troubles.hidden) for line in group.lines]
    assert sorted(lines) == sorted(["it fell (hint: catch it)", *(f"{test}: {why}" for test, why in failed.items())])
    assert troubles_of(RunReport()) is None


def test_silent_clips_are_counted_apart():
    """The number of clips that became worse says how many of them are silent, which no WER counts, on both pages."""
    changes = [
        ClipChange(clip=f"p{words}", before_errors=0, errors=1, words=words, before_text="", alignment=())
        for words in (0, 2)
    ]
    report = RunReport(gates=[replace(gate(), noun="prompt", worse=tuple(changes), better=tuple(changes[1:]))])

    for shown in (made(gates=report.gates), markdown(report)):
        titles = re.findall(r"<summary>(\d prompt[^<:]*)", shown)
        assert titles == ["2 prompts worse, 1 of them silent", "1 prompt better"]


def test_long_texts_of_changed_clips_are_cut():
    """Of very long words and texts, a changed clip shows the beginning."""
    words = " ".join(["w" * 3000] + ["so"] * 500)
    change = ClipChange(clip="c", before_errors=0, errors=1, words=1, before_text=words, alignment=(), text=words)

    shown = made(gates=[replace(gate(), worse=(change,))])

    assert len(made(gates=[gate()])) < len(shown) < len(made(gates=[gate()])) + 4_000
    assert shown.count("so …") == 2


def test_the_rest_is_closed():
    """Lines beyond those that are shown are in the page, in a part that is closed."""
    shown = made(failed=failures("kea", 12), gates=[gate()])

    assert re.search(r"<details><summary>and 4 more</summary>\s*<dl[^>]*><dt[^>]*>kea</dt>", shown)
    assert shown.count("60.0% &gt; 50.0%") == 12
    assert "more</summary>" not in made(failed=failures("kea", 8), gates=[gate()])


def test_gates_come_first():
    """Gates that did not pass come first, failures before others, and a gate's test before cases."""
    fell = Finding(metric="WER", outcome=Outcome.FAIL, sentence="rose", figures="WER 1.0% -> 9.0%")
    unsure = Finding(metric="WER", outcome=Outcome.UNDECIDED, sentence="may have risen")
    gates = [
        GateResult(kind="accuracy", model=model, against=model, compared=3, findings=(finding,))
        for model, finding in [("polly", unsure), ("kea", fell)]
    ]
    failed = {**failures("kea", 3), "test_regression[kea]": "WER 1.0% -> 9.0%"}
    shown = made(failed=failed, gates=gates)
    first = shown[shown.index("<main>") : shown.index('id="gates"')]

    lines = [re.sub("<[^>]*>", "", line) for line in re.findall(r"<p dir=.auto.>(.*?)</p>", first)]
    assert lines[:3] == [
        "FAIL accuracy of kea: WER 1.0% -&gt; 9.0%",
        "UNDECIDED accuracy of polly: WER: may have risen",
        "test_regression[kea]: WER 1.0% -&gt; 9.0%",
    ]


def test_characters_look_as_in_ids():
    """What pytest escapes in the id of a test is shown as in the id of its clip; a backslash of a name stays."""
    troubles = troubles_of(RunReport(failed={r"a\x1b.py::test[kea-\u202ex\x07\r\n\x41\xe9]": "it fell"}))

    assert troubles.shown[0].lines == (r"a\x1b.py::test[kea-U+202ExU+0007↵\x41\xe9]: it fell",)


@pytest.mark.parametrize(
    ("result", "title", "section"),
    [
        (gate(), "accuracy of kea against its baseline", "Since the baseline"),
        (gate(against="polly"), "accuracy of kea against polly in the baseline", "Since the baseline"),
        (gate(against="nothing", compared=0), "accuracy of kea against nothing", "Gates"),
        (gate("speed", against="polly"), "speed of kea against polly", "Gates"),
        (gate("memory", against="the baseline b.jsonl"), "memory of kea against the baseline b.jsonl", "Since the"),
    ],
    ids=["own", "other", "none", "speed", "memory"],
)
def test_names_of_gates(result, title, section):
    """A gate says what a model was compared with, and only if that is a baseline does its section's name say so."""
    shown = made(gates=[result])

    assert f"</span> {title}</h3>" in shown
    assert f"<h2>{section}" in shown
    assert shown.count("Since the baseline") in (0, 3)
