"""A run as one Markdown document: whole whatever was written, and never too long."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.result import ClipChange, Finding, GateResult
from asrlab_pytest.report.annotations import workflow_commands
from asrlab_pytest.report.corpus_summary import corpus_summary
from asrlab_pytest.report.escaping import code, preformatted, prose, visible
from asrlab_pytest.report.markdown import COMMENT_LIMIT, MARKER, SUMMARY_LIMIT, RunReport, markdown, verdict
from asrlab_pytest.report.scorecard import Scorecard, ScorecardRow, scorecard
from asrlab_pytest.report.worst import Worst
from asrlab_pytest.scoring.rows import Rules
from stored_runs import environment_of
from stored_runs import observed as observation

PIPES = 11
TAGS = {
    "<pre>",
    "</pre>",
    "<details>",
    "</details>",
    "<summary>",
    "</summary>",
    "<code>",
    "</code>",
    "<!-- -->",
    MARKER,
}
HOSTILE = [
    "a | b || c",
    "`code` ```fence```",
    "</pre></details><script>alert(1)</script><img src=x onerror=alert(1)>",
    "one\n\n# two\r\n| three |\u2028four\x0b\x0cfive\x85six",
    "&lt; &amp; &#124; \\| \\",
    "*bold* _em_ ~~gone~~ [link](https://example.com) ![image](x) <https://example.com> www.example.com",
    "@someone #12 :tada: $x$ someone@example.com",
    "שלום עולם \u202egnirts\u202c \u2066x",
    "\ud800 \x00 \x1b[31m ::error::no",
    "- list",
    "# heading",
    "12. list",
    "",
    "   ",
]
anything = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(), max_size=60))


def change(text="the cat sat", clip="clip", errors=2, before=0):
    words = text.split() or [""]
    return ClipChange(
        clip=clip,
        before_errors=before,
        errors=errors,
        words=len(words),
        before_text=text,
        alignment=tuple(("substitution", word, f"{word}s") for word in words),
    )


def gate(outcome=Outcome.FAIL, model="polly", against="polly", **keys):
    return GateResult(
        kind="accuracy",
        model=model,
        against=against,
        findings=(Finding(metric="WER", outcome=outcome, sentence="WER rose by 2.0 points."),),
        **keys,
    )


def row(model="polly", status="ready", reason="", hint=""):
    return ScorecardRow(
        model=model,
        status=status,
        reason=reason,
        hint=hint,
        load_s=None,
        warmup_s=None,
        unread=(),
        self_check="",
        figures=None,
    )


def card(*rows):
    return Scorecard(rows=rows, corpus="clips", reference=None, unlike=(), summary=corpus_summary({}), worst=Worst())


def table(document):
    return [line for line in document.splitlines() if line.startswith("| ")]


def test_the_whole():
    """The document has the marker, the verdict, the table, each gate with its clips, and its origin, in order."""
    report = RunReport(
        gates=[gate(worse=(change(),), better=(change("much better", "c2", 0, 1),), trips=("c3: nothing",))],
        card=card(row("kea", "weights missing", "no file", "asrlab pull kea")),
        environment=environment_of(
            git={"commit": "c0ffee" * 6, "dirty": True},
            cpu="a processor",
            os="",
            protocols={"normalization": ["asrlab-norm/1.0+en#1"], "entities": []},
        ),
        failed={"test_accuracy.py::test_accuracy[kea-c1]": "WER 60.0% > 50.0%"},
        troubles=["threshold never checked: wer\n  hint: remove it"],
        warnings=["too few"],
        remarks=["a remark"],
        link="https://example.com/run",
    )
    found = markdown(report)

    assert found.startswith(f"{MARKER}\n## ❌ asrlab: FAIL\n\n**1 gate failed (accuracy of <code>polly</code>); 1 test")
    parts = [
        "### Failed tests",
        "### Why the run is not green\n\n- threshold never checked: wer (hint: remove it)",
        "### Warnings\n\n- too few",
        "### Scorecard",
        "| model | clips | WER (95% CI) |",
        "| <code>kea</code> | - |",
        "- <code>kea</code>: no file; hint: <code>",
        "### ❌ FAIL: accuracy of <code>polly</code> against its baseline",
        "- WER rose by 2.0 points.",
        "- **new defect**: c3: nothing",
        "<details>\n<summary>1 clip worse: before, reference and now</summary>\n\n<pre>\nworse: clip: 2 word errors",
        "before (as written): the cat sat",
        "reference:  the  cat",
        "<summary>1 clip better",
        "### Remarks\n\n- a remark",
        "commit <code>c0ffeec0ffee</code> with changes; a processor; CPython 3.13.0; torch 2.9; normalization ",
        "<code>asrlab-norm",
        "[the run](https://example.com/run)",
    ]
    places = [found.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)


def test_a_measured_model():
    """The table has the figures of a model that ran, each in its column."""
    document = markdown(RunReport(card=scorecard([observation()], {}, rules=Rules(), corpus="clips")))

    head, _, figures = table(document)
    cells = dict(zip(head.split(" | "), figures.split(" | "), strict=True))
    assert cells["| model"] == "| <code>polly</code>"
    assert cells["WER (95% CI)"] == "0.0%"
    assert cells["p50 / p95 ms"] == "1000 / 1000"
    assert cells["RTF"] == "0.500"
    assert cells["status |"] == "recorded |"


@pytest.mark.parametrize(
    ("keys", "outcome"),
    [
        ({}, Outcome.PASS),
        ({"gates": [gate(Outcome.PASS)]}, Outcome.PASS),
        ({"gates": [gate(Outcome.PASS), gate(Outcome.UNDECIDED)]}, Outcome.UNDECIDED),
        ({"gates": [gate(Outcome.UNDECIDED), gate(Outcome.FAIL)]}, Outcome.FAIL),
        ({"gates": [gate(Outcome.PASS)], "failed": {"test": "why"}}, Outcome.FAIL),
        ({"troubles": ["2 tests were lost"]}, Outcome.FAIL),
    ],
)
def test_the_verdict(keys, outcome):
    """The run passes only if every gate, every test and the run itself did."""
    report = RunReport(**keys)

    assert verdict(report) is outcome
    assert f"asrlab: {outcome.value.upper()}\n" in markdown(report)


def hostile_report(text):
    result = gate(
        Outcome.FAIL,
        text,
        text,
        trips=(text,),
        remarks=(text,),
        worse=(change(text, text),),
        better=(change(text, text, 0, 2),),
    )
    return RunReport(
        gates=[result],
        card=card(row(text, "broken", text, text)),
        environment=environment_of(
            git={"commit": text, "dirty": False}, cpu=text, packages={text: text}, protocols={text: [text]}
        ),
        failed={text: text},
        troubles=[text],
        warnings=[text],
        remarks=[text],
    )


@given(anything)
def test_no_text_breaks_the_document(text):
    """Whatever a model, a clip or a machine is called and wrote, the table keeps its cells and every tag is our own."""
    found = markdown(hostile_report(text))

    found.encode()
    assert {line.count("|") for line in table(found)} == {PIPES}
    outside = re.sub(r"<pre>.*?</pre>", "", found, flags=re.DOTALL)
    assert sum(line.count("|") for line in outside.splitlines()) == PIPES * 3
    tags = set(re.findall(r"<[^>]*>", found))
    assert tags <= TAGS | {'<code dir="auto">'}
    for tag in ("pre", "details", "summary", "code"):
        assert len(re.findall(f"<{tag}[ >]", found)) == found.count(f"</{tag}>")
    plain = markdown(hostile_report("plain"))
    assert len(found.splitlines()) <= len(plain.splitlines()) + 2 * 24


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_lost_in_escaping(text):
    """What a person reads in the document is what was written, with what cannot be seen made visible."""
    import html

    shown = re.sub(r"<!-- -->", "", prose(text))
    assert html.unescape(shown) == visible(text).strip()
    assert html.unescape(re.fullmatch(r"<code[^>]*>(.*)</code>", code(text))[1]) == visible(text)
    assert html.unescape(preformatted([text])) == f"<pre>\n{visible(text)}\n</pre>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\r\nc", "a↵b↵c"),
        ("\u202eabc", "U+202Eabc"),
        ("\x1b[31m", "U+001B[31m"),
        ("\ud800", "U+D800"),
        ("क्\u200dष", "क्\u200dष"),
    ],
)
def test_what_cannot_be_seen(text, shown):
    """Line breaks, controls and turned directions are shown; a joiner that a script needs stays."""
    assert visible(text) == shown


@pytest.mark.parametrize("limit", [COMMENT_LIMIT, SUMMARY_LIMIT])
def test_too_many_clips(limit):
    """Thousands of clips stay within the limit: those that lost most are shown, the others counted."""
    worse = tuple(change(f"word{number} " * 30, f"clip{number}") for number in range(5000))
    found = markdown(RunReport(gates=[gate(worse=worse), gate(model="kea", worse=worse[:1])]), limit)

    assert limit * 0.9 < len(found.encode()) <= limit < 2**20
    assert found.count("<details>") == found.count("</details>") == 2
    shown = found.count("worse: clip") - 1
    assert f"{5000 - shown} more clips worse, left out here to stay within the size limit." in found
    assert f"clip{shown - 1}:" in found
    assert f"clip{shown}:" not in found


@pytest.mark.parametrize("limit", [2_000, COMMENT_LIMIT])
def test_too_long_without_a_clip(limit):
    """A document that is too long without clips ends at the end of a line, within the limit, and says so."""
    long = "é" * 5000
    models = [row(f"{long}{number}", "broken", long, long) for number in range(500)]
    found = markdown(RunReport(card=card(*models), gates=[gate(trips=(long,) * 200, worse=(change(),))]), limit)

    assert len(found.encode()) <= limit
    assert found.endswith("The rest was left out to stay within the size limit.\n")
    assert {line.count("|") for line in table(found)} <= {PIPES}


def test_one_clip_that_ran_away():
    """A text without end is cut, so that it does not take the room of the others."""
    found = markdown(RunReport(gates=[gate(worse=(change("so " * 100_000, "runaway"), change(clip="other")))]))

    assert "more lines" in found
    assert "worse: other" in found


def test_annotations():
    """Failures are errors and undecided gates warnings, with GitHub's escapes, ten of each at most."""
    report = RunReport(
        gates=[gate(trips=("a: 50%,\nb",)), gate(Outcome.UNDECIDED, "kea"), gate(Outcome.PASS, "lora")],
        failed={"test_it.py::test_it": "why", "test_gate": "WER rose by 2.0 points."},
        troubles=["lost: 1"],
    )

    assert workflow_commands(report) == [
        "::error title=FAIL accuracy of polly against its baseline::WER rose by 2.0 points.%0Anew defect: a: 50%25,↵b",
        "::error title=asrlab::lost: 1",
        "::error title=test_it.py%3A%3Atest_it::why",
        "::warning title=UNDECIDED accuracy of kea against polly in the baseline::WER rose by 2.0 points.",
    ]
    assert workflow_commands(report, undecided_fails=True)[1].startswith("::error title=UNDECIDED")


def test_secrets_in_annotations():
    """No annotation shows a token, in its title or in its message."""
    token = "hf_Abc123def456Ghi789jkl"
    report = RunReport(failed={f"test[{token}]": f"the server said {token}"}, troubles=[f"--token {token}"])

    assert workflow_commands(report) == [
        "::error title=asrlab::--token ***",
        "::error title=test[hf_***]::the server said hf_***",
    ]


@pytest.mark.parametrize(("count", "last"), [(10, "::error title=t9::why"), (11, "::error title=asrlab::2 more")])
def test_many_annotations(count, last):
    """More failures than GitHub shows are counted in the last annotation."""
    found = workflow_commands(RunReport(failed={f"t{number}": "why" for number in range(count)}))

    assert len(found) == 10
    assert found[-1] == last
