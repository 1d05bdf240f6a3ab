"""``asrlab transcribe`` that is ended before its end: what it made is kept, and the next call goes on."""

import json
import os
import subprocess
import sys

import pytest
import wicked_engine

import asrlab_pytest.corpus.audio  # noqa: F401 - what it imports cannot be imported again by the next project
from asrlab_pytest.cli import main
from asrlab_pytest.engines import Transcript
from asrlab_pytest.records.checking import check

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no POSIX signals: run these tests on Linux or macOS"
)

TABLE = (
    '[tool.asrlab.models.polly]\nengine = "wicked"\nweights = "here"\noptions = {{ does = "{deed}", on = "word 2" }}\n'
)


@pytest.mark.parametrize(
    ("deed", "status", "told"),
    [
        ("terminate", 130, "asrlab: interrupted; run the same command again to continue"),
        ("kill", -9, ""),
        ("hang", 1, "asrlab: model polly gave no answer on clip clip-2 within 1 s: the run stops here"),
    ],
    ids=["SIGTERM", "killed", "hanging"],
)
def test_an_ended_run(project, monkeypatch, deed, status, told):
    """What was made before a process ends is in the record, which has no end; the next call makes the rest."""
    project.configure('model = ["polly"]', models=(), tables=TABLE.format(deed=deed))
    for number in range(4):
        project.clip(f"clip-{number}", f"word {number}")
    monkeypatch.chdir(project.path)
    command = [sys.executable, "-m", "asrlab_pytest.cli", "transcribe", "-o", "run.jsonl", "--timeout", "1"]
    with project.forks():
        ended = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)

    assert (ended.returncode, told in ended.stderr) == (status, True)
    rows = [json.loads(line) for line in (project.path / "run.jsonl").read_text().splitlines()]
    made = ["environment", "observation", "observation", *["failure"] * (deed == "hang")]
    assert [row["kind"] for row in rows] == made

    monkeypatch.setitem(wicked_engine.DEEDS, deed, lambda: Transcript(text="word 2"))
    assert main(["transcribe", "-o", "run.jsonl", "--retry"]) == 0
    assert str(check(project.path / "run.jsonl")) == "4 observations of 1 model, complete"
    assert check(project.path / "run.jsonl").faults == ()
