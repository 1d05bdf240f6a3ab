"""Commands whose output goes to a program that stops reading, such as `head`, or to a full disk."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from stored_runs import end, environment, row, write

pytestmark = pytest.mark.usefixtures("forked")


@pytest.fixture
def cut_off(tmp_path):
    """Runs `asrlab` with output that nobody reads: the exit status and the errors."""

    def run(*arguments):
        command = [sys.executable, "-m", "asrlab_pytest.cli", *map(str, arguments)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path)
        writer.stdout.close()
        _, error = writer.communicate()
        return writer.returncode, error

    return run


def test_the_verdict_of_a_comparison(tmp_path, cut_off):
    """A failed gate fails the command even if nobody reads the output, no matter how long it is."""
    clips = [f"c{number}" for number in range(12)]
    for name, hypothesis in (("old", "hello there"), ("new", "good bye")):
        rows = [row(clip=clip, hypothesis=hypothesis) for clip in clips]
        write(tmp_path / f"{name}.jsonl", environment(plan={"polly": clips}), *rows, end())

    assert cut_off("compare", "old.jsonl", "new.jsonl") == (1, b"")


def test_scores_that_nobody_reads(tmp_path, cut_off):
    """A missing hypothesis is reported and fails the command, even if the reader left long before."""
    pair = {"reference": "hello there", "hypothesis": "hello there", "language": "en"}
    lines = [json.dumps({"id": f"c{number}", **pair}) for number in range(100)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines) + "\n")
    (tmp_path / "b.jsonl").write_text("\n".join(lines[:-1]) + "\n")

    status, error = cut_off("score", "a.jsonl", "b.jsonl", "--json")

    assert (status, b"b.jsonl has no hypothesis for c99" in error, b"Traceback" in error) == (1, True, False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [("compare", "old.jsonl", "new.jsonl"), ("normalize",), ("entities",)])
def test_a_full_disk(tmp_path, arguments):
    """Output that a full disk does not take is named in a line, and the status is that of unusable files."""
    for name in ("old", "new"):
        write(tmp_path / f"{name}.jsonl", environment(plan={"polly": ["one"]}), row(clip="one"), end())
    command = [sys.executable, "-m", "asrlab_pytest.cli", *arguments]

    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, input=b"hello", stdout=full, stderr=subprocess.PIPE, cwd=tmp_path, check=False)

    assert done.returncode == 2
    assert re.fullmatch(
        rb"asrlab: standard (input or )?output( cannot be written)?: No space left on device\n", done.stderr
    )
