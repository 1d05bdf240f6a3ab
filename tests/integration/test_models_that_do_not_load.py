"""A model that does not load fails the run for that reason, with every clip that it should have transcribed."""

from pathlib import Path

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.records.reading import read_run

DEAD = '[tool.asrlab.models.lora]\nengine = "parrot"\nweights = "rotten"\n'
CORPUS = "def test_corpus(asr_corpus):\n    asr_corpus.check('wer')"


@pytest.fixture
def dead(project):
    """Three clips and a model, lora, that does not load."""
    for number in range(3):
        project.clip(f"c{number}", f"we saw {number} ships")
    project.configure('model = ["polly", "lora"]', tables=DEAD)
    return project


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_every_clip_of_it_failed(dead, monkeypatch, capsys, workers):
    """Scorecard, record, report and JSON count all of its clips as failed, and none calls the run unfinished."""
    dead.write(test_corpus=CORPUS)

    result = dead.run(*workers, "--asr-record", "run.jsonl", "--asr-report", "live.html")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["no result *lora: 3 clips (c0, c1*"])
    assert "did not finish" not in (dead.path / "live.html").read_text(encoding="utf-8")
    monkeypatch.chdir(dead.path)
    failures = read_run(Path("run.jsonl")).failures
    assert [(line.model, line.clip) for line in failures] == [("lora", f"c{number}") for number in range(3)]
    assert main(["record", "validate", "run.jsonl"]) == 1
    assert "3 observations of 1 model, incomplete, 3 cases failed" in capsys.readouterr().out
    assert main(["report", "run.jsonl"]) == 0
    output = capsys.readouterr()
    assert "lora: 3 clips" in output.out
    assert "did not finish" not in output.out + output.err


@pytest.mark.parametrize("fixture", ["asr_case", "asr_corpus"])
def test_the_cause_comes_before_a_missing_threshold(dead, fixture):
    """A check without a threshold names the model that does not load, and of one that works the threshold."""
    dead.is_lenient = False
    dead.write(test_it=f"def test_it({fixture}): {fixture}.check('cer')")

    result = dead.run("--asr-record", "run.jsonl")

    result.stdout.fnmatch_lines(
        ["check: no threshold for cer for polly*", "the parrot is dead", "no result *lora: 3 clips*"]
    )
    result.stdout.no_fnmatch_line("*no threshold for cer for lora*")


def test_a_misspelled_metric_asks_no_model(dead):
    """A metric that does not exist fails the check before any model works."""
    dead.is_lenient = False
    dead.write(test_it="def test_it(asr_case): asr_case.check('war')")

    dead.run().stdout.fnmatch_lines(["check: *'war'*"])
    assert dead.heard() == []


def test_no_scorecard_of_nothing(dead):
    """A run in which no model transcribed anything has no scorecard, and its failure says why."""
    dead.configure('model = ["polly"]')
    dead.write(test_it="def test_it(asr_case): asr_case.check('wer', 'war')")

    result = dead.run()

    result.stdout.no_fnmatch_line("*asrlab scorecard*")
    result.stdout.no_fnmatch_line("more *")


def test_a_test_that_asks_no_model(project, monkeypatch, capsys):
    """Cases whose tests asked no model have no result, in a run that finished."""
    project.clip("c0", "we saw ships")
    project.clip("c1", "we saw the sea")
    project.write(test_it="def test_it(asr_case):\n    if asr_case.clip.id == 'c0': asr_case.check('wer')")
    project.run("--asr-record", "run.jsonl")
    monkeypatch.chdir(project.path)

    assert [main(["record", "validate", "run.jsonl"]), main(["report", "run.jsonl"])] == [1, 1]

    output = capsys.readouterr()
    assert "1 observation of 1 model, no result of 1 of 2 planned cases" in output.out
    assert "run.jsonl has 1 of 2 planned cases: it finished without a result of the others" in output.err
