"""The command line in a folder that is not a project."""

import pytest

from asrlab_pytest.cli import main


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working directory, which is not a project."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def asrlab(folder, capsys):
    """Runs `asrlab` and returns the exit status, standard output and standard error."""

    def run(*arguments):
        status = main([*map(str, arguments)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run
