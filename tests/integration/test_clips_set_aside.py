"""Clips that the baseline has and the corpus too, and that a change takes out of the comparison."""

import json

import pytest

from asrlab_pytest.cli import main

WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa"
BASE = ("--asr-baseline", "base.jsonl")
QUARANTINE = {"review": {"decision": "quarantine", "reason": "noise", "date": "2026-01-02"}}


@pytest.fixture(scope="module")
def with_baseline(fresh_project):
    """Six clips, an accuracy test without a gate, and the baseline and record of a run of it."""
    with fresh_project("with_baseline") as project:
        for number in range(6):
            project.clip(f"c{number}", f"{WORDS} number {number}")
        project.write(test_accuracy="def test_accuracy(asr_case): asr_case.check('wer')")
        project.run(*BASE, "--asr-update-baseline", "--asr-record", "then.jsonl")
        return project


@pytest.fixture
def plain(fresh_project, with_baseline):
    """A copy of that project."""
    with fresh_project("plain", like=with_baseline) as project:
        yield project


def change(project, count, **keys):
    """Write these keys into the first lines of the manifest."""
    manifest = project.path / "clips" / "manifest.jsonl"
    entries = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    changed = [{**entry, **keys} if number < count else entry for number, entry in enumerate(entries)]
    manifest.write_text("".join(json.dumps(entry) + "\n" for entry in changed), encoding="utf-8")


def english(project):
    """Let the model be for English alone."""
    table = '[tool.asrlab.models.polly]\nengine = "parrot"\nweights = "here"\nlanguages = ["en"]\n'
    project.configure('model = ["polly"]', models=(), tables=table)


@pytest.mark.parametrize(
    ("change_of_project", "reason", "remark"),
    [
        (
            lambda project: change(project, 4, **QUARANTINE),
            "4 are in quarantine",
            "4 clips in quarantine, not compared",
        ),
        (
            lambda project: (change(project, 4, language="de"), english(project)),
            "4 are no longer meant for",
            "4 clips no longer meant for the model",
        ),
        (
            lambda project: project.configure('clip = ["c4", "c5"]'),
            "4 are not chosen",
            "4 clips not chosen",
        ),
    ],
    ids=["quarantine", "languages", "clip"],
)
def test_most_clips_set_aside(plain, change_of_project, reason, remark):
    """A gate that could compare fewer than half of what the baseline and the corpus have is undecided, and says why."""
    change_of_project(plain)

    result = plain.run(*BASE)

    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["UNDECIDED * polly*", f"*coverage: 2 of 6 clips could be compared: {reason}*", f"*{remark}: c0, c1, c2, c3"]
    )
    assert "only in the baseline" not in result.stdout.str()
    assert plain.run(*BASE, "--asr-undecided", "fail").ret == pytest.ExitCode.TESTS_FAILED


def test_half_of_the_clips_set_aside(plain):
    """Where half of the clips could be compared, the others are listed and change no verdict."""
    change(plain, 3, **QUARANTINE)

    result = plain.run(*BASE, "--asr-undecided", "fail")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["PASS * polly * same text in all 3 clips", "*3 clips in quarantine, not compared: *"])


def test_clips_that_an_option_leaves_out(plain):
    """A run that an option narrows speaks of the chosen clips alone, and does not say that the others are gone."""
    result = plain.run(*BASE, "--asr-clip", "c1", "--asr-undecided", "fail")

    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["PASS * polly * same text in the only clip", "*5 clips not chosen: c0, c2, c3, c4, c5"]
    )


def test_clips_without_a_result(plain):
    """A clip that failed is in the corpus as well, and not only in the baseline."""
    (plain.path / "clips" / "c3.wav").write_bytes(b"no audio")

    result = plain.run(*BASE)

    result.stdout.fnmatch_lines(["UNDECIDED * polly*", "*1 clip without a result of this run: c3"])
    assert "only in the baseline" not in result.stdout.str()


def test_two_records(plain, monkeypatch, capsys):
    """Records are compared by the same rule: most of the clips in quarantine leave the verdict open."""
    change(plain, 4, **QUARANTINE)
    plain.run("--asr-record", "now.jsonl")

    monkeypatch.chdir(plain.path)
    status = main(["compare", "then.jsonl", "now.jsonl"])

    assert (status, "2 of 6 clips could be compared: 4 are in quarantine." in capsys.readouterr().out) == (3, True)


def test_a_baseline_of_what_a_model_is_for(plain):
    """A baseline that is written again loses the texts of clips that the model is no longer for, and is compared."""
    change(plain, 4, language="de")
    english(plain)

    written = plain.run(*BASE, "--asr-update-baseline")
    result = plain.run(*BASE)

    written.stdout.fnmatch_lines(["*4 of clips that the corpus no longer has for its model removed*"])
    result.stdout.fnmatch_lines(["PASS * polly * same text in all 2 clips"])
