"""--asr-missing: what to do with a model that is not ready."""

import pytest


@pytest.fixture
def flown(project):
    """A project with a model that is ready and one whose weights are missing."""
    project.configure(
        'model = ["polly", "flown"]', tables='[tool.asrlab.models.flown]\nengine = "parrot"\nweights = "nowhere"\n'
    )
    project.clip("one", "hello there")
    project.evals("accuracy")
    return project


def test_error(flown):
    """With `error`, a model of the default set that is not ready ends the run before any test."""
    result = flown.run("--asr-missing", "error")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: model flown: weights missing*"])
    assert flown.events() == []


def test_skip(flown):
    """With `skip`, a model that was named is skipped as any other."""
    result = flown.run("--asr-missing", "skip", "--asr-model", "flown", "--asr-model", "polly")

    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=1, skipped=1)


def test_another_word(flown):
    """Another word than skip and error is refused by the command line."""
    assert flown.run("--asr-missing", "ignore").ret == pytest.ExitCode.USAGE_ERROR
