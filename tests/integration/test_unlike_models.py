"""Models that are meant for some of the clips only, or are not ready, in one run; and a run without some clips."""

import re
import xml.etree.ElementTree as ET

import pytest

from asrlab_pytest.cli import main

TABLES = """
[tool.asrlab.models.onlyen]
engine = "parrot"
weights = "here"
languages = ["en"]
[tool.asrlab.models.gone-one]
engine = "parrot"
weights = "nowhere"
[tool.asrlab.models.gone-two]
engine = "parrot"
weights = "nowhere"
[tool.asrlab.corpus_thresholds]
wer = 0.1
"""
MODELS = ("--asr-model", "polly", "--asr-model", "onlyen", "--asr-model", "gone-*")


@pytest.fixture(scope="module")
def unlike(fresh_project):
    """A run of a model for all four clips, one for the two English ones, and two that are not ready."""
    with fresh_project("unlike") as project:
        project.clip("one", "hello there")
        project.clip("two", "we saw the sea", says="we saw a sea")
        project.clip("drei", "guten Tag", language="de")
        project.clip("vier", "gute Nacht", language="de")
        project.configure(tables=TABLES)
        project.evals("accuracy", "corpus")
        outputs = ("--junitxml=junit.xml", "--asr-markdown=run.md", "--asr-record=run.jsonl")
        yield project, project.run("-rs", *MODELS, *outputs)


@pytest.fixture(autouse=True)
def folder(unlike, monkeypatch):
    monkeypatch.chdir(unlike[0].path)


def test_rows_of_other_clips(unlike):
    """The row of a model that transcribed only some of the clips is marked on every scorecard, with how many."""
    project, result = unlike
    lines = ["polly * 10.0%  *", "onlyen * 16.7%[*] *", "[*] clips    onlyen: 2 of the 4 clips (none in de)"]

    result.stdout.fnmatch_lines(lines)
    project.report().fnmatch_lines(lines)
    document = (project.path / "run.md").read_text()
    assert "\n- \\* onlyen: 2 of the 4 clips (none in de)\n" in document
    assert re.search(r"^\| <code>polly</code> \| 4 \| 10\.0% ", document, re.MULTILINE)
    assert re.search(r"^\| <code>onlyen</code> \| 2 \| 16\.7%\\\* ", document, re.MULTILINE)


def test_models_that_are_not_ready(unlike):
    """A model that a glob chose and that is not ready is skipped once for each test function, in one line."""
    _, result = unlike

    assert result.parseoutcomes()["skipped"] == 4
    result.stdout.fnmatch_lines(["SKIPPED [[]2] *gone-one: weights missing*", "SKIPPED [[]2] *gone-two: *"])


def test_one_case_of_a_model_that_is_not_ready(unlike):
    """A case that is chosen by its node id or by -k is also skipped, whichever case of the model it is."""
    project, _ = unlike

    named = project.run(*MODELS, "test_accuracy.py::test_accuracy[gone-two-vier]", "-rs")
    by_words = project.run(*MODELS, "-k", "two-drei or two-vier")

    named.stdout.fnmatch_lines(["SKIPPED [[]1] *gone-two: weights missing*"])
    assert by_words.parseoutcomes()["skipped"] == 1


@pytest.mark.parametrize("workers", [(), ("-n1",)], ids=["one process", "xdist"])
def test_junit_has_pooled_figures(unlike, workers):
    """The JUnit test case of pooled figures has their WER, CER and RTF, passed or failed, also under xdist."""
    project, _ = unlike
    if workers:
        project.run(*MODELS, "--junitxml=junit.xml", *workers)
    cases = {
        case.get("name"): {each.get("name"): float(each.get("value")) for each in case.iter("property")}
        for case in ET.parse(project.path / "junit.xml").iter("testcase")
    }

    pooled = {model: cases[f"test_corpus[{model}]"] for model in ("polly", "onlyen")}
    assert [(model, figures["wer"]) for model, figures in pooled.items()] == [("polly", 0.1), ("onlyen", 0.1667)]
    assert all({*figures} == {"wer", "cer", "rtf"} and figures["rtf"] > 0 for figures in pooled.values())
    assert cases["test_corpus[gone-one]"] == {}
    assert cases["test_accuracy[polly-two]"]["wer"] == 0.25


def test_a_record_that_lacks_clips(unlike, capsys):
    """The scorecard of a merged record, and of a run that scores it, say how many of the clips it covers."""
    project, _ = unlike
    for part in "12":
        project.run("test_accuracy.py", f"--asr-shard={part}/4", f"--asr-record=part-{part}.jsonl")
    assert main(["merge", "part-1.jsonl", "part-2.jsonl", "-o", "some.jsonl"]) == 1
    scored = project.run("--asr-rescore=some.jsonl", "test_accuracy.py")
    capsys.readouterr()
    assert main(["report", "some.jsonl"]) == 1

    missing = ["incomplete no shard 3/4, 4/4", "*3 of 4 clips of clips: no part planned the others"]
    pytest.LineMatcher(capsys.readouterr().out.splitlines()).fnmatch_lines(missing)
    scored.stdout.fnmatch_lines(missing)
