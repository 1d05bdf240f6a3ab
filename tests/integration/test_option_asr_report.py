"""--asr-report: the results as one HTML file."""


def test_a_report(project):
    """The page has the verdict and every clip with its audio and text, and the run says where the page is."""
    project.clip("one", "hello there", says="hello where")
    project.evals("accuracy")

    result = project.run("--asr-report", "report.html")

    page = (project.path / "report.html").read_text(encoding="utf-8")
    assert '"columns":["hello",["there","where"]]' in page
    assert 'class="verdict PASS"' in page
    assert 'data-media="audio/' in page
    assert '"audio":"#audio-0"' in page
    result.stdout.fnmatch_lines(["asrlab: report *report.html written"])
