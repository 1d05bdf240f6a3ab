"""What pytest says of the plugin when it is asked."""

import pytest

FIXTURES = {
    "asr_model": "A speech-recognition model*",
    "asr_clip": "A clip of the corpus*",
    "asr_case": "One model * one clip*",
    "asr_corpus": "One model * all of its clips*",
}


def test_fixtures(project):
    """`pytest --fixtures` lists the fixtures that evals are written with, each with a sentence."""
    result = project.run("--fixtures")

    assert result.ret == pytest.ExitCode.OK
    for name, sentence in FIXTURES.items():
        result.stdout.fnmatch_lines([f"{name}*", f"    {sentence}"])


def test_markers(project):
    """`pytest --markers` explains the mark with its metrics and its precedence."""
    result = project.run("--markers")

    result.stdout.fnmatch_lines(
        ["@pytest.mark.asr(wer=None, *hallucinated_words=None, entity_recall=None, *error_rate=None): *project's*"]
    )


def test_the_mark_is_registered(project):
    """The mark passes --strict-markers."""
    project.clip("one", "hello there")
    project.write(test_it="import pytest\n@pytest.mark.asr(wer=1)\ndef test_it(asr_case): asr_case.check()")

    project.run("--strict-markers", "-W", "error").assert_outcomes(passed=1)


def test_options(project):
    """`pytest --help` lists each option once: it is not an ini value as well."""
    result = project.run("--help")

    for name in ("model", "clip", "corpus", "device", "rounds", "warmup", "missing", "record", "reference", "download"):
        assert f"--asr-{name}" in result.stdout.str()
        assert f"asr_{name} (" not in result.stdout.str()


@pytest.mark.parametrize("argument", ["--collect-only", "--setup-plan", "--fixtures-per-test"])
def test_looking_loads_nothing(project, argument):
    """To look at the tests loads no model, writes no scorecard, and is not a failure."""
    project.clip("one", "hello there")
    project.evals("accuracy", "corpus")

    result = project.run(argument)

    assert result.ret == pytest.ExitCode.OK
    assert project.events() == []
    assert "scorecard" not in result.stdout.str()
