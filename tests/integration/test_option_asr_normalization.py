"""--asr-normalization: the rules that make texts comparable."""

import pytest

from asrlab_pytest.protocols.normalization import normalization


@pytest.fixture
def numbers(project):
    """A project whose parrot writes what only `en` takes for what was said."""
    project.clip("one", "oh my god", says="Oh, my God...")
    project.evals("accuracy", "corpus")
    return project


def test_by_the_language(numbers):
    """Without the option, an English clip is scored under `en`, and its signature is in the report."""
    result = numbers.run("--asr-record", "run.jsonl")

    assert result.ret == 0
    numbers.report().fnmatch_lines(["polly  *  0.0%*", f"rules      {normalization('en').signature}"])


def test_named_for_the_run(numbers):
    """With the option, every clip is scored under that profile, in cases, corpus figures and scorecard alike."""
    numbers.configure("thresholds = { wer = 0.3 }\ncorpus_thresholds = { wer = 0.3 }")
    result = numbers.run("--asr-record", "run.jsonl", "--asr-normalization", "en-whisper")

    result.assert_outcomes(failed=2)
    numbers.report().fnmatch_lines(["polly  * 33.3%*", f"rules      {normalization('en-whisper').signature}"])


def test_named_by_a_clip(numbers):
    """A clip of the manifest may name its own profile."""
    numbers.clip("two", "good morning", says="good morning.", normalization="raw")
    result = numbers.run("--asr-record", "run.jsonl")

    lines = [f"*{normalization(name).signature}" for name in ("en", "raw")]
    assert result.ret == 0
    numbers.report().fnmatch_lines(["polly  * 20.0%*", *lines])


def test_a_profile_of_the_project(numbers):
    """A table of the project makes a profile, whose replacements count and are in the signature."""
    table = '[tool.asrlab.normalizations.house]\nreplacements = { "god" = "goodness" }\n'
    numbers.configure('normalization = "house"', tables=table)
    numbers.clip("two", "my goodness", says="my god")
    result = numbers.run("--asr-record", "run.jsonl")

    assert result.ret == 0
    numbers.report().fnmatch_lines(["polly  *  0.0%*", "rules      asrlab-norm/1.1+house(en)#????????"])


@pytest.mark.parametrize("name", ["en-wisper", "hose"])
def test_an_unknown_profile(numbers, name):
    """A profile that does not exist ends the run with status 4 and the names to choose from."""
    numbers.configure(tables='[tool.asrlab.normalizations.house]\nbase = "und"\n')
    result = numbers.run("--asr-normalization", name)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: no normalization '{name}' (did you mean *", "*choose one of en, *house*"])


def test_an_unknown_profile_of_a_clip(numbers):
    """A clip that names a profile that does not exist ends the run with status 4, and is named."""
    numbers.clip("two", "good morning", normalization="rew")
    result = numbers.run("--asr-record", "run.jsonl")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *manifest.jsonl: clip two: no normalization 'rew' (did you mean 'raw'?)*"])


def test_a_loop_is_shown(numbers):
    """A clip whose text repeats itself is named below the table, with the rates that it does not own."""
    numbers.clip("two", "good morning", says="thank you " * 10)
    result = numbers.run("--asr-record", "run.jsonl")

    result.stdout.fnmatch_lines(['loops      polly: two repeats "thank you" up to 10 times in a row'])
