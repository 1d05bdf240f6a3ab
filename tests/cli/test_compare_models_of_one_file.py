"""``asrlab compare FILE FILE --model NEW=OLD``: two models of one run."""

import pytest

from asrlab_pytest.cli import main
from stored_runs import environment, row, write


@pytest.fixture
def record(tmp_path, monkeypatch):
    """A record of three models, of which `kea` mishears each of eight clips."""
    monkeypatch.chdir(tmp_path)
    heard = {"polly": "hello there", "kea": "hello bear", "coco": "hello there"}
    clips = [f"c{number}" for number in range(8)]
    rows = [row(model, clip, text) for model, text in heard.items() for clip in clips]
    return write(tmp_path / "run.jsonl", environment(), *rows)


def test_two_models_of_one_file(record, capsys):
    """Two models of one file are judged like those of two files, and nothing is said of models beside themselves."""
    assert main(["compare", record.name, record.name, "--model", "kea=polly"]) == 1
    out = capsys.readouterr().out

    assert "FAIL       kea                   WER 0.0% -> 50.0%   8 clips worse, 0 better" in out.splitlines()
    assert "PASS" not in out
    assert "not compared" not in out


def test_pairs_of_the_project(record, capsys):
    """The pairs that the project states are compared within one file, too."""
    (record.parent / "pyproject.toml").write_text('[tool.asrlab]\nbaseline_model = ["kea=polly"]\n')

    assert main(["compare", record.name, record.name]) == 1
    assert "kea" in capsys.readouterr().out


@pytest.mark.parametrize("pairs", [[], ["--model", "kea=kea"]])
def test_models_beside_themselves(record, capsys, pairs):
    """A file of which each model would be compared with itself is refused, with how to compare two models of it."""
    assert main(["compare", record.name, record.name, *pairs]) == 2
    error = capsys.readouterr().err

    assert "run.jsonl and run.jsonl are the same file" in error
    assert "--model NEW=OLD" in error
