"""--asr-report: the results as one HTML file."""

import pytest


def test_a_report(project):
    """The page has the verdict and every clip with its audio and text, and the run says where the page is."""
    project.clip("one", "hello there", says="hello where")
    project.evals("accuracy")

    result = project.run("--asr-report", "report.html")

    page = (project.path / "report.html").read_text(encoding="utf-8")
    assert '"columns":["hello",["there","where"]]' in page
    assert 'class="verdict PASS"' in page
    assert 'id="audio-0"' in page
    assert '"audio":"#audio-0"' in page
    result.stdout.fnmatch_lines(["asrlab: report *report.html written"])

    project.run("--asr-report", "report.html", "--asr-no-audio")
    assert "audio-0" not in (project.path / "report.html").read_text(encoding="utf-8")


def test_another_file_is_refused_before_any_test(project):
    """A file that is no report is not replaced, and the run is refused before a model is loaded."""
    project.clip("one", "hello there")
    project.evals("accuracy")
    (project.path / "report.html").write_text("mine")

    result = project.run("--asr-report", "report.html")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert (project.path / "report.html").read_text() == "mine"
    result.stderr.fnmatch_lines(["*report.html already exists and is not a report of asrlab*"])


def test_a_report_that_cannot_be_written(project):
    """A report that cannot be written fails a run that passed, with the reason."""
    project.clip("one", "hello there")
    project.evals("accuracy")
    (project.path / "file").write_text("")

    result = project.run("--asr-report", "file/report.html")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*the report *report.html was not written: *"])


def test_workers(project):
    """The page of a run on workers shows what that of one process does."""
    project.clip("one", "hello there", says="hello where")
    project.clip("two", "good night")
    project.evals("accuracy")

    project.run("-n", "1", "--asr-report", "out/report.html")

    page = (project.path / "out" / "report.html").read_text(encoding="utf-8")
    assert '"id":"one"' in page
    assert '"id":"two"' in page
    assert "tests ran in parallel" in page


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_warnings(project, workers):
    """The page and the Markdown repeat what the run warns of, once, and no warning that the project ignores."""
    for name in ("one", "two"):
        project.clip(name, "hello there")
    project.evals("accuracy")
    project.configure(tables="[tool.asrlab.thresholds]\nwer = 2.0\n[tool.asrlab.corpus_thresholds]\nwer = 0.5\n")
    options = ("--asr-report", "report.html", "--asr-markdown", "run.md", *workers)
    hint = "hint: check it in a test, such as with asr_case.check() or asr_corpus.check(), or remove it"

    result = project.run(*options, "-k", "one")

    assert result.ret == 0
    for text in (project.path / "report.html", project.path / "run.md"):
        page = " ".join(text.read_text(encoding="utf-8").replace("&#95;", "_").split())
        assert page.count(f"wer ({hint})") == 1
        assert page.count("write 0.02 for 2%") == 1

    project.run(*options, "-k", "one", "-W", "ignore::asrlab_pytest.AsrlabWarning")
    assert "Warnings" not in (project.path / "run.md").read_text(encoding="utf-8")
