"""--asr-corpus: where the clips are."""

import pytest


@pytest.fixture
def elsewhere(project):
    """A project whose clips lie in another folder than the configured one."""
    project.clip("one", "hello there")
    (project.path / "clips").rename(project.path / "recordings")
    project.evals("accuracy")
    return project


@pytest.mark.parametrize("name", ["recordings", "recordings/manifest.jsonl"])
def test_folder_or_manifest(elsewhere, name):
    """The corpus is named by its folder or its manifest, and is in the scorecard."""
    result = elsewhere.run("--asr-corpus", name)

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["asrlab: *; corpus recordings*"])


def test_an_absolute_path(elsewhere):
    """An absolute path is taken as it is."""
    elsewhere.run("--asr-corpus", str(elsewhere.path / "recordings")).assert_outcomes(passed=1)


def test_a_path_from_where_pytest_was_called(elsewhere, monkeypatch):
    """A relative path on the command line starts where pytest was called, as every path there does."""
    (elsewhere.path / "sub").mkdir()
    monkeypatch.chdir(elsewhere.path / "sub")

    elsewhere.run("--rootdir", "..", "-c", "../pyproject.toml", "--asr-corpus", "../recordings", "..").assert_outcomes(
        passed=1
    )


def test_no_such_corpus(elsewhere):
    """A corpus that is not there ends the run with status 4 and its path."""
    result = elsewhere.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: no corpus at {elsewhere.path}/clips: *", "  hint: *asrlab init"])


def test_a_wrong_manifest(elsewhere):
    """A wrong line of the manifest ends the run with status 4, file and line, and no traceback."""
    (elsewhere.path / "recordings" / "manifest.jsonl").write_text('{"audio": "one.wav", "text": "a"}\n{"audio": 1}\n')

    result = elsewhere.run("--asr-corpus", "recordings")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {elsewhere.path}/recordings/manifest.jsonl:2: key 'audio': *"])
    assert "Traceback" not in result.stdout.str() + result.stderr.str()
