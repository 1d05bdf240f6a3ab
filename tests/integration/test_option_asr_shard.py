"""--asr-shard: one of several parts of the chosen samples."""

import pytest

from asrlab_pytest.cli import main

COUNT = 3


@pytest.fixture(scope="module")
def shards(fresh_project):
    """What a run of each shard of eight clips heard, and its output; and the folder of the records."""
    with fresh_project() as made:
        for number in range(8):
            made.clip(f"clip-{number}", f"word {number}")
        made.evals("accuracy")
        results = [
            made.run("--asr-shard", f"{index}/{COUNT}", "--asr-record", f"{index}.jsonl")
            for index in range(1, COUNT + 1)
        ]
        return made.path, made.heard(), results


def test_shards_of_a_run(shards):
    """Each clip is transcribed in exactly one shard, and the header says which part a run is."""
    _, heard, results = shards

    assert sorted(heard) == [f"polly word {number}" for number in range(8)]
    assert all(result.ret == 0 for result in results)
    results[1].stdout.fnmatch_lines(["asrlab: *; shard 2/3; *"])


def test_merged_shards(shards, monkeypatch, capsys):
    """The records of all shards are the record of a whole run; a missing shard is named and fails."""
    monkeypatch.chdir(shards[0])

    assert main(["merge", "1.jsonl", "2.jsonl", "3.jsonl", "-o", "all.jsonl"]) == 0
    assert main(["record", "validate", "all.jsonl"]) == 0
    capsys.readouterr()
    assert main(["merge", "1.jsonl", "3.jsonl", "-o", "some.jsonl"]) == 1
    assert " of 8 clips of clips: no part planned the others" in capsys.readouterr().out


def test_a_shard_without_a_clip(project):
    """A shard that no clip is left for ends the run before any test."""
    project.clip("only", "one two")
    project.evals("accuracy")
    results = [project.run("--asr-shard", f"{index}/2") for index in (1, 2)]

    refused = next(result for result in results if result.ret != 0)
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    refused.stderr.fnmatch_lines(["ERROR: shard */2 of 1 clip is empty", "  hint: use fewer shards"])


def test_no_shard(project):
    """What is not a shard ends the run before any test, with how to write one."""
    project.clip("only", "one two")
    project.evals("accuracy")
    result = project.run("--asr-shard", "3/2")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *the shard '3/2' is not of the form i/n*", "  hint: *1/4*"])
