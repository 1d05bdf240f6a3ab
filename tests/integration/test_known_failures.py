"""Pairs that are known to fail: they run, are shown as expected, and fail the run when they begin to pass."""

import pytest

KNOWN = """
[tool.asrlab.thresholds]
wer = 0.1
[[tool.asrlab.known_failures]]
model = "polly"
clip = "noise-*"
reason = "too loud for it"
"""


@pytest.fixture
def noisy(project):
    """A project of two models with a noisy clip that is declared to fail with one of them."""
    project.configure(models=("polly", "kakapo"), tables=KNOWN)
    project.evals("accuracy")
    return project


def test_expected(noisy):
    """A declared pair that misses its thresholds runs, is shown as expected with its reason, and fails nothing."""
    noisy.clip("noise-1", "we saw the sea", says="we saw a tree")

    result = noisy.run("-rx", "--asr-model", "polly")

    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(xfailed=1)
    result.stdout.fnmatch_lines(["XFAIL * WER 50.0% > 10.0% (* threshold); known failure: too loud for it"])
    assert noisy.heard() == ["polly we saw a tree"]


def test_another_model_is_not_excused(noisy):
    """A declaration excuses only the pairs that it names."""
    noisy.clip("noise-1", "we saw the sea", says="we saw a tree")

    noisy.run().assert_outcomes(xfailed=1, failed=1)


def test_it_begins_to_pass(noisy):
    """A declared pair that meets its thresholds fails the run, and says what to remove."""
    noisy.clip("noise-1", "we saw the sea")

    result = noisy.run("--asr-model", "polly")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "polly on noise-1 passed, but is listed as a known failure (too loud for it)",
            "  hint: remove *known_failures*",
        ]
    )


def test_it_begins_to_pass_and_is_too_slow(noisy):
    """A declared pair whose text is right, and that misses a limit of time, fails the run with both."""
    noisy.configure(models=("polly",), tables=KNOWN.replace("wer = 0.1", "wer = 0.1\nrtf = 0.0"))
    noisy.clip("noise-1", "we saw the sea")
    noisy.write(test_accuracy="def test_accuracy(asr_case): asr_case.check()")

    result = noisy.run()

    result.stdout.fnmatch_lines(["polly on noise-1 passed in accuracy, not in time (RTF * > 0.000 *), but is listed *"])


def test_a_bad_clip_is_no_known_failure(noisy):
    """A declaration does not excuse a clip that cannot be read."""
    noisy.clip("noise-1", "we saw the sea").write_bytes(b"")

    noisy.run("--asr-model", "polly").assert_outcomes(failed=1)


def test_runxfail(noisy):
    """With --runxfail a known failure fails with its diff, as any other."""
    noisy.clip("noise-1", "we saw the sea", says="we saw a tree")

    result = noisy.run("--runxfail", "--asr-model", "polly")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["hypothesis: we saw a   tree*"])


def test_slowness_is_not_excused(noisy):
    """A declaration is about the text: a declared pair that is too slow fails."""
    noisy.configure(tables=KNOWN.replace("wer = 0.1", "wer = 0.1\nrtf = 0.0"))
    noisy.clip("noise-1", "we saw the sea", says="we saw a tree")
    noisy.write(test_accuracy="def test_accuracy(asr_case): asr_case.check()")

    result = noisy.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*[[]polly-noise-1[]] _*", "*RTF * > 0.000*"])


def test_one_that_covers_nothing(noisy):
    """A declaration that matches no model or clip of the project causes a warning, unless another corpus is chosen."""
    noisy.clip("noise-1", "we saw the sea", says="we saw a tree")
    tables = KNOWN.replace("noise-*", "nose-*") + KNOWN[KNOWN.index("[[") :].replace("polly", "poly")
    noisy.configure(models=("polly", "kakapo"), tables=tables)

    result = noisy.run("--asr-model", "polly")
    result.stdout.fnmatch_lines_random(
        [
            "*known_failures[]][]] polly on nose-[*] covers nothing: no clip matches 'nose-[*]'",
            "*known_failures[]][]] poly on noise-[*] covers nothing: no model matches 'poly'",
        ]
    )

    result = noisy.run("--asr-model", "polly", "--asr-corpus", "clips")
    assert "nose-" not in result.stdout.str()
