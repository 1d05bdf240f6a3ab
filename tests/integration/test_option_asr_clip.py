"""--asr-clip: which clips are used."""

import pytest

from asrlab_pytest.settings import validated
from asrlab_pytest.suite.items import Samples


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
    """Ids, globs and tags choose clips, in the order of the manifest."""
    settings = validated({"corpus": "clips", "clip": list(arguments[1::2])}, source="")

    assert [f"polly {clip.text}" for clip in Samples(settings, clips.path).clips] == heard


def test_choice_in_a_run(clips):
    """Cases and corpus figures use the clips that are chosen, and no others."""
    clips.run("--asr-clip", "loud", "--asr-clip", "read-*").assert_outcomes(passed=2 + 1)

    assert clips.heard() == ["polly one two", "polly five six"]


def test_nothing_matched(clips):
    """A pattern that names nothing ends the run with status 4, the manifest and its tags."""
    result = clips.run("--asr-clip", "nosie")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: no clip of *manifest.jsonl has the id or tag 'nosie'; tags: loud, noise, read"]
    )
