"""Files that no program of ours wrote cost a sentence, and neither a traceback nor an evening."""

import json

import pytest

from asrlab_pytest.cli import main


@pytest.mark.parametrize("command", [("corpus", "info"), ("audit",), ("corpus", "entities")])
def test_json_that_is_nested_too_deeply(command, tmp_path, monkeypatch, capsys):
    """A list of clips that nobody can parse is refused by its line."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deep.json").write_text("[" * 100_000)

    assert main([*command, "deep.json"]) == 2
    assert "deep.json" in capsys.readouterr().err


def test_a_pass_of_any_number(project, monkeypatch, capsys):
    """A record that states a billion passes is shown at once."""
    project.clip("eins", "hello there")
    project.evals("accuracy")
    project.run("--asr-record", "run.jsonl")
    lines = [json.loads(line) for line in (project.path / "run.jsonl").read_text().splitlines()]
    more = [{**line, "repeat": 10**18} for line in lines if line["kind"] == "observation"]
    (project.path / "run.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in [lines[0], *lines[1:], *more]))
    monkeypatch.chdir(project.path)

    assert main(["scorecard", "run.jsonl"]) == 0
    assert "polly" in capsys.readouterr().out


def test_a_file_whose_name_is_too_long(capsys):
    """A file that the system does not even look for is named in a line, as one that it does not let be read."""
    name = 300 * "a"

    assert main(["report", name]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"asrlab: {name}: ")
    assert error.count("\n") == 1
