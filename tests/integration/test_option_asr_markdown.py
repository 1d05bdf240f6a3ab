"""--asr-markdown, and what GitHub Actions is told: the results where a pull request shows them."""

import os

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.report.markdown import MARKER


@pytest.fixture(scope="module")
def known(fresh_project):
    """A project of six clips that a baseline knows without an error, and of which each now has one."""
    with fresh_project("known") as project:
        for number in range(6):
            project.clip(f"c{number}", "go forward ten meters", says="go backward ten meters")
        project.evals("accuracy", "regression")
        project.run("--asr-baseline", "base.jsonl", "--asr-update-baseline")
        baseline = project.path / "base.jsonl"
        baseline.write_text(baseline.read_text().replace("backward", "forward"))
        return project


@pytest.fixture
def worse(fresh_project, known):
    """A copy of the project."""
    with fresh_project("worse", like=known) as project:
        yield project


def in_actions(patch, path):
    """GitHub Actions with a summary for the step, which is this file."""
    path.write_text("# before\n")
    patch.setenv("GITHUB_ACTIONS", "true")
    patch.setenv("GITHUB_STEP_SUMMARY", str(path))
    for name, value in (("SERVER_URL", "https://example.com"), ("REPOSITORY", "me/it"), ("RUN_ID", "7")):
        patch.setenv(f"GITHUB_{name}", value)
    return path


@pytest.fixture
def actions(monkeypatch, tmp_path):
    """GitHub Actions with a summary for the step; its file."""
    return in_actions(monkeypatch, tmp_path / "summary.md")


@pytest.fixture(scope="module")
def failed(fresh_project, known, tmp_path_factory):
    """A run in GitHub Actions that fails: its result, its Markdown and the summary of the step."""
    with fresh_project("failed", like=known) as project, pytest.MonkeyPatch.context() as patch:
        summary = in_actions(patch, tmp_path_factory.mktemp("actions") / "summary.md")
        result = project.run("--asr-baseline", "base.jsonl", "--asr-markdown", "asr.md", "--benchmark-disable")
        return result, (project.path / "asr.md").read_text(), summary.read_text()


def test_a_run_that_passes(project):
    """The file has the verdict and the scorecard, and the run says where it is."""
    project.clip("one", "hello there")
    project.evals("accuracy")

    result = project.run("--asr-markdown", "out/asr.md")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["asrlab: Markdown *asr.md written"])
    text = (project.path / "out" / "asr.md").read_text()
    assert text.startswith(f"{MARKER}\n## ✅ asrlab: PASS\n\n**nothing was compared with a baseline.**\n")
    assert "| <code>polly</code> | 1 | 0.0% | 0.0% |" in text


def test_a_run_that_fails(failed):
    """The file is written although tests failed, with each failed test, each gate and its clips."""
    result, text, _ = failed

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert text.startswith(f"{MARKER}\n## ❌ asrlab: FAIL\n\n**1 gate failed (accuracy of <code>polly</code>); 1 test ")
    assert "- <code>test&#95;regression.py&#58;&#58;test&#95;regression&#91;polly&#93;</code>: WER " in text
    assert "### ❌ FAIL: accuracy of <code>polly</code> against its baseline" in text
    assert "<summary>6 clips worse: before, reference and now</summary>" in text
    assert "before (as written): go forward ten meters\nreference:  go forward  10 meters\n" in text
    assert "| <code>polly</code> | 6 | 25.0%" in text


def test_a_key_of_the_project(project):
    """The file can be named in the project's table."""
    project.clip("one", "hello there")
    project.evals("accuracy")
    project.configure('markdown = "asr.md"\n')

    project.run()

    assert (project.path / "asr.md").exists()


def test_a_file_that_cannot_be_written(project):
    """A file that was asked for and cannot be written fails the run, in words."""
    project.clip("one", "hello there")
    project.evals("accuracy")
    (project.path / "taken").write_text("")

    result = project.run("--asr-markdown", "taken/asr.md")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["asrlab: the Markdown *taken/asr.md was not written: *"])


@pytest.mark.parametrize("option", ["record", "markdown", "report", "baseline", "rescore"])
def test_a_file_without_a_name(project, option):
    """An option whose file has no name, as of an unset variable, is refused before any test runs."""
    project.clip("one", "hello there")
    project.evals("accuracy")

    result = project.run(f"--asr-{option}=")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert project.heard() == []


@pytest.mark.parametrize("option", ["--collect-only", "--setup-plan"])
def test_only_looking(project, actions, option):
    """A run that only shows its tests writes nothing."""
    project.clip("one", "hello there")
    project.evals("accuracy")

    project.run("--asr-markdown", "asr.md", option)

    assert not (project.path / "asr.md").exists()
    assert actions.read_text() == "# before\n"


def test_the_summary_of_the_step(failed):
    """In GitHub Actions the document is added to the step's summary without being asked for, with a link to the run."""
    _, _, text = failed

    assert text.startswith(f"# before\n\n{MARKER}\n## ❌ asrlab: FAIL\n")
    assert "[the run](https://example.com/me/it/actions/runs/7)" in text


def test_a_summary_that_is_full(project, actions):
    """A summary without room is left as it is, which the run says and does not fail for."""
    project.clip("one", "hello there")
    project.evals("accuracy")
    actions.write_text("x" * 1_000_000)

    result = project.run()

    assert result.ret == 0
    result.stdout.fnmatch_lines(["asrlab: the summary of the step is full: *"])
    assert actions.stat().st_size == 1_000_000


def test_a_summary_that_cannot_be_written(project, actions, monkeypatch):
    """A summary that cannot be written is a remark, and never a failure."""
    project.clip("one", "hello there")
    project.evals("accuracy")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(actions.parent))

    result = project.run()

    assert result.ret == 0
    result.stdout.fnmatch_lines(["asrlab: the summary of the step * was not written: Is a directory"])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_summary_that_is_read_only(project, actions):
    """A summary that may only be read is a remark, too."""
    project.clip("one", "hello there")
    project.evals("accuracy")
    actions.chmod(0o444)

    result = project.run()

    assert result.ret == 0
    result.stdout.fnmatch_lines(["asrlab: the summary of the step * was not written: Permission denied"])


def test_annotations_of_failures(failed):
    """In GitHub Actions a gate that failed is one annotation, and not another one as a test."""
    result, _, _ = failed

    found = [line for line in result.outlines if line.startswith("::")]
    assert len(found) == 1
    assert found[0].startswith(
        "::error title=FAIL accuracy of polly against its baseline::WER rose by 25.0 points, from "
    )
    assert "0.0%25 to 25.0%25" in found[0]


def test_annotations_of_thresholds(project, actions):
    """A case that exceeds its threshold is an annotation with the figure and the bound."""
    project.clip("one", "hello there", says="hello")
    project.evals("accuracy")
    project.configure(tables="[tool.asrlab.thresholds]\nwer = 0.1\n")

    result = project.run()

    (found,) = [line for line in result.outlines if line.startswith("::")]
    assert found.startswith("::error title=test_accuracy.py%3A%3Atest_accuracy[polly-one]::WER 50.0%25 > ")


@pytest.mark.parametrize(("undecided", "kind"), [("warn", "warning"), ("fail", "error")])
def test_annotations_of_undecided_gates(worse, actions, undecided, kind):
    """A gate that cannot tell is a warning, and an error where that fails the run."""
    result = worse.run("--asr-baseline", "base.jsonl", "--asr-clip", "c[0-2]", "--asr-undecided", undecided)

    (found,) = [line for line in result.outlines if line.startswith("::")]
    assert found.startswith(f"::{kind} title=UNDECIDED accuracy of polly against its baseline::Too few clips to tell")


def test_nothing_outside_of_github(worse, monkeypatch):
    """Elsewhere no line of a run is an annotation."""
    monkeypatch.setenv("GITHUB_ACTIONS", "false")

    result = worse.run("--asr-baseline", "base.jsonl", "--asr-markdown", "asr.md")

    assert not [line for line in result.outlines if line.startswith("::")]


@pytest.mark.parametrize("taken", ["asr.md", "run.html"])
def test_other_reports_of_a_run_whose_report_is_not_written(project, taken, monkeypatch, capsys):
    """Where a report cannot be written, the other one, the record and its report say so, and none says PASS."""
    project.clip("one", "hello there")
    project.evals("accuracy")
    project.write(
        conftest=f"import pathlib\ndef pytest_runtest_setup():\n    pathlib.Path('{taken}').mkdir(exist_ok=True)\n"
    )
    monkeypatch.chdir(project.path)

    result = project.run("--asr-markdown", "asr.md", "--asr-report", "run.html", "--asr-record", "run.jsonl")

    words = f"{taken} was not written"
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    other = (project.path / ("run.html" if taken == "asr.md" else "asr.md")).read_text()
    assert words in other
    assert 'class="verdict FAIL"' in other or "❌ asrlab: FAIL" in other
    assert main(["report", "run.jsonl"]) == 0
    assert "FAIL, as the run ended" in capsys.readouterr().out
