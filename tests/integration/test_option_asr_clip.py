"""--asr-clip: which clips are used."""

import pytest


@pytest.fixture
def clips(project):
    """A project with three clips and tags."""
    project.clip("read-anna", "one two", tags=["read"])
    project.clip("noise-anna", "three four", tags=["noise"])
    project.clip("noise-ben", "five six", tags=["noise", "loud"])
    project.evals("accuracy", "corpus")
    return project


@pytest.mark.parametrize(
    ("arguments", "heard"),
    [
        ((), ["polly one two", "polly three four", "polly five six"]),
        (("--asr-clip", "read-anna"), ["polly one two"]),
        (("--asr-clip", "*-anna"), ["polly one two", "polly three four"]),
        (("--asr-clip", "noise"), ["polly three four", "polly five six"]),
        (("--asr-clip", "loud", "--asr-clip", "read-*"), ["polly one two", "polly five six"]),
    ],
    ids=str,
)
def test_choice(clips, arguments, heard):
    """Cases and corpus figures use the clips that ids, globs and tags choose, and no others."""
    clips.run(*arguments).assert_outcomes(passed=len(heard) + 1)

    assert clips.heard() == heard


def test_nothing_matched(clips):
    """A pattern that names nothing ends the run with status 4, the manifest and its tags."""
    result = clips.run("--asr-clip", "nosie")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: no clip of *manifest.jsonl has the id or tag 'nosie'; tags: loud, noise, read"]
    )
