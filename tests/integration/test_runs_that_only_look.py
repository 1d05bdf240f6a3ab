"""Options of pytest that show what would run: nothing is evaluated, and the run says so."""

import pytest


@pytest.mark.parametrize(
    "option", ["--setup-plan", "--setup-only", "--collect-only", "--fixtures", "--fixtures-per-test"]
)
def test_what_was_asked_for_in_vain(project, option):
    """A run that only shows its tests names the options that had no effect, if there are any."""
    project.clip("one", "hello there")
    project.evals("accuracy")
    assert project.run("--asr-record", "base.jsonl").ret == pytest.ExitCode.OK

    asked = project.run(option, "--asr-baseline", "base.jsonl", "--asr-record", "run.jsonl")

    assert asked.ret == pytest.ExitCode.OK
    asked.stdout.fnmatch_lines(["asrlab: no test ran, so these options had no effect: --asr-baseline, --asr-record"])
    assert not (project.path / "run.jsonl").exists()
    project.run(option).stdout.no_fnmatch_line("asrlab: no test ran*")
