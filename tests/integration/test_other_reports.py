"""What other reports of pytest show of cases: JUnit files, one-line tracebacks, plugins that are named by hand."""

import sys
import xml.etree.ElementTree as ET

import pytest


@pytest.fixture(scope="module")
def reported(fresh_project):
    """A run of one clip that is heard right and one that is not, with one-line tracebacks and a JUnit file."""
    with fresh_project("reported") as project:
        project.configure(tables="[tool.asrlab.thresholds]\nwer = 0.1\n")
        project.clip("right", "hello there")
        project.clip("wrong", "we saw the sea", says="we saw a sea")
        project.evals("accuracy")
        project.write(test_plain="def test_plain(): pass")
        result = project.run("--tb=line", "--junitxml=junit.xml")
        return result, ET.parse(project.path / "junit.xml")


def properties(case):
    return {one.get("name"): float(one.get("value")) for one in case.iter("property")}


def test_junit_has_the_figures(reported):
    """Each case of the JUnit file has its WER, CER and RTF as properties, whether it passed or failed, and no other."""
    _, junit = reported

    cases = {case.get("name"): properties(case) for case in junit.iter("testcase")}

    right, wrong = cases["test_accuracy[polly-right]"], cases["test_accuracy[polly-wrong]"]
    assert (right["wer"], right["cer"], wrong["wer"]) == (0, 0, 0.25)
    assert right["rtf"] > 0
    assert cases["test_plain"] == {}


def test_a_failure_in_one_line(reported):
    """With --tb=line a missed threshold is one line of file, line and sentence."""
    result, _ = reported

    result.stdout.fnmatch_lines(["*test_accuracy.py:*: *WER 25.0%*10.0%*"])
    result.stdout.no_fnmatch_line("*namespace(*")
    result.stdout.no_fnmatch_line("reference: *")


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is of Linux")
def test_a_junit_file_on_a_full_disk(project):
    """A JUnit file that cannot be written fails the run in a line, and the record and the scorecard are whole."""
    project.clip("one", "hello there")
    project.evals("accuracy")

    result = project.run("--junitxml=/dev/full", "--asr-record", "run.jsonl")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*asrlab scorecard*", "asrlab: the file of --junitxml was not written: No space *"])
    result.stdout.no_fnmatch_line("*generated xml file*")
    assert "Traceback" not in result.stdout.str() + result.stderr.str()
    assert '"kind": "end"' in (project.path / "run.jsonl").read_text()


def test_a_plugin_that_fails_at_the_end(project):
    """A record has its end although a plugin raises when the session has finished."""
    project.clip("one", "hello there")
    project.evals("accuracy")
    project.write(conftest="def pytest_sessionfinish(): raise ConnectionError('no answer')")

    result = project.run("--asr-record", "run.jsonl")

    assert "ConnectionError: no answer" in result.stdout.str() + result.stderr.str()
    assert '"kind": "end"' in (project.path / "run.jsonl").read_text()


def test_plugins_named_by_hand(project, monkeypatch):
    """Where pytest loads no plugin by itself and both are named, pytest-benchmark times the cases as ever."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    project.clip("one", "hello there")
    project.evals("accuracy")
    by_hand = ("-p", "asrlab_pytest.plugin", "-p", "pytest_benchmark.plugin")

    result = project.run(*by_hand, "--benchmark-json", "results.json")

    result.assert_outcomes(passed=1)
    assert [entry["extra_info"]["asr"]["wer"] for entry in project.json("results.json")["benchmarks"]] == [0]
