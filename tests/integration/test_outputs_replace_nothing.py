"""What a run writes replaces no file that is somebody else's, that it reads itself, or that another run writes."""

import json

import pytest

from asrlab_pytest.records.outputs import held

FOREIGN = "name = 'mine'\n"


def evaluated(project, *arguments):
    project.clip("c0", "good morning")
    project.evals("accuracy")
    return project.run(*arguments)


def test_foreign_files(project):
    """A file that is neither our record nor our Markdown is refused before any test, and stays as it is."""
    mine = project.path / "mine.txt"
    mine.write_text(FOREIGN)
    manifest = project.path / "clips" / "manifest.jsonl"
    for option, what in (("--asr-record", "record"), ("--asr-markdown", "Markdown")):
        result = evaluated(project, option, "mine.txt") if not manifest.exists() else project.run(option, "mine.txt")

        assert result.ret == 4
        result.stderr.fnmatch_lines([f"*mine.txt already exists and is not a {what} of asrlab*not replaced*"])
        before = manifest.read_text()
        assert project.run(option, "clips/manifest.jsonl").ret == 4
        assert project.run(option, "clips").ret == 4
        assert manifest.read_text() == before
    assert mine.read_text() == FOREIGN


def test_own_files(project):
    """An empty file, and one of the kind that a run before wrote, are replaced."""
    (project.path / "run.jsonl").touch()
    evaluated(project, "--asr-record", "run.jsonl", "--asr-markdown", "run.md").assert_outcomes(passed=1)
    project.run("--asr-record", "run.jsonl", "--asr-markdown", "run.md").assert_outcomes(passed=1)


def test_what_is_read(project):
    """A record or baseline that the run reads is not written over, by whatever name."""
    evaluated(project, "--asr-record", "run.jsonl")
    before = (project.path / "run.jsonl").read_bytes()

    for option, part in (("--asr-rescore", "the record that is scored"), ("--asr-baseline", "the baseline")):
        result = project.run(option, "run.jsonl", "--asr-record", "./clips/../run.jsonl")
        assert result.ret == 4
        result.stderr.fnmatch_lines([f"*run.jsonl: the file is {part}, and would be overwritten"])
    assert (project.path / "run.jsonl").read_bytes() == before


def test_two_runs_with_one_record(project):
    """A record that another run is writing is refused before any test; once that run is over it may be replaced."""
    evaluated(project, "--asr-record", "run.jsonl").assert_outcomes(passed=1)
    other = held(project.path / "run.jsonl", option="--asr-record")
    before = (project.path / "run.jsonl").read_bytes()

    result = project.run("--asr-record", "run.jsonl")

    assert result.ret == 4
    result.stderr.fnmatch_lines(["*run.jsonl is being written by another run*"])
    assert (project.path / "run.jsonl").read_bytes() == before
    other.close()
    project.run("--asr-record", "run.jsonl").assert_outcomes(passed=1)
    assert json.loads((project.path / "run.jsonl").read_text().splitlines()[-1])["kind"] == "end"


@pytest.mark.parametrize("option", ["--junitxml", "--benchmark-json", "--log-file", "--debug"])
def test_a_record_that_another_run_writes(project, option):
    """A record that another run is writing, or that is in the store, is no output of pytest or of another plugin."""
    evaluated(project, "--asr-record", "run.jsonl").assert_outcomes(passed=1)
    stored = next((project.path / ".asrlab" / "runs").glob("*.jsonl"))
    (project.path / "hard.jsonl").hardlink_to(stored)
    live = project.path / "run.jsonl"
    before = live.read_bytes(), stored.read_bytes()

    with held(live, option="--asr-record"):
        results = [project.run(option, name) for name in ("run.jsonl", str(stored), "hard.jsonl")]

    assert [result.ret for result in results] == [pytest.ExitCode.USAGE_ERROR] * 3
    results[0].stderr.fnmatch_lines(["*run.jsonl is being written by another run*"])
    for result in results[1:]:
        result.stderr.fnmatch_lines(["*the file is a record of the store, and would be overwritten*"])
    assert (live.read_bytes(), stored.read_bytes()) == before


@pytest.mark.parametrize(
    "options",
    [("--asr-record",), ("--asr-markdown",), ("--asr-report",), ("--asr-update-baseline", "--asr-baseline")],
    ids=" ".join,
)
@pytest.mark.parametrize("name", ["x" * 300, "loop", "folder"])
def test_a_path_that_no_file_can_have(project, options, name):
    """An output whose name is too long, or is a folder or a link to itself, is refused in words before any test."""
    project.clip("c", "hello there")
    project.evals("accuracy")
    (project.path / "folder").mkdir()
    (project.path / "loop").symlink_to("loop")

    result = project.run(*options, name)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: *{name}*"])
