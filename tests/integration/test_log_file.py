"""pytest's logs: the file of --log-file or --debug is none that a run reads, and no log shows a secret."""

import pytest


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("clips/manifest.jsonl", "the list of clips"),
        ("clips/eins.wav", "the audio of eins"),
        ("b.jsonl", "the baseline"),
        ("test_accuracy.py", "a source of the project"),
    ],
)
@pytest.mark.parametrize("option", ["--log-file", "--debug"])
def test_an_input_is_not_a_log(project, option, path, what):
    """A log over an input ends the run before the file is touched, with its name and what it is."""
    project.clip("eins", "hello there")
    project.evals("accuracy")
    (project.path / "b.jsonl").write_text('{"kind": "baseline"}\n')
    content = (project.path / path).read_bytes()

    result = project.run("--asr-baseline", "b.jsonl", option, path)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {option} *{path}: the file is {what}, and would be overwritten"])
    assert (project.path / path).read_bytes() == content


def test_a_log_of_an_earlier_run(project):
    """A log is written over, whatever its name, but no record is."""
    project.clip("eins", "hello there")
    project.evals("accuracy")
    for name in ("run.log", "log"):
        (project.path / name).write_text("WARNING  root:test.py:1 earlier\n")

        assert project.run("--log-file", name).ret == 0

        assert "earlier" not in (project.path / name).read_text()
    earlier = project.path / "run.jsonl"
    assert project.run("--asr-record", "run.jsonl").ret == 0
    content = earlier.read_bytes()
    assert project.run("--asr-record", "run.jsonl", "--log-file", "run.jsonl").ret == pytest.ExitCode.USAGE_ERROR
    assert earlier.read_bytes() == content
    assert project.run("--asr-record", "new", "--log-file", "new").ret == pytest.ExitCode.USAGE_ERROR
    project.configure("model = 3\n")
    assert project.run("--log-file", "log").ret == pytest.ExitCode.USAGE_ERROR


def test_a_log_of_debugging(project):
    """A log of debugging is written over, but no record is, neither an earlier one nor one of this run."""
    project.clip("eins", "hello there")
    project.evals("accuracy")
    for _ in range(2):
        assert project.run("--debug", "trace").ret == 0
    assert project.run("--asr-record", "run.jsonl").ret == 0
    content = (project.path / "run.jsonl").read_bytes()

    for name in ("run.jsonl", "new.jsonl"):
        result = project.run("--asr-record", name, "--debug", name)

        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines([f"*ERROR: --debug *{name}: the file is what --asr-record writes, *"])
    assert (project.path / "run.jsonl").read_bytes() == content


def test_secrets_in_logs(project):
    """A secret that is logged is in neither the log file nor the live log."""
    project.configure(tables='[tool.asrlab.models.polly.options]\napi_key = "sk-SECRET5/+"\n')
    project.clip("eins", "hello there")
    project.write(
        test_it="import logging\n"
        "def test_it(asr_case):\n"
        "    asr_case.check('wer')\n"
        "    logging.getLogger('engine').warning('sent %s', 'sk-SECRET5/+')\n"
    )

    result = project.run("--log-file", "run.log", "-o", "log_cli=true")

    assert "sent ***" in (project.path / "run.log").read_text()
    assert "sent ***" in result.stdout.str()
    assert "SECRET5" not in result.stdout.str() + (project.path / "run.log").read_text()
