"""--asr-download: whether weights are fetched."""

import time

import pytest


def test_never(project):
    """With `never` no hub is asked: a model without weights is skipped at once."""
    project.clip("one", "hello there")
    project.configure('model = ["polly", "whisper-base"]')
    project.evals("accuracy")
    start = time.monotonic()

    result = project.run("--asr-download", "never")

    assert time.monotonic() - start < 10
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["not run    whisper-base  weights missing  asrlab pull whisper-base"])


def test_another_word(project):
    """Another word than auto and never is refused by the command line."""
    assert project.run("--asr-download", "sometimes").ret == pytest.ExitCode.USAGE_ERROR
