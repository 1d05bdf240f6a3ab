"""A corpus through shards, merge, report, score, compare and rescore: no step holds its rows in memory."""

import json
import os
import shutil
import subprocess
import sys

import pytest

FEW, MANY = 11_000, 21_000
"""From 10,000 rows on, steps sort with numpy, whose 12 MB would otherwise count as memory of rows."""
SHARDS = 2
RATIO = 1.2
"""Ratio of the peaks: 0.3 KB per row is a few percent, and 3 KB would exceed this."""
STEPS = {
    "transcribe": ["transcribe", "--model", "polly", "--shard", f"1/{SHARDS}", "-o", "shard1.jsonl"],
    "other shard": ["transcribe", "--model", "polly", "--shard", f"2/{SHARDS}", "-o", "shard2.jsonl"],
    "merge": ["merge", "shard1.jsonl", "shard2.jsonl", "-o", "merged.jsonl"],
    "report": ["report", "merged.jsonl"],
    "score": ["score", "texts.jsonl"],
    "compare": ["compare", "merged.jsonl", "newer.jsonl"],
    "rescore": ["rescore", "merged.jsonl"],
}
PEAKS = """
import json, os, subprocess, sys
for command in json.loads(sys.argv[1]):
    with open("output.txt", "w") as output:
        process = subprocess.Popen([sys.executable, "-m", "asrlab_pytest.cli", *command], stdout=output, stderr=output)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(" ".join(command) + "\\n" + open("output.txt").read()[-3000:])
    print(used.ru_maxrss)
"""
"""Runs commands, and prints the peak of each. It is small: a process counts the memory of the one that starts it."""


def peaks(folder, steps):
    """The peak of each step, in the unit of the system."""
    commands = json.dumps([STEPS[step] for step in steps])
    done = subprocess.run(
        [sys.executable, "-c", PEAKS, commands], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(steps, map(int, done.stdout.split()), strict=True))


def transcribed(project, clips):
    """The peaks of all steps on a corpus of this many clips; also checks its rows."""
    folder = project.path / str(clips)
    shutil.copytree(project.path / "clips", folder / "clips")
    shutil.copy(project.path / "pyproject.toml", folder)
    line = json.loads((folder / "clips" / "manifest.jsonl").read_text())
    with (folder / "clips" / "manifest.jsonl").open("w") as manifest:
        for number in range(clips):
            row = {**line, "id": f"clip-{number}", "text": f"stop at gate {number}", "group": f"speaker-{number % 50}"}
            manifest.write(f"{json.dumps(row)}\n")
    used = peaks(folder, ["transcribe", "other shard", "merge"])
    with (folder / "merged.jsonl").open() as merged, (folder / "texts.jsonl").open("w") as texts:
        rows = [row for row in map(json.loads, merged) if row["kind"] == "observation"]
        for row in rows:
            kept = {"id": row["clip"], **{key: row[key] for key in ("reference", "hypothesis", "language", "group")}}
            texts.write(f"{json.dumps(kept)}\n")
    assert sorted(row["clip"] for row in rows) == sorted(f"clip-{number}" for number in range(clips))
    shutil.copy(folder / "merged.jsonl", folder / "newer.jsonl")
    return {**used, **peaks(folder, ["report", "score", "compare", "rescore"])}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "wait4"), reason="Windows has no os.wait4: run this test on Linux or macOS")
def test_memory_of_each_step(project):
    """Ten thousand additional clips need little more memory in any step from audio to figures."""
    project.configure()
    project.clip("clip-0", "stop at gate", seconds=0.5)
    few, many = transcribed(project, FEW), transcribed(project, MANY)

    assert {step: many[step] / few[step] for step in STEPS if many[step] > RATIO * few[step]} == {}
