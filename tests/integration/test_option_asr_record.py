"""--asr-record: every observation on disk as it is made."""

import os
import re
import signal
import subprocess
import time

import pytest

from asrlab_pytest.records.reading import read_run


@pytest.fixture
def recorded(project):
    """A project with two clips."""
    project.clip("one", "hello there", group="anna", tags=["read"])
    project.clip("two", "good morning", says="Good evening, Sir!")
    project.evals("accuracy", "corpus")
    return project


def test_one_line_each(recorded):
    """The record is one line of environment and one line for each case, with the text as the engine wrote it."""
    recorded.run("--asr-record", "runs/run.jsonl", "--asr-rounds", "2")

    environment, rows = recorded.record("runs/run.jsonl")
    assert environment["kind"] == "environment"
    assert environment["schema"] == "asrlab-record/2.0"
    assert environment["settings"]["rounds"] == 2
    assert environment["corpus"]["name"] == "clips"
    assert {"python", "os", "cpu", "git", "packages", "time"} <= environment.keys()
    assert [(row["kind"], row["clip"], row["hypothesis"]) for row in rows] == [
        ("observation", "one", "hello there"),
        ("observation", "two", "Good evening, Sir!"),
    ]
    first = rows[0]
    assert (first["model"], first["engine"], first["reference"]) == ("polly", "parrot", "hello there")
    assert (first["group"], first["tags"], first["language"]) == ("anna", ["read"], "en")
    assert len(first["latencies_s"]) == 2
    assert first["transcript"]["segments"][0]["text"] == "hello there"


def test_the_same_as_the_file_of_pytest_benchmark(recorded):
    """The file of --benchmark-json has the observations of the record, transcripts with their languages included."""
    recorded.run("--asr-record", "run.jsonl", "--benchmark-json", "results.json")

    record, results = (read_run(recorded.path / name).observations for name in ("run.jsonl", "results.json"))
    assert [row.transcript.language for row in record] == ["en", "en"]
    assert [row.as_json() for row in results] == [row.as_json() for row in record]


def test_no_record_unless_asked(recorded):
    """Without the option nothing but the store is written into the project."""
    before = set(recorded.path.iterdir())

    recorded.run("-p", "no:cacheprovider", "-p", "no:benchmark")

    assert {path.name for path in set(recorded.path.iterdir()) - before} <= {"__pycache__", ".asrlab"}


def test_a_record_in_the_home_folder(recorded, monkeypatch):
    """A path that begins with ~ is in the home folder, even if no shell has expanded it."""
    monkeypatch.setenv("HOME", str(recorded.path / "home"))

    recorded.run("--asr-record=~/run.jsonl")

    assert (recorded.path / "home" / "run.jsonl").is_file()
    assert not (recorded.path / "~").exists()


def test_a_record_that_cannot_be_written(recorded):
    """A record that cannot be written ends the run before any test, in words."""
    result = recorded.run("--asr-record", "pyproject.toml/run.jsonl")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: the record *pyproject.toml/run.jsonl cannot be written: *"])
    assert recorded.events() == []


def test_collecting_writes_nothing(recorded):
    """A run that only collects leaves an older record as it is."""
    (recorded.path / "run.jsonl").write_text("older")

    recorded.run("--collect-only", "--asr-record", "run.jsonl")

    assert (recorded.path / "run.jsonl").read_text() == "older"


def test_a_killed_run_keeps_its_observations(project):
    """What was observed before a kill that nobody can catch is in the record, in whole lines."""
    project.configure(tables="[tool.asrlab.models.polly.options]\nsleeps = 0.1\n")
    for number in range(30):
        project.clip(f"clip-{number}", f"text {number}")
    project.evals("accuracy")
    path = project.path / "run.jsonl"
    command = [*project.apart, "-q", "--asr-record", "run.jsonl"]
    with project.forks():
        run = subprocess.Popen(command, cwd=project.path, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (path.exists() and path.read_bytes().count(b"\n") >= 3):
        time.sleep(0.02)

    os.kill(run.pid, signal.SIGKILL)

    assert run.wait(timeout=10) == -signal.SIGKILL
    assert path.read_bytes().endswith(b"\n")
    environment, rows = project.record()
    assert environment["kind"] == "environment"
    assert [row["clip"] for row in rows] == [f"clip-{number}" for number in range(len(rows))]
    assert 2 <= len(rows) < 30


def test_a_detail_that_is_no_number(project):
    """What an engine says of a segment may be no number: the case still has its result, in the record as well."""
    project.configure(
        models=("nan", "inf"),
        tables="".join(
            f"[tool.asrlab.models.{name}.options]\ndetails = {{ avg_logprob = {name} }}\n" for name in ("nan", "inf")
        ),
    )
    project.clip("one", "hello there")
    project.evals("accuracy")

    result = project.run("--asr-record", "run.jsonl", "--benchmark-json", "results.json")

    result.assert_outcomes(passed=2)
    details = [row["transcript"]["segments"][0]["details"] for row in project.record()[1]]
    assert details == [{"avg_logprob": None}] * 2


def test_a_run_that_is_broken_off(recorded):
    """A run that ends before its last test leaves a record that says so."""
    recorded.configure("thresholds = { wer = 0.0 }")
    recorded.clip("zero", "quite right")

    recorded.run("-x", "--asr-record", "run.jsonl")

    run = read_run(recorded.path / "run.jsonl")
    assert [one.clip for one in run.observations] == ["one", "two"]
    assert not run.is_ended


FULL = """
import resource, signal, sys
sys.dont_write_bytecode = True  # Half of what is compiled would be kept.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
def pytest_runtest_setup(item):
    resource.setrlimit(resource.RLIMIT_FSIZE, (6000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
"""


def test_a_disk_that_fills_up(project):
    """Where the disk fills up during the run every test has its result, and the run says what the record lacks."""
    for number in range(8):
        project.clip(f"clip-{number}", f"text {number}")
    project.evals("accuracy")
    project.write(conftest=FULL)
    command = [*project.apart, "-p", "no:cacheprovider", "--asr-record", "run.jsonl"]

    with project.forks():
        done = subprocess.run(command, cwd=project.path, capture_output=True, text=True, check=False)

    assert "8 passed" in done.stdout
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert re.search(r"asrlab: the record .*run.jsonl is missing its last \d+ lines: File too large", done.stdout)
    assert re.search(r"asrlab: the store .* cannot be written \(File too large\)", done.stdout)
    run = read_run(project.path / "run.jsonl")
    assert run.damages == []
    assert [one.clip for one in run.observations] == [f"clip-{number}" for number in range(len(run.observations))]
    assert run.observations


def test_how_many_clips_there_are(project):
    """The record says how many clips the manifest lists, and how many of them are chosen and meant for a model."""
    project.configure(tables='languages = ["en"]\n')
    for name in ("one", "two", "three"):
        project.clip(name, "hello there")
    project.clip("vier", "hallo", language="de")
    project.evals("accuracy")

    project.run("--asr-record", "run.jsonl", "-k", "one")
    project.run("--asr-record", "chosen.jsonl", "--asr-clip", "t*")

    numbers = [project.record(name)[0]["corpus"] for name in ("run.jsonl", "chosen.jsonl")]
    assert [(one["listed"], one["chosen"]) for one in numbers] == [(4, 3), (4, 2)]
