"""--asr-slice: the scorecard parted."""

import pytest


def test_by_tag(project):
    """The run, and the command on its record, show pooled figures of each slice."""
    project.clip("one", "hello there", tags=["read"])
    project.clip("two", "good morning", says="good evening", tags=["noisy"])
    project.evals("accuracy")

    result = project.run("--asr-slice", "tag", "--asr-record", "run.jsonl")

    lines = [
        "model                    tag              clips     WER           95% CI    RTF",
        "polly                    noisy                1   50.0%                - *",
        "polly                    read                 1    0.0%                - *",
    ]
    result.stdout.fnmatch_lines(lines)


def test_no_such_slice(project):
    """What a run cannot be parted by is refused, with what it can."""
    project.clip("one", "hello there")
    project.evals("accuracy")

    result = project.run("--asr-slice", "weather")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--asr-slice: invalid choice: 'weather'*tag*language*group*duration*"])
