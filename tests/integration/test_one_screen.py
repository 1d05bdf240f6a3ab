"""A whole run reads on one screen, and says what it is doing while it takes its time."""

import os
import pty
import re
import shlex
import subprocess
from importlib.resources import files

import pytest
from parrot_engine import hide

from asrlab_pytest.cli import main
from voices import speak

SAID = "hello there number {} we saw the sea"
MISHEARD = "hello where number {} we saw sea"


def two_models(project):
    """Fifteen clips and two models, one of which cannot be told from the other; four clips are misheard."""
    tables = "[tool.asrlab.thresholds]\nwer = 0.5\n[tool.asrlab.corpus_thresholds]\nwer = 0.3\n"
    project.configure(models=("polly", "kea"), tables=tables)
    for number in range(15):
        text = SAID.format(number)
        project.clip(f"clip-{number}", text, says=MISHEARD.format(number) if number % 4 == 0 else text)
    return project


def starter_of(project):
    """Write the evals that `asrlab init` writes."""
    for name in ("test_accuracy", "test_corpus"):
        project.write(**{name: (files("asrlab_pytest.cli") / "starter" / f"{name}.py").read_text(encoding="utf-8")})


@pytest.fixture(scope="module")
def screens(fresh_project):
    """What such a project prints: with the starter's evals, and with speed, memory and gates as well."""
    with fresh_project("screens") as project:
        starter_of(two_models(project))
        starter = project.run("--benchmark-json", "results.json").outlines
        project.evals("speed", "memory", "regression")
        project.run("--asr-baseline", "base.jsonl", "--asr-update-baseline")
        from soundfile import write

        for number in (1, 2):
            audio = project.path / "clips" / f"clip-{number}.wav"
            write(audio, hide(MISHEARD.format(number), 2.0), 16_000, subtype="PCM_16")
        base = project.path / "base.jsonl"
        base.write_text(re.sub(r'"audio_sha256": "\w+", ', "", base.read_text()))
        base.write_text(base.read_text().replace('"engine": "parrot"', '"engine": "parakeet"'))
        gated = project.run("--asr-baseline", "base.jsonl", "-ra").outlines
        return starter, gated


def test_at_most_30_lines(screens):
    """15 clips and 2 models print at most 30 lines from start to end."""
    starter, _ = screens

    assert len(starter) <= 30
    assert starter[0].startswith("=")
    assert " passed in " in starter[-1]


def test_at_most_80_columns(screens):
    """No line of ours is wider than 80 columns, in the scorecard and in the gates."""
    for lines in screens:
        start = next(place for place, line in enumerate(lines) if "asrlab scorecard" in line)
        stop = next((place for place, line in enumerate(lines) if "short test summary" in line), len(lines))
        assert [line for line in lines[start:stop] if len(line) > 80] == []


def test_every_question_has_its_line(screens):
    """Accuracy, speed, memory and what went wrong each have a line, and what was measured its column."""
    _, lines = screens
    text = "\n".join(lines)

    rows = [line.split() for line in lines if line.startswith(("polly  ", "kea  ")) and "MB" in line]
    assert len(rows) == 2
    assert all(row[-1] == "MB" and row[-3].endswith("x") for row in rows)
    assert "accuracy   kea: same text as polly in 15 of 15 clips" in lines
    assert re.search(r"^speed      kea: .*timed in\s+turn", text, re.MULTILINE)
    assert "not measured" not in text
    assert re.search(r"^worst      clip-\d+ +25%  both  there -> where, the -> \(nothing\)", text, re.MULTILINE)
    assert "           and 3 more clips with errors" in lines


def test_the_gate_names_what_changed(screens):
    """A gate says which of engine, weights, device and decoding is not as in the baseline, and of when that is."""
    text = " ".join(" ".join(screens[1]).split())

    assert re.search(r"since the baseline of \d{4}-\d\d-\d\d: engine parakeet -> parrot", text)


def test_only_measured(fresh_project):
    """A run of the measuring tests alone shows what they measured."""
    with fresh_project("measured") as project:
        two_models(project).evals("speed", "memory")
        lines = project.run().outlines

    assert any(line.startswith("speed      kea: ") for line in lines)
    assert any(re.fullmatch(r"memory     polly: \d+ MB", line) for line in lines)


@pytest.fixture(scope="module")
def terminal(fresh_project):
    """What a person sees of the slow steps on a terminal, and what a log has of them."""
    with fresh_project("terminal") as project:
        speak(project.clip("one", "hello there", seconds=3.0), seed=1)
        speak(project.clip("two", "good morning", seconds=3.0), seed=2)
        project.configure(models=("polly", "kea"))
        project.evals("speed", "memory")
        project.write(test_audit="def test_audit(asr_audit): asr_audit.check()")
        command = [*project.apart, "-p", "no:cacheprovider", "--color=no"]
        ours, theirs = pty.openpty()
        with project.forks():
            running = subprocess.Popen(command, stdout=theirs, stderr=theirs, cwd=project.path)
        os.close(theirs)
        seen = b""
        try:
            while chunk := os.read(ours, 65536):
                seen += chunk
        except OSError:
            pass  # The other side is closed.
        running.wait()
        os.close(ours)
        with project.forks():
            log = subprocess.run(command, capture_output=True, check=False, cwd=project.path)
        return seen.decode(), log.stdout.decode()


def on_screen(text):
    """What a terminal shows in the end, on which a backspace goes back and a letter replaces what was there."""
    lines, place = [[]], 0
    for letter in text:
        if letter in "\r\b":
            place = 0 if letter == "\r" else max(place - 1, 0)
        elif letter == "\n":
            lines.append([])
            place = 0
        else:
            lines[-1][place : place + 1] = letter
            place += 1
    return "\n".join("".join(line) for line in lines)


def test_progress_on_a_terminal(terminal):
    """On a terminal every slow step says what it does and how far it is, and leaves nothing behind."""
    seen, _ = terminal

    assert "auditing clips: 2 of 2" in seen
    assert re.search(r"timing kea beside polly: 3 of \d+", seen)
    assert "measuring the memory of kea in a process of its own" in seen
    left = on_screen(seen)
    assert "test_speed.py s." in left
    assert not re.search("auditing|timing kea|measuring the memory", left)


def test_no_progress_in_a_log(terminal):
    """A log has no line of progress."""
    _, log = terminal

    assert "passed" in log
    assert not re.search(r"auditing|timing kea|measuring the memory|\x08", log)


def test_the_report_of_the_file_that_is_named(fresh_project, monkeypatch, capfd):
    """The last line of the scorecard names a command that prints all figures, whatever the file is called."""
    with fresh_project("named") as project:
        two_models(project).evals("accuracy")
        lines = project.run("--benchmark-json", "my results.json").outlines
        monkeypatch.chdir(project.path)
        (command,) = [shlex.split(line)[1:] for line in lines if line.startswith("more ")]
        capfd.readouterr()

        assert main(command[1:]) == 0
        assert "p50 ms" in capfd.readouterr().out
