"""A check that failed fails the run, whatever its test does with the error."""

import pytest

STRICT = "[tool.asrlab.thresholds]\nwer = 0.1\n[tool.asrlab.corpus_thresholds]\nwer = 0.1\n"
TTS = STRICT.replace("asrlab.", "asrlab.tts.")


@pytest.fixture
def wrong(project):
    """A model that writes something else than what is said."""
    project.clip("c0", "we saw the sea", says="nothing")
    project.configure(tables=STRICT)
    return project


def swallowing(call, *, mark="", then="pass", fixture="asr_case"):
    return f"import pytest\n{mark}\ndef test_it({fixture}):\n    try: {call}\n    except AssertionError: {then}\n"


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
@pytest.mark.parametrize(
    ("fixture", "then"), [("asr_case", "pass"), ("asr_corpus", "pass"), ("asr_case", "pytest.skip('not today')")]
)
def test_a_caught_error(wrong, fixture, then, workers):
    """A test that catches the error of a check, or skips for it, leaves the run not green, with the figure."""
    wrong.write(
        test_it=swallowing(f"{fixture}.check('wer')", fixture=fixture, then=then),
        test_other="def test_other(asr_model): pass",
    )

    result = wrong.run(*workers)

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "asrlab: 1 check failed in tests that did not fail:",
            "  test_it.py::test_it[[]*: WER 100.0% > 10.0% (project *",
        ]
    )


def test_a_caught_error_of_speech(project):
    """The same holds for speech, and for speech that did not come."""
    project.prompt("p", "we saw the sea")
    table = '[tool.asrlab.models.kea]\nengine = "parrot"\nweights = "here"\ntasks = ["tts"]\n'
    mumbles = 'options = { mumbles = { "we saw the sea" = "nothing" } }\n'
    project.configure('model = ["kea"]\njudge = "polly"', tables=f"{table}{mumbles}{TTS}")
    project.write(test_it=swallowing("tts_case.check('wer')", fixture="tts_case"))

    result = project.run()

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["  test_it.py::test_it[[]*: WER 100.0% > 10.0% (project *"])


@pytest.mark.parametrize("mark", ["@pytest.mark.xfail", ""])
def test_what_is_expected(wrong, mark):
    """A test that is expected to fail is green, and so is a caught error that is no check's."""
    call = "asr_case.check('wer')" if mark else "assert asr_case.wer < 0.1"
    wrong.write(test_it=swallowing(call, mark=mark), test_cer="def test_cer(asr_case): asr_case.check('cer')")
    wrong.configure(tables="[tool.asrlab.thresholds]\ncer = 2.0\n" + "wer = 0.1\n" * bool(mark))

    assert wrong.run().ret == 0


@pytest.mark.parametrize(
    ("mark", "then"),
    [("@pytest.mark.xfail(raises=ZeroDivisionError)", "pass"), ("", "pytest.xfail('known')")],
)
def test_a_failure_that_no_mark_expects(wrong, mark, then):
    """A mark that expects another error does not excuse a failed check, and neither does a test that calls xfail."""
    wrong.write(test_it=swallowing("asr_case.check('wer')", mark=mark, then=then))

    result = wrong.run()

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: 1 check failed in tests that did not fail:"])


SOME = "def test_it(asr_case):\n    if asr_case.clip.id != 'c1': asr_case.check('wer')\n"


@pytest.mark.parametrize("arguments", [(), ("-n", "1"), ("-k", "it")])
def test_cases_without_a_check(project, arguments):
    """A case that its test does not check leaves the run not green; if other tests were left out, it warns."""
    for clip in ("c0", "c1", "silent"):
        project.clip(clip, "we saw the sea" if clip != "silent" else "", says="" if clip == "silent" else "we saw")
    project.configure(tables="[tool.asrlab.thresholds]\nwer = 0.9\n")
    project.write(test_it=SOME)

    result = project.run(*arguments)

    words = "1 case passed without a check of the thresholds: polly on c1"
    is_narrowed = "-k" in arguments
    assert result.ret == (0 if is_narrowed else pytest.ExitCode.TESTS_FAILED)
    result.stdout.fnmatch_lines([f"*AsrlabWarning: {words}" if is_narrowed else f"asrlab: {words}"])


def test_cases_that_need_no_check(project):
    """Nothing is asked of a quarantined clip, a known failure, a skipped test, or a case that another test checks."""
    quarantine = {"review": {"date": "2026-11-22", "decision": "quarantine"}}
    for clip, keys in (("c0", {}), ("c1", quarantine), ("c2", {}), ("c3", {})):
        project.clip(clip, "we saw the sea", **keys)
    known = '[[tool.asrlab.known_failures]]\nmodel = "polly"\nclip = "c2"\nreason = "old"\n'
    project.configure(tables=f"{known}[tool.asrlab.thresholds]\nwer = 0.9\n")
    project.write(
        test_it="import pytest\ndef test_it(asr_case):\n"
        "    if asr_case.clip.id == 'c0': asr_case.check()\n"
        "    if asr_case.clip.id == 'c3' and asr_case.wer == 0: pytest.skip('not today')\n",
        test_other="import pytest\n@pytest.mark.parametrize('asr_clip', ['c0'], indirect=True)\n"
        "def test_other(asr_case): assert asr_case.wer == 0\n",
    )

    assert project.run().ret == 0


def test_a_check_of_an_attempt_that_does_not_count(project):
    """What an attempt judged is not judged if a plugin runs the test again, and the last attempt checks nothing."""
    project.clip("c0", "we saw the sea")
    project.configure(tables="[tool.asrlab.thresholds]\nwer = 0.9\n")
    project.write(
        test_it="tries = []\ndef test_it(asr_case):\n"
        "    tries.append(1)\n"
        "    if len(tries) == 1: asr_case.check('wer')\n"
        "    assert len(tries) == 2 and asr_case.wer == 0\n"
    )

    result = project.run("--reruns", "1")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: threshold never checked: *wer*"])


def test_a_failed_test(wrong):
    """A check whose test fails is said once, by the test."""
    wrong.write(test_it="def test_it(asr_case): asr_case.check('wer')")

    result = wrong.run()

    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*did not fail*")


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_an_outcome_that_a_hook_changes(wrong, workers):
    """A failed check whose report a hook of the project turns into a pass leaves the run not green."""
    (wrong.path / "conftest.py").write_text(
        "import pytest\n"
        "@pytest.hookimpl(wrapper=True, tryfirst=True)\n"
        "def pytest_runtest_makereport():\n"
        "    report = yield\n"
        "    report.outcome = 'passed'\n"
        "    return report\n"
    )
    wrong.write(test_it="def test_it(asr_case): asr_case.check('wer')\n", test_other="def test_other(asr_model): pass")

    result = wrong.run(*workers)

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: 1 check failed in tests that did not fail:"])
