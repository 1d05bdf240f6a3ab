"""Runs with a normalizer of the project, and one whose normalizer fails on a text."""

import pytest

from asrlab_pytest.cli import main

RULES = """
def normalize(text):
    if "sea" in text and BREAKS:
        raise RuntimeError("no sea")
    return text.lower().replace("fiend", "friend")
"""
OUTPUTS = ("--junitxml=junit.xml", "--benchmark-json=results.json", "--asr-markdown=run.md", "--asr-report=run.html")


@pytest.fixture(scope="module")
def breaking(fresh_project):
    """A run of two clips whose normalizer fails on the second, with a test that scores and one that does not."""
    with fresh_project("breaking") as project:
        (project.path / "breaking_rules.py").write_text(f"BREAKS = True\n{RULES}")
        project.configure('normalization = "python:breaking_rules:normalize"\n')
        project.clip("one", "hello my friend", says="hello my fiend")
        project.clip("two", "we saw the sea")
        project.evals("accuracy")
        project.write(test_only="def test_only(asr_case):\n    asr_case.transcribe()\n")
        yield project, project.run("--asr-record=run.jsonl", *OUTPUTS), project.run("test_only.py", *OUTPUTS[:2])


def test_a_text_that_cannot_be_scored(breaking):
    """The test that asks for the score fails, the run goes on, and there is one line in place of the scorecard."""
    _, result, _ = breaking

    result.assert_outcomes(failed=1, passed=3)
    result.stdout.fnmatch_lines(
        ["asrlab: no scorecard: normalization * failed on 'we saw the sea': RuntimeError: no sea"]
    )
    result.stdout.fnmatch_lines(["asrlab: the report *run.html was not written: normalization *"])
    assert "Traceback" not in result.stdout.str()
    assert "INTERNALERROR" not in result.stdout.str()


def test_where_a_normalizer_fails(breaking):
    """The failed test shows the text, the error and the user's line, and no code of the plugin."""
    project, result, _ = breaking
    place = project.path / "breaking_rules.py"

    result.stdout.fnmatch_lines(["normalization * failed on *", f"  hint: correct line 5 of {place}"], consecutive=True)
    assert "asrlab_pytest/" not in result.stdout.str()


def test_no_test_asks_for_the_score(breaking):
    """A run that cannot be scored is not green, although no test of it scores anything."""
    _, _, result = breaking

    result.assert_outcomes(passed=2, warnings=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: no scorecard: normalization *"])


def test_observations_outlast_the_rules(breaking):
    """Transcripts are recorded, and are in pytest-benchmark's JSON, even if they cannot be scored."""
    project, _, _ = breaking
    results = project.json("results.json")
    clips = [entry["extra_info"]["asr"]["clip"] for entry in results["benchmarks"] if "asr" in entry["extra_info"]]
    clips += [row["clip"] for row in results["asrlab"]["observations"]]

    assert sorted(row["clip"] for row in project.record()[1]) == ["one", "two"]
    assert sorted(clips) == ["one", "two"]


@pytest.mark.parametrize("chosen", ["python:own_rules:normalize", "house"])
def test_rescoring_by_own_rules(fresh_project, breaking, monkeypatch, capsys, chosen):
    """`asrlab rescore` uses the project's normalization, also from a folder below the project's."""
    with fresh_project("own", like=breaking[0]) as project:
        (project.path / "own_rules.py").write_text(f"BREAKS = False\n{RULES}")
        house = '[tool.asrlab.normalizations.house]\nbase = "python:own_rules:normalize"\n'
        project.configure(f'normalization = "{chosen}"\n', tables=house)
        monkeypatch.chdir(project.path / "clips")

        assert main(["rescore", "../run.jsonl"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert (chosen in lines[0], "0.0% / 0.0%" in lines[1]) == (True, True)
