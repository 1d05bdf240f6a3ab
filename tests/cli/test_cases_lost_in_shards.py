"""Shards whose planned cases are in no part: every command that reads what was merged of them says so."""

import pytest

from asrlab_pytest.cli import main
from stored_runs import end, environment, row, write


@pytest.mark.parametrize("command", [["record", "validate"], ["scorecard"], ["rescore", "--jobs", "1"]], ids=" ".join)
def test_a_case_that_no_part_has(tmp_path, monkeypatch, capsys, command):
    """A planned case that no shard observed fails each command, as it fails the merge, unless --partial accepts it."""
    monkeypatch.chdir(tmp_path)
    plan = {"polly": ["a", "b", "c", "d"]}
    for name, clips in (("one", "ab"), ("two", "bc")):
        write(
            tmp_path / f"{name}.jsonl",
            environment(plan=plan),
            *(row(clip=clip) for clip in clips),
            end(polly={"status": "ready", "load_s": 1.0}),
        )

    assert main(["merge", "two.jsonl", "one.jsonl", "-o", "merged.jsonl"]) == 1
    assert "planned, and in no part: 1\n  polly on d" in capsys.readouterr().out
    assert main([*command, "merged.jsonl"]) == 1
    told = "".join(capsys.readouterr())
    assert "3 of 4 planned cases" in told or "no observation of polly on d" in told
    assert main([*command, "merged.jsonl", "--partial"]) == 0
