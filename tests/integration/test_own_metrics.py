"""Metrics of a project's own: what a failed assertion shows, and where their figures go."""

import json
import xml.etree.ElementTree as ET

import pytest

METRIC = """
def match_error_rate(score):
    return score.words.errors / max(score.words.hits + score.words.errors, 1)
"""


@pytest.fixture
def misheard(project):
    """A project with a clip that is heard right, and one of whose four words one is heard wrong."""
    project.clip("right", "hello there")
    project.clip("wrong", "we saw the sea", says="we saw a sea")
    return project


def test_a_failed_assertion(misheard):
    """It shows a short form of the score, and the aligned errors of the clip once."""
    misheard.write(
        test_it=METRIC + "def test_it(asr_case):\n    assert match_error_rate(asr_case.score) < 0.1\n"
        "def test_all(asr_corpus):\n    assert match_error_rate(asr_corpus.score) < 0.1\n"
        "def test_row(asr_case):\n    assert asr_case.observation is None\n"
        "def test_rate(asr_case):\n    assert asr_case.wer < 0.1\n"
    )

    result = misheard.run()

    text = result.stdout.str()
    assert "<Score: WER 25.0%, 1 S, 0 D, 0 I>" in text
    assert "<CorpusScore of 2 clips: WER 16.7%, 1 S, 0 D, 0 I>" in text
    assert "<Observation of polly on wrong>" in text
    assert "macro_wer" not in text
    parts = {title: text.partition(f"{title}[polly-wrong] _")[2].partition("\n____")[0] for title in ("it", "rate")}
    assert [part.count("reference:  we saw the sea") for part in parts.values()] == [1, 1]


def test_the_scores_of_a_corpus(misheard):
    """Those of its judged clips are those of the cases: by the project's rules, aligned, with entities."""
    house = '[tool.asrlab.normalizations.house]\nreplacements = { "god" = "goodness" }\n'
    misheard.configure('normalization = "house"', tables=house)
    misheard.clip("house", "my goodness, Anna", says="my god, Hanna", keywords=["Anna"])
    misheard.clip("own", "Good morning", says="good morning", normalization="raw")
    doubt = {"review": {"date": "2026-11-22", "decision": "quarantine", "reason": "two people speak"}}
    misheard.clip("doubtful", "good night", says="good light", **doubt)
    misheard.write(
        test_all="def test_all(asr_corpus):\n"
        "    missed = {clip: [word.reference for word in score.alignment if word.edit != 'hit']\n"
        "              for clip, score in asr_corpus.scores.items()}\n"
        "    assert missed == {'right': [], 'wrong': ['the'], 'house': ['anna'], 'own': []}\n"
        "    assert asr_corpus.score.words.errors == 2\n"
        "def test_case(asr_case, asr_corpus):\n"
        "    assert asr_corpus.scores.get(asr_case.clip.id, asr_case.score) == asr_case.score\n"
        "    assert asr_corpus.scores['house'].entities.lost\n",
    )

    misheard.run().assert_outcomes(passed=6)


def test_the_scores_of_a_spoken_corpus(project):
    """Those of prompts and dialogues are those of their cases."""
    project.configure(models=("coco",), tasks=["tts", "conversation"])
    project.prompt("one", "hello there")
    project.dialogue("one", "hello there")
    project.write(
        test_it="def test_tts(tts_case, tts_corpus):\n"
        "    assert tts_corpus.scores == {tts_case.prompt.id: tts_case.score}\n"
        "def test_conversation(conversation_case, conversation_corpus):\n"
        "    assert conversation_corpus.scores == {conversation_case.dialogue.id: conversation_case.score}\n",
    )

    project.run().assert_outcomes(passed=2)


def test_where_a_figure_goes(misheard):
    """A figure is in the JUnit file from any test, and in the JSON from the test that transcribes the clip."""
    body = "    rate = match_error_rate(asr_case.score)\n    record_property({0!r}, rate)\n    {1}"
    first = body.format("mer", "benchmark.extra_info['mer'] = rate\n")
    misheard.write(
        test_a=f"{METRIC}def test_a(asr_case, benchmark, record_property):\n{first}",
        test_b=f"{METRIC}def test_b(asr_case, benchmark, record_property):\n{first.replace('mer', 'late')}",
    )

    misheard.run("--benchmark-json", "it.json", "--junitxml", "it.xml", "-o", "junit_family=xunit1").assert_outcomes(
        passed=4
    )

    cases = json.loads((misheard.path / "it.json").read_text(encoding="utf-8"))["benchmarks"]
    assert [case["extra_info"].get("mer") for case in cases] == [0, 0.25]
    properties = ET.parse(misheard.path / "it.xml").iterfind(".//testcase//property")
    values = [(each.get("name"), float(each.get("value"))) for each in properties if each.get("name") != "asr"]
    assert {("mer", 0.25), ("late", 0.25)} <= set(values)


def test_where_a_pooled_figure_goes(misheard):
    """A figure over all clips is in the JUnit file alone, and a module beside the evals may have the metric."""
    misheard.write(
        metrics=METRIC,
        test_a="from metrics import match_error_rate\n"
        "def test_a(asr_case, benchmark):\n    asr_case.transcribe()\n"
        "def test_b(asr_corpus, record_property):\n"
        "    record_property('mer', match_error_rate(asr_corpus.score))\n",
    )

    result = misheard.run("--benchmark-json", "it.json", "--junitxml", "it.xml", "-o", "junit_family=xunit1")

    result.assert_outcomes(passed=3)
    cases = json.loads((misheard.path / "it.json").read_text(encoding="utf-8"))["benchmarks"]
    assert [case["name"].partition("[")[0] for case in cases] == ["test_a", "test_a"]
    rates = [
        each.get("value") for each in ET.parse(misheard.path / "it.xml").iter("property") if each.get("name") == "mer"
    ]
    assert [float(rate) for rate in rates] == [pytest.approx(1 / 6)]
