"""The hint of a clip that cannot be read reaches every place that names the clip."""

import json

import pytest

from asrlab_pytest.cli import main

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
HINT = "git lfs pull"


@pytest.fixture(scope="module")
def fetched(fresh_project):
    """A project of two clips, one of which is a pointer of Git LFS."""
    with fresh_project("pointers") as project:
        project.clip("one", "hello world")
        project.clip("two", "good night").write_text(POINTER)
        yield project


@pytest.fixture(autouse=True)
def folder(fetched, monkeypatch):
    monkeypatch.chdir(fetched.path)


@pytest.mark.parametrize(
    "arguments",
    [
        ["corpus", "info", "clips"],
        ["corpus", "info", "clips", "--json"],
        ["corpus", "import", "clips", "elsewhere"],
        ["corpus", "import", "clips", "elsewhere", "--skip-broken"],
        ["corpus", "lock", "clips"],
        ["audit", "clips"],
        ["audit", "clips", "--json"],
        ["transcribe", "-o", "run.jsonl"],
    ],
    ids=" ".join,
)
def test_commands(arguments, capsys):
    """A command that names a pointer of Git LFS says how to fetch the audio."""
    assert main(arguments) != 0

    printed = "".join(capsys.readouterr())
    assert "pointer, not the audio itself" in printed
    assert HINT in printed


def test_record(fetched):
    """The line of a record that says why a clip failed has the hint, and so has what is printed of the record."""
    main(["transcribe", "-o", "again.jsonl"])
    lines = [json.loads(line) for line in (fetched.path / "again.jsonl").read_text().splitlines()]
    (failure,) = (line for line in lines if line["kind"] == "failure")

    assert failure["problem"].endswith(f"is a Git LFS pointer, not the audio itself (hint: {HINT})")


def test_a_run(fetched):
    """The audit of a run and the failed case say how to fetch the audio, and so does the record of the run."""
    fetched.write(
        test_clips="def test_audit(asr_audit):\n    asr_audit.check()\n",
        test_cases="def test_case(asr_case):\n    asr_case.check()\n",
    )
    audited = fetched.run("test_clips.py").stdout
    fetched.run("test_cases.py", "--asr-record", "run-of-pytest.jsonl")
    lines = [json.loads(line) for line in (fetched.path / "run-of-pytest.jsonl").read_text().splitlines()]

    audited.fnmatch_lines([f"*error two: unreadable:*pointer, not the audio itself (hint: {HINT})"])
    assert [HINT in line["problem"] for line in lines if line["kind"] == "failure"] == [True]


def test_a_run_again(fetched, capsys):
    """A record that is reproduced without the audio says how to fetch it, and so does what is written of it."""
    pointer = fetched.path / "clips" / "two.wav"
    fetched.clip("three", "see you")
    assert main(["transcribe", "--clip", "three", "-o", "whole.jsonl"]) == 0
    (fetched.path / "clips" / "three.wav").write_bytes(pointer.read_bytes())
    capsys.readouterr()

    assert main(["reproduce", "whole.jsonl", "--record", "new.jsonl"]) == 1
    assert f"pointer, not the audio itself (hint: {HINT})" in capsys.readouterr().out
    assert HINT in (fetched.path / "new.jsonl").read_text()
