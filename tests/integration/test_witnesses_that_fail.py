"""A witness that fails on clips, or hangs on one: the run is not green, and says why in a line."""

import json
import os
import subprocess
import sys

import pytest

import asrlab_pytest.corpus.audio  # noqa: F401 - what it imports cannot be imported again by the next project
from asrlab_pytest.cli import main
from voices import SENTENCES, speak

TABLE = """
[tool.asrlab.models.wit]
engine = "wicked"
weights = "here"
{keys}
options = {{ does = "{deed}", on = "{on}" }}
"""
AUDIT = "def test_corpus_audit(asr_audit):\n    asr_audit.check()\n"
ONE = "asrlab: the witness wit failed on 1 of 3 clips, first on clip1: RuntimeError: boom"
HINT = "hint: try it on this clip: asrlab audit --clip clip1 --witness wit"


@pytest.fixture
def lab(project):
    """A project of three clips, a parrot and a witness of the wicked engine, which does its deed on the second."""

    def make(deed, keys="", on=SENTENCES[1], toml=""):
        for number, text in enumerate(SENTENCES[:3]):
            speak(project.clip(f"clip{number}", text, seconds=5.0), seed=number)
        project.configure(toml, tables=TABLE.format(deed=deed, keys=keys, on=on))
        project.evals("accuracy")
        project.write(test_corpus_audit=AUDIT)
        return project

    return make


@pytest.mark.parametrize("arguments", [(), ("-n", "1"), ("test_corpus_audit.py", "-n", "1")])
def test_a_witness_that_fails_on_a_clip(lab, arguments):
    """A witness that fails on a clip fails the run, also under xdist, and where the audit is all that runs."""
    result = lab("shout").run("--asr-witness", "wit", "--asr-markdown", "a.md", *arguments)

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=1 if "test_corpus_audit.py" in arguments else 4)
    result.stdout.fnmatch_lines([f"{ONE}*", f"*{HINT}"])


def test_the_verdict_of_a_run_whose_witness_failed(lab):
    """What a pull request and the record see of the run is not green either."""
    project = lab("shout")

    project.run("--asr-witness", "wit", "--asr-markdown", "a.md", "--asr-record", "run.jsonl")

    assert "asrlab: FAIL" in (project.path / "a.md").read_text(encoding="utf-8")
    verdict = json.loads((project.path / "run.jsonl").read_text(encoding="utf-8").splitlines()[-1])["verdict"]
    assert ONE.removeprefix("asrlab: ") in " ".join(verdict["troubles"])


def test_a_witness_that_needs_too_long_in_a_process_of_its_own(lab):
    """In a process of its own, a witness that hangs fails on that clip alone."""
    result = lab("hang", "isolate = true").run("--asr-witness", "wit", "--asr-timeout", "2")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*the witness wit failed on 1 of 3 clips, first on clip1: *no answer within 2 s"])


@pytest.mark.parametrize("arguments", [("-p", "no:xdist"), ("-n", "1")])
def test_a_witness_that_hangs(lab, arguments):
    """A witness that takes longer than the limit ends the run: named with its clip, and without an older record."""
    project = lab("hang")
    (project.path / "run.jsonl").write_text('{"kind": "environment", "earlier": true}\n', encoding="utf-8")

    result = project.run_apart("--asr-witness", "wit", "--asr-timeout", "1.5", "--asr-record", "run.jsonl", *arguments)

    assert result.ret != pytest.ExitCode.OK
    told = result.stderr.str()
    assert "asrlab: model wit gave no answer on clip clip1 within 1.5 s: the run ends here" in told
    assert "earlier" not in (project.path / "run.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [(), ("-n", "2")])
def test_a_witness_that_does_not_load(lab, arguments):
    """A witness that does not load ends the run before any test, in words."""
    project = lab("nothing")
    project.configure(tables='[tool.asrlab.models.wit]\nengine = "parrot"\nweights = "rotten"\n')

    result = project.run("--asr-witness", "wit", *arguments)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "the parrot is dead\n  hint: return it to the shop" in f"{result.stdout}{result.stderr}"
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


def test_the_time_limit_holds_for_models_again(lab):
    """A model under test that hangs after a witness that did not is recorded as its own failure."""
    project = lab("hang")
    hanging = TABLE.format(deed="hang", keys="", on=SENTENCES[1])
    harmless = TABLE.format(deed="hang", keys="", on="nothing")
    project.configure('model = ["m"]', models=(), tables=hanging.replace("wit]", "m]") + harmless)

    result = project.run_apart(
        "--asr-witness", "wit", "--asr-timeout", "1.5", "--asr-record", "run.jsonl", "-p", "no:xdist"
    )

    assert "asrlab: model m gave no answer on clip clip1 within 1.5 s: the run ends here" in result.stderr.str()
    lines = [json.loads(line) for line in (project.path / "run.jsonl").read_text().splitlines()]
    assert [(line["kind"], line.get("clip")) for line in lines[1:]] == [("observation", "clip0"), ("failure", "clip1")]


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_the_command(lab, arguments, capsys, monkeypatch):
    """`asrlab audit` says that a witness failed, with exit status 1, and does not ask for a witness."""
    monkeypatch.chdir(lab("shout").path)

    assert main(["audit", "--witness", "wit", *arguments]) == 1

    told = capsys.readouterr().out
    assert ONE.removeprefix("asrlab: ") in told
    assert "0 with errors" in told
    assert main(["audit", "--witness", "wit", "--clip", "clip1"]) == 1
    told = capsys.readouterr().out
    assert "the witness wit failed on 1 of 1 clip, first on clip1: RuntimeError: boom" in told
    assert "no model has transcribed these clips" not in told
    assert main(["audit", "--witness", "wit", "--clip", "clip0"]) == 0


def test_a_review_with_a_witness_that_fails(lab, capsys, monkeypatch):
    """A review says the same."""
    project = lab("shout")
    monkeypatch.chdir(project.path)
    (project.path / "answers").write_text("", encoding="utf-8")

    assert main(["audit", "--witness", "wit", "--review", "--answers", "answers"]) == 1

    assert ONE in capsys.readouterr().err


def test_a_witness_that_hangs_in_the_command(lab, monkeypatch):
    """The time limit of the project holds in `asrlab audit`, too."""
    project = lab("hang", toml="timeout = 1.5")
    monkeypatch.chdir(project.path)
    with project.forks():
        ended = subprocess.run(
            [sys.executable, "-m", "asrlab_pytest.cli", "audit", "--witness", "wit"],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ,
        )

    assert ended.returncode == 1
    assert "asrlab: model wit gave no answer on clip clip1 within 1.5 s: the run stops here" in ended.stderr
    assert "hint: allow more time with timeout in [tool.asrlab]" in ended.stderr


def test_a_clip_that_cannot_be_read(lab):
    """A clip whose audio cannot be read is the audit's own finding, not a failure of the witness."""
    project = lab("nothing", on="nothing")
    (project.path / "clips" / "clip1.wav").write_bytes(b"no audio")

    result = project.run("--asr-witness", "wit", "test_corpus_audit.py")

    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*the witness*")
