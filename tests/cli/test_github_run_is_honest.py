"""`asrlab github run`: the step is green, and its outputs say "written" and "compared", only if that is true."""

import json
from pathlib import Path

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.cli.github import evaluation

WRITTEN = {"--asr-markdown": "<!-- asrlab-pytest -->\n", "--asr-baseline": '{"kind": "baseline"}\n'}
"""What a run writes, by option."""


@pytest.fixture
def step(tmp_path, monkeypatch):
    """Runs the step with a pytest that exits with a status and writes files, by option; returns status and outputs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    monkeypatch.setenv("GITHUB_EVENT_NAME", "push")
    monkeypatch.setenv("GITHUB_REF", "refs/heads/main")
    monkeypatch.setenv("GITHUB_REF_NAME", "main")

    def run(*options, exits=0, writes=("--asr-markdown",)):
        def pytest_run(arguments):
            for argument in arguments:
                name, _, path = argument.partition("=")
                if name in writes:
                    Path(path).write_text(WRITTEN[name])
            return exits

        monkeypatch.setattr(evaluation, "_run_pytest", pytest_run)
        status = main(["github", "run", "--results=out", *options])
        output = tmp_path / "output"
        lines = output.read_text().splitlines() if output.exists() else []
        return status, dict(line.split("=", 1) for line in lines)

    return run


@pytest.mark.parametrize("arguments", ["--setup-plan", "--collect-only", "--help"])
def test_a_run_without_a_case(step, capsys, arguments):
    """A run that pytest reports as passed, but that left no result, has status 1 and an annotation."""
    Path("base.jsonl").write_text("old")

    status, outputs = step(f"--args={arguments}", "--baseline=base.jsonl", writes=())

    assert (status, outputs["exit-status"], outputs["baseline"]) == (1, "1", "")
    assert "::error title=asrlab::no case ran" in capsys.readouterr().err


@pytest.mark.parametrize("name", [*evaluation._OWN])
def test_options_of_the_action(step, capsys, name):
    """An option that the action sets itself is refused in args and path, before anything runs."""
    for option in ("args", "path"):
        assert step(f"--{option}=evals {name}=other")[0] == 2
        sentence = f"the action sets {name} itself, so path, args and PYTEST_ADDOPTS cannot\n  hint: "
        assert sentence in capsys.readouterr().err


def test_options_of_the_action_in_other_places(step, tmp_path, monkeypatch, capsys):
    """Options that the action sets are refused in files of arguments and in PYTEST_ADDOPTS, too."""
    (tmp_path / "more.txt").write_text("--asr-update-baseline\n")
    (tmp_path / "options.txt").write_text(f"-v\n@{tmp_path / 'more.txt'}\n")

    assert step(f"--args=@{tmp_path / 'options.txt'}")[0] == 2
    assert "the action sets --asr-update-baseline itself" in capsys.readouterr().err
    monkeypatch.setenv("PYTEST_ADDOPTS", "-v --asr-baseline=other.jsonl")
    assert step()[0] == 2
    assert "the action sets --asr-baseline itself" in capsys.readouterr().err


def test_a_baseline_that_is_not_written(step, tmp_path):
    """A run that ends before it writes the baseline reports neither written nor compared, even if the file exists."""
    (tmp_path / "base.jsonl").write_text("old")

    for update in ("always", "never"):
        status, outputs = step("--baseline=base.jsonl", f"--update-baseline={update}", exits=4, writes=())

        assert (status, outputs["baseline"], outputs["keep-baseline"]) == (4, "", "false")


def test_a_baseline_that_is_written(step, tmp_path, capsys):
    """A written baseline is reported even if a test failed; that of a narrowed run has a warning."""
    files = ("--asr-markdown", "--asr-baseline")
    assert step("--baseline=base.jsonl", exits=1, writes=files)[1]["baseline"] == "written"
    assert capsys.readouterr().err.count("::warning") == 0

    narrow = step("--baseline=base.jsonl", "--update-baseline=always", "--args=--asr-clip=c0 -k one", writes=files)[1]

    assert (narrow["baseline"], json.loads(narrow["keep-baseline"])) == ("written", True)
    assert "the baseline base.jsonl has only what --asr-clip, -k chose" in capsys.readouterr().err

    step("--baseline=base.jsonl", "--update-baseline=always", "--models=m", writes=files)

    assert "the baseline base.jsonl has only what --asr-model chose" in capsys.readouterr().err
