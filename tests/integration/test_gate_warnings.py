"""A gate that cannot tell, as a warning of pytest's own."""

import json

import pytest

SAID = [f"{name} wanted nine more of them today" for name in ("anna", "ben", "cara", "dora", "emil", "fritz")]


def rewrite(project, texts):
    """Let the baseline have other texts."""
    path = project.path / "base.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        if line.get("clip") in texts:
            line["hypothesis"] = texts[line["clip"]]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


@pytest.fixture
def doubtful(project):
    """A project whose model became worse on one of six clips."""
    for number, text in enumerate(SAID):
        project.clip(f"c{number}", text, says=text if number else "wanted nine more of those")
    project.evals("regression")
    project.run("--asr-baseline", "base.jsonl", "--asr-update-baseline")
    rewrite(project, {"c0": SAID[0]})
    return project


def gate(project, *options):
    return project.run("test_regression.py", "--asr-baseline", "base.jsonl", *options)


def test_undecided_is_a_warning(doubtful):
    """A gate that cannot tell counts among pytest's warnings, with its sentence, at the test that asked."""
    result = gate(doubtful)

    assert result.ret == 0
    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(
        ["*test_regression.py:*: AsrGateWarning: UNDECIDED accuracy of polly: WER * -> *, * worse, 0 better"]
    )


@pytest.mark.parametrize("option", ["error", "error::asrlab_pytest.AsrGateWarning"])
def test_where_warnings_are_errors(doubtful, option):
    """Where warnings are errors it is still shown as one, and neither fails the test nor hides the verdict."""
    result = gate(doubtful, "-W", option)

    assert result.ret == 0
    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.fnmatch_lines(["UNDECIDED * polly*"])


def test_ignored(doubtful):
    """A project that ignores the category sees no warning, and the verdict in its block."""
    result = gate(doubtful, "-W", "ignore::asrlab_pytest.AsrGateWarning")

    result.assert_outcomes(passed=1, warnings=0)
    result.stdout.fnmatch_lines(["UNDECIDED * polly*"])


def test_a_speaker_who_became_worse(project):
    """A gate that passes warns of the one speaker who became much worse, by name."""
    for number in range(30):
        text, is_anna = SAID[number % 6], number < 6
        says = "wanted nine more of them to day" if is_anna else text
        project.clip(f"c{number}", text, says=says, group="anna" if is_anna else f"g{number % 9}")
    project.evals("regression")
    project.run("--asr-baseline", "base.jsonl", "--asr-update-baseline")
    # What anna lost, the others gained.
    rewrite(project, {f"c{number}": SAID[number % 6] if number < 6 else "" for number in range(9)})

    result = gate(project)

    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(["PASS *", "*warning: anna: WER rose by * points, from 0.0% to *"])


@pytest.mark.parametrize("options", [(), ("-W", "error")], ids=["default", "error"])
def test_without_a_test_of_the_gate(doubtful, options):
    """The comparison at the end of a run without a test of the gate warns in the same way."""
    doubtful.evals("accuracy")

    result = doubtful.run("test_accuracy.py", "--asr-baseline", "base.jsonl", *options)

    assert result.ret == 0
    result.assert_outcomes(passed=6, warnings=1)
    result.stdout.fnmatch_lines(["*AsrGateWarning: UNDECIDED accuracy of polly: WER * -> *, * worse, 0 better"])


def test_one_warning_of_a_gate(doubtful):
    """What a test has warned of is not warned of again at the end of the run."""
    doubtful.evals("accuracy")

    result = doubtful.run("--asr-baseline", "base.jsonl")

    result.assert_outcomes(passed=7, warnings=1)


def test_ignored_at_the_end(doubtful):
    """A project that ignores the category sees no warning of the comparison at the end of the run."""
    doubtful.evals("accuracy")

    result = doubtful.run(
        "test_accuracy.py", "--asr-baseline", "base.jsonl", "-W", "ignore::asrlab_pytest.AsrGateWarning"
    )

    result.assert_outcomes(passed=6, warnings=0)
    result.stdout.fnmatch_lines(["UNDECIDED * polly*"])


def test_undecided_that_fails_is_no_warning(doubtful):
    """With --asr-undecided=fail the verdict of the comparison at the end of the run fails it, and is no warning."""
    doubtful.evals("accuracy")

    result = doubtful.run("test_accuracy.py", "--asr-baseline", "base.jsonl", "--asr-undecided", "fail")

    assert result.ret == 1
    result.assert_outcomes(passed=6, warnings=0)
    result.stdout.fnmatch_lines(["asrlab: UNDECIDED accuracy of polly against the baseline base.jsonl (see above)"])
