"""--asr-reference: the model that speed is compared with."""

import pytest


@pytest.fixture
def race(project):
    """A project with a slow model, a fast one, and two clips."""
    project.configure(
        models=("slow", "fast"),
        tables="[tool.asrlab.models.slow.options]\nsleeps = 0.2\n[tool.asrlab.models.fast.options]\nsleeps = 0.02\n",
    )
    project.clip("one", "hello there")
    project.clip("two", "good morning")
    project.evals("accuracy")
    return project


def speeds(result):
    rows = [line.split() for line in result.outlines if "x  " in line and "%" in line]
    return {words[0]: float(words[-2].rstrip("x")) for words in rows}


def test_the_first_that_ran(race):
    """Without the option, speed is compared with the first model that ran."""
    result = race.run()

    result.stdout.fnmatch_lines(["speed      fast: *"])
    assert speeds(result)["slow"] == 1.0
    assert 3 < speeds(result)["fast"] < 11


def test_the_one_asked_for(race):
    """With the option, speed is compared with that model."""
    result = race.run("--asr-reference", "fast")

    result.stdout.fnmatch_lines(["speed      slow: *"])
    assert speeds(result)["fast"] == 1.0
    assert 0.08 < speeds(result)["slow"] < 0.35


def test_a_reference_that_did_not_run(race):
    """Where the reference model did not run, no speed is shown, and every report says why."""
    reports = ("--asr-markdown", "run.md", "--asr-report", "run.html")
    result = race.run("--asr-reference", "fast", "--asr-model", "slow", *reports)

    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "slow   *   -",
            "reference  no comparison: fast did not run (choose another with --asr-reference)",
        ]
    )
    assert "no comparison: <code>fast</code> did not run" in (race.path / "run.md").read_text(encoding="utf-8")
    assert "no comparison: fast did not run" in (race.path / "run.html").read_text(encoding="utf-8")


def test_an_unknown_reference(race):
    """A reference model that does not exist ends the run with status 4."""
    result = race.run("--asr-reference", "fsat")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: no model 'fsat'; did you mean fast*"])
