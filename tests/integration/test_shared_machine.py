"""A bound on absolute time, on a machine that has other work."""

import pytest

DOUBT = "asrlab: the machine was busy or shared ("


@pytest.fixture
def bounded(project):
    """A project with a bound on RTF, and evals that judge it or do not."""
    project.configure(tables="[tool.asrlab.corpus_thresholds]\nrtf = 50.0\n")
    project.clip("one", "hello there")
    project.evals("accuracy", "latency")
    return project


@pytest.mark.parametrize(
    ("variables", "load", "words"),
    [({"CI": "true"}, 0.0, "CI is set"), ({}, 1000.0, "load * per core")],
)
def test_doubted(bounded, monkeypatch, variables, load, words):
    """It is said in CI and on a machine with more work than cores, and changes no exit status."""
    monkeypatch.setattr("os.getloadavg", lambda: (load, load, load), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    result = bounded.run()

    assert result.ret == 0
    result.stdout.fnmatch_lines([f"{DOUBT}{words}*", "  *max_rtf_ratio*"])
    place = next(number for number, line in enumerate(result.outlines) if line.startswith(DOUBT))
    assert max(map(len, result.outlines[place : place + 3])) <= 80


def test_quiet(bounded, monkeypatch):
    """Nothing is said on a machine without other work."""
    monkeypatch.setattr("os.getloadavg", lambda: (0.0, 0.0, 0.0), raising=False)

    bounded.run().stdout.no_fnmatch_line(f"{DOUBT}*")


def test_no_bound_judged(bounded, monkeypatch):
    """Nothing is said where no bound on RTF was judged."""
    monkeypatch.setenv("CI", "true")

    bounded.run("test_accuracy.py").stdout.no_fnmatch_line(f"{DOUBT}*")
