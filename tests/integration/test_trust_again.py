"""What a second attack found: tests that vanish, reports over inputs, secrets by other names, one file by two names."""

import os

import pytest

DROPPING = """
def pytest_collection_modifyitems(items):
    items[:] = items[:1]
"""
DESELECTING = """
def pytest_collection_modifyitems(config, items):
    config.hook.pytest_deselected(items=items[1:])
    items[:] = items[:1]
"""


@pytest.fixture
def three(project):
    """A project of three clips."""
    for name in ("one", "two", "three"):
        project.clip(name, "hello there")
    project.evals("accuracy")
    return project


@pytest.mark.parametrize("arguments", [(), ("-n", "2")], ids=["one process", "xdist"])
def test_cases_that_vanish(three, arguments):
    """A hook that takes cases out of the list without a word fails the run, which names them."""
    three.pytester.makeconftest(DROPPING)
    result = three.run(*arguments)

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: 2 tests of models did not run, and nothing deselected them: *polly-two*"])


@pytest.mark.parametrize(
    ("conftest", "arguments"), [(DESELECTING, ()), (DROPPING, ("--asr-model", "polly")), (DROPPING, ("-k", "one"))]
)
def test_cases_that_are_left_out(three, conftest, arguments):
    """Cases that a hook deselects as pytest asks, and those that a narrowed run misses, fail nothing."""
    three.pytester.makeconftest(conftest)

    assert three.run(*arguments).ret == pytest.ExitCode.OK


@pytest.mark.parametrize("arguments", [(), ("-n", "1")], ids=["one process", "xdist"])
def test_a_report_of_a_refused_run(three, arguments):
    """A run that is refused for one mistake does not write pytest's report over a file that it was to read."""
    manifest = three.path / "clips" / "manifest.jsonl"
    before = manifest.read_bytes()

    result = three.run("--asr-model", "nosuch", "--junitxml", str(manifest), *arguments)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert manifest.read_bytes() == before


def test_a_report_over_a_conftest(three):
    """A report that would replace a conftest of the run is refused."""
    conftest = three.pytester.makeconftest("# mine\n")
    result = three.run("--junitxml", str(conftest))

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert conftest.read_text().strip() == "# mine"


def test_two_outputs_in_one_file(three):
    """Two outputs that are one file by hard links are refused."""
    first, second = three.path / "run.jsonl", three.path / "asr.md"
    first.touch()
    os.link(first, second)
    result = three.run("--asr-record", "run.jsonl", "--asr-markdown", "asr.md")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *would be overwritten*"])


@pytest.mark.parametrize("deed", ["unlink()", "write_bytes(b'')"])
def test_a_record_that_is_lost(three, deed):
    """A record that is deleted or emptied during the run, by an engine or another program, fails the run."""
    three.write(test_zz=f"def test_last(asr_case):\n    __import__('pathlib').Path('run.jsonl').{deed}\n")
    result = three.run("--asr-record", "run.jsonl", "--asr-clip", "one")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: the record *run.jsonl was deleted or changed by another"])
