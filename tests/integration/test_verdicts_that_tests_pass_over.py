"""A failed gate fails the run, even if its test reads the verdict and passes."""

import json

import pytest

WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa"
LENIENT = "[tool.asrlab.thresholds]\nwer = 2.0\n"
BASE = ("--asr-baseline", "base.jsonl")
ACCURACY = "def test_accuracy(asr_case): asr_case.check('wer')"
READS = """
def test_regression(asr_regression):
    assert asr_regression.outcome

def test_memory(asr_memory):
    assert asr_memory.result
"""
EXPECTS = """
import pytest

@pytest.mark.xfail
def test_regression(asr_regression):
    asr_regression.check()
"""
PASSES_AGAIN = """
tries = []

def test_regression(asr_regression):
    tries.append(asr_regression.outcome)
    assert len(tries) == 2
"""


@pytest.fixture(scope="module")
def good(fresh_project):
    """Six clips, and the baseline of a model that transcribed them without an error."""
    with fresh_project("good") as project:
        for number in range(6):
            project.clip(f"c{number}", f"{WORDS} number {number}")
        project.write(test_accuracy=ACCURACY)
        project.configure(tables=LENIENT)
        project.run(*BASE, "--asr-update-baseline")
        return project


@pytest.fixture
def deaf(fresh_project, good):
    """The same project, whose model now writes garbage and needs more memory than is allowed."""
    with fresh_project("deaf", like=good) as project:
        limits = '[tool.asrlab.models.polly.options]\nsays = "garbage"\n'
        project.configure(tables=LENIENT + limits)
        yield project


def test_verdicts_that_a_test_only_reads(deaf):
    """A run in which every test passes and two gates fail is red, and names each gate with a hint."""
    path = deaf.path / "pyproject.toml"
    path.write_text(path.read_text().replace('weights = "here"\n', 'weights = "here"\nmax_rss_mb = 1\n'))
    deaf.write(test_gates=READS)

    result = deaf.run(*BASE)

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=8)
    result.stdout.fnmatch_lines(
        [
            "asrlab: FAIL accuracy of polly (see above), but no test failed",
            "  hint: let the test call check(), or mark it xfail if the failure is expected",
            "asrlab: FAIL memory of polly (see above), but no test failed",
        ]
    )


def test_undecided_that_a_test_only_reads(deaf):
    """An undecided gate of a test that passes fails the run if undecided counts as a failure."""
    deaf.configure(tables=LENIENT)
    path = deaf.path / "base.jsonl"
    head, _, *others = path.read_text(encoding="utf-8").splitlines(keepends=True)
    head = json.dumps({**json.loads(head), "texts": 5, "missing": {"polly": ["c0"]}}) + "\n"
    path.write_text("".join([head, *others]), encoding="utf-8")
    deaf.write(test_gates=READS.partition("def test_memory")[0])

    result = deaf.run(*BASE, "--asr-undecided=fail")

    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_failure_that_is_expected(deaf):
    """A gate that fails in a test marked xfail does not fail the run, and is called XFAIL everywhere."""
    deaf.write(test_gates=EXPECTS)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GITHUB_ACTIONS", "true")
        result = deaf.run(*BASE, "--asr-markdown", "out.md", "--asr-report", "out.html")

    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=6, xfailed=1)
    result.stdout.fnmatch_lines(["XFAIL      polly*", "*expected: its test is marked xfail"])
    result.stdout.no_fnmatch_line("FAIL *")
    result.stdout.no_fnmatch_line("::error*")
    document = (deaf.path / "out.md").read_text(encoding="utf-8")
    assert document.splitlines()[1] == "## ✅ asrlab: PASS"
    assert "1 gate failed as expected" in document
    assert "### ⚠️ XFAIL: accuracy of" in document
    assert "❌" not in document
    page = (deaf.path / "out.html").read_text(encoding="utf-8")
    assert '<span class="verdict XFAIL">XFAIL</span>' in page
    assert "expected: its test is marked xfail" in page


def test_a_gate_that_is_run_again(deaf):
    """If a plugin reruns a test, only the gate of the last run counts."""
    deaf.configure(tables=LENIENT)
    deaf.write(test_gates=PASSES_AGAIN)

    result = deaf.run(*BASE, "--reruns", "1")

    assert result.ret == pytest.ExitCode.OK
    assert sum(line.startswith("PASS ") for line in result.outlines) == 1
