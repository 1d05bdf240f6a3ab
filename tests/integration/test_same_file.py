"""What is compared with itself or not there at all is not a pass."""

import shutil

import pytest

from asrlab_pytest.cli import main


@pytest.fixture
def recorded(project):
    """A record of two clips by one model, and a project that names another model, too."""
    project.clip("eins", "hello there")
    project.clip("zwei", "good morning")
    project.evals("accuracy")
    assert project.run("--asr-record", "run.jsonl").ret == 0
    project.configure(models=("polly", "kea"))
    return project


def test_a_record_and_itself(recorded, monkeypatch, capsys):
    """One file on both sides is refused, by whatever name; a copy is not."""
    (recorded.path / "link.jsonl").symlink_to("run.jsonl")
    shutil.copy(recorded.path / "run.jsonl", recorded.path / "copy.jsonl")
    monkeypatch.chdir(recorded.path)

    assert main(["compare", "run.jsonl", "link.jsonl"]) == 2
    assert "run.jsonl and link.jsonl are the same file" in capsys.readouterr().err
    assert main(["compare", "run.jsonl", "copy.jsonl"]) == 0

    result = recorded.run("--asr-rescore", "run.jsonl", "--asr-baseline", "link.jsonl")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *link.jsonl is the record that is scored and the baseline: *"])


def test_a_model_without_a_transcript(recorded):
    """A model that the project names and the record does not have fails the run, unless the record may lack it."""
    result = recorded.run("--asr-rescore", "run.jsonl")
    accepted = recorded.run("--asr-rescore", "run.jsonl", "--asr-partial")

    assert (result.ret, accepted.ret) == (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.OK)
    for each in (result, accepted):
        each.stdout.fnmatch_lines(["asrlab: not scored, *run.jsonl has no transcript by kea"])
    assert recorded.run("--asr-rescore", "run.jsonl", "--asr-model", "polly").ret == pytest.ExitCode.OK


def test_a_model_of_a_pattern_without_a_transcript(recorded):
    """A model of the project that only a pattern chooses, and the record does not have, is named; nothing fails."""
    recorded.configure("model = ['polly', 'k*']", models=("polly", "kea"))

    result = recorded.run("--asr-rescore", "run.jsonl")

    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["asrlab: *run.jsonl has no transcript by kea"])


def test_a_model_of_another_task_without_a_sample(recorded):
    """A named model that speaks fails a run with tests of speech if the record has nothing of it."""
    singer = '[tool.asrlab.models.singer]\nengine = "parrot"\nweights = "here"\ntasks = ["tts"]\n'
    recorded.configure('judge = "polly"\nmodel = ["polly", "singer"]', tables=singer)
    recorded.write(test_speech="def test_speech(tts_corpus): tts_corpus.check('wer')")

    result = recorded.run("--asr-rescore", "run.jsonl")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: not scored, *run.jsonl has no transcript by singer*"])


def test_a_model_that_was_not_ready(recorded):
    """A named model that the record lists as not ready is no hole: its weights were missing then, too."""
    gone = '[tool.asrlab.models.gone]\nengine = "parrot"\nweights = "nowhere"\n'
    recorded.configure("model = ['polly', 'gone']", tables=gone)
    recorded.run("--asr-record", "with-gone.jsonl")

    assert recorded.run("--asr-rescore", "with-gone.jsonl").ret == pytest.ExitCode.OK
    assert recorded.run("--asr-rescore", "run.jsonl").ret == pytest.ExitCode.TESTS_FAILED
