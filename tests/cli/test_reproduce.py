"""``asrlab reproduce``: the same cases on the present machine."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import parrot_engine
import pytest
import soundfile

from asrlab_pytest.cli import main
from asrlab_pytest.records.checking import check
from asrlab_pytest.records.differences import differences, weights_differences
from asrlab_pytest.records.observation import observation_of
from asrlab_pytest.records.reading import read_run
from stored_runs import end, environment, environment_of, failure, row, write

PARROT = '[tool.asrlab.models.{}]\nengine = "parrot"\nweights = "{}"\n'


@pytest.fixture(scope="module")
def ran(fresh_project):
    """A project with a run of two clips."""
    with fresh_project("ran") as project:
        project.configure("repeat = 2")
        project.clip("one", "hello there")
        project.clip("two", "good morning", says="good evening")
        project.evals("accuracy")
        project.run("-p", "no:cacheprovider", "--asr-record", "run.jsonl", "--benchmark-json", "results.json")
    return project


@pytest.fixture
def recorded(fresh_project, ran, monkeypatch):
    """A copy of the project with its run, in the working directory."""
    with fresh_project("recorded", like=ran) as project:
        monkeypatch.chdir(project.path)
        yield project


def test_weights_that_cannot_be_told(recorded, capsys, monkeypatch):
    """If an engine raises when it identifies its weights, the error is the reason why they are not compared."""

    def fail(self, spec):
        raise SystemExit("driver too old")

    monkeypatch.setattr(parrot_engine.Parrot, "weights", fail)

    assert main(["reproduce", "run.jsonl", "--dry-run"]) == 0
    assert "driver too old" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["run.jsonl", "results.json"])
def test_the_same_machine(recorded, capsys, name):
    """On the machine of the record every first-pass case is run once, and gives the same text."""
    assert main(["reproduce", name]) == 0

    output = capsys.readouterr()
    assert output.out.splitlines()[-1] == "same text: 2 of 2"
    assert output.err == ""
    assert recorded.heard() == ["polly hello there", "polly good evening"]
    assert [line.split()[0] for line in recorded.events("load", "close")] == ["load", "close"]


def test_a_damaged_line(recorded, capsys):
    """A lost line is named and the status 1, for its case was not made; a killed run's unfinished last line is not."""
    with (recorded.path / "run.jsonl").open("ab") as file:
        file.write(b'{"kind": "obs')
    assert main(["reproduce", "run.jsonl"]) == 0
    assert "unfinished: left out" in capsys.readouterr().err
    with (recorded.path / "run.jsonl").open("ab") as file:
        file.write(b"\n")

    assert [main(["reproduce", "run.jsonl", *more]) for more in ([], ["--dry-run"])] == [1, 1]
    assert "line 9: not JSON" in capsys.readouterr().err


def test_an_unfinished_record(recorded, capsys):
    """What the record lacks is named, and the status is 1 unless --partial accepts it."""
    path = recorded.path / "run.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:2]))

    statuses = [main(["reproduce", "run.jsonl", *more]) for more in ([], ["--dry-run"], ["--partial"])]

    output = capsys.readouterr()
    assert statuses == [1, 1, 0]
    assert output.out.count("same text: 1 of 1\n") == 2
    assert output.err.count("run.jsonl has 1 of 2 planned cases: it stopped before the others\n") == 3


def test_a_recorded_failure(recorded, capsys):
    """A case that failed in the run is named; there is no text of it that could be the same."""
    lines = [json.loads(line) for line in (recorded.path / "run.jsonl").read_text().splitlines()]
    rest = [line for line in lines if line.get("clip") != "two"]
    write(recorded.path / "run.jsonl", *rest[:-1], failure(clip="two"), rest[-1])

    assert main(["reproduce", "run.jsonl"]) == 0

    output = capsys.readouterr()
    assert output.out.endswith("same text: 1 of 1\n")
    assert "run.jsonl: 1 case failed: polly on two" in output.err


def test_progress(recorded, monkeypatch, capsys):
    """On a terminal, standard error says how far it is, and is clean at the end."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)

    assert main(["reproduce", "run.jsonl"]) == 0

    error = capsys.readouterr().err
    assert "1 of 2: polly one" in error
    assert "2 of 2: polly two" in error
    assert error.endswith("\r\x1b[K")


def test_a_dry_run(recorded, capsys):
    """--dry-run compares the machines and transcribes nothing."""
    recorded.rewrite(lambda line: line.update(cpu="abacus") if line["kind"] == "environment" else None)

    assert main(["reproduce", "run.jsonl", "--dry-run"]) == 0

    output = capsys.readouterr().out
    assert output.startswith("cpu: abacus, now ")
    assert "(can change: text and speed)" in output
    assert "same text" not in output
    assert recorded.events() == []


def test_another_text(recorded, capsys):
    """A text that is another is shown beside the recorded one, and the status is 1."""
    recorded.rewrite(lambda line: line.update(hypothesis="hallo dear") if line.get("clip") == "one" else None)

    assert main(["reproduce", "run.jsonl"]) == 1

    assert capsys.readouterr().out.splitlines()[-4:] == [
        "polly on one: another text",
        "  then: 'hallo dear'",
        "  now:  'hello there'",
        "same text: 1 of 2",
    ]


def test_a_new_record(recorded, capsys):
    """--record writes what was observed here as a record of its own, which is valid and can be merged."""
    (recorded.path / "clips" / "two.wav").unlink()

    assert main(["reproduce", "run.jsonl", "--record", "new.jsonl"]) == 1

    found = check(recorded.path / "new.jsonl")
    assert (found.faults, found.state, found.observations) == ((), "incomplete, 1 case failed", 1)
    run = read_run(recorded.path / "new.jsonl")
    assert run.environment.plan == {"polly": ["one", "two"]}
    assert [one.clip for one in run.failures] == ["two"]
    assert run.models["polly"].load_s is not None
    assert not run.observations[0].recorded
    capsys.readouterr()
    assert main(["merge", "run.jsonl", "new.jsonl", "-o", "both.jsonl"]) == 0


FULL = """
import resource, signal, sys
sys.dont_write_bytecode = True  # Half of what is compiled would be kept.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (6000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
from asrlab_pytest.cli import main
sys.exit(main(["reproduce", "run.jsonl", "--record", "new.jsonl"]))
"""


def test_a_disk_that_fills_up(recorded, forked):
    """A new record that lacks lines, as the disk is full, fails the command."""
    done = subprocess.run([sys.executable, "-c", FULL], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "same text: 2 of 2")
    assert re.search(r"asrlab: the record .*new.jsonl is missing its last \d+ lines: File too large", done.stderr)


def test_the_record_itself_is_not_written_over(recorded, capsys):
    """The record that is reproduced cannot be the one that is written, whatever other name it has."""
    run = recorded.path / "run.jsonl"
    before = run.read_bytes()
    (recorded.path / "hard.jsonl").hardlink_to(run)
    (recorded.path / "soft.jsonl").symlink_to(run)

    for name in ("./run.jsonl", "hard.jsonl", "soft.jsonl"):
        assert main(["reproduce", "run.jsonl", "--record", name]) == 2
        assert f"{Path(name)}: the file is an input, and would be overwritten" in capsys.readouterr().err
    assert run.read_bytes() == before


def test_another_channel(recorded, capsys):
    """A clip that is another channel of its file than it was is not taken for the one that was transcribed."""
    caller, agent = (parrot_engine.hide(text, 2.0) for text in ("hello", "good evening"))
    audio = recorded.path / "clips" / "one.wav"
    soundfile.write(audio, np.stack([caller, agent], axis=1), 16_000, subtype="PCM_16")
    manifest = recorded.path / "clips" / "manifest.jsonl"
    listed = manifest.read_text()
    manifest.write_text(listed.replace('"id": "one"', '"id": "one", "channel": 1'))
    recorded.run("--asr-record", "calls.jsonl")
    manifest.write_text(listed.replace('"id": "one"', '"id": "one", "channel": 2'))

    assert main(["reproduce", "calls.jsonl"]) == 1

    assert "polly on one: not transcribed: " in capsys.readouterr().out


def test_audio_that_changed(recorded, capsys):
    """A clip that is other audio now is not transcribed, and counts as not the same."""
    recorded.clip("three", "hello again")
    (recorded.path / "clips" / "three.wav").rename(recorded.path / "clips" / "one.wav")

    assert main(["reproduce", "run.jsonl"]) == 1

    output = capsys.readouterr().out
    assert "corpus manifest_sha256: " in output
    assert "polly on one: not transcribed: " in output
    assert "differs from the record's audio" in output
    assert output.endswith("same text: 1 of 2\n")
    assert recorded.heard() == ["polly good evening"]


def test_audio_in_another_format(recorded, capsys):
    """A clip of the same samples in another file format is the same audio."""
    samples, rate = soundfile.read(recorded.path / "clips" / "one.wav", dtype="int16")
    soundfile.write(recorded.path / "clips" / "one.wav", samples, rate, format="FLAC")

    assert main(["reproduce", "run.jsonl"]) == 0


def test_a_clip_that_is_gone(recorded, capsys):
    """A clip that the manifest no longer has is listed."""
    manifest = recorded.path / "clips" / "manifest.jsonl"
    manifest.write_text(manifest.read_text().splitlines()[1] + "\n")

    assert main(["reproduce", "run.jsonl"]) == 1

    output = capsys.readouterr().out
    assert "polly on one: not transcribed: " in output
    assert "has no such clip" in output


def test_models_that_cannot_run(project, monkeypatch, capsys):
    """Missing weights, rotten weights and an unknown model are listed with their reasons; the others run."""
    project.clip("one", "hello there")
    monkeypatch.chdir(project.path)
    project.evals("accuracy")
    project.run("-p", "no:cacheprovider", "--asr-record", "run.jsonl")
    capsys.readouterr()
    path = project.path / "run.jsonl"
    first, seen, *rest = [json.loads(line) for line in path.read_text().splitlines()]
    tables = {name: {"engine": "parrot", "weights": name} for name in ("nowhere", "rotten")}
    first["settings"]["models"] = {"polly": {"engine": "parrot", "weights": "here"}, **tables}
    write(path, first, *({**seen, "model": model} for model in ("polly", "nowhere", "rotten", "dodo")), *rest)

    assert main(["reproduce", "run.jsonl"]) == 1

    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "not transcribed" in line] == [
        "nowhere on one: not transcribed: weights missing: the parrot has flown (hint: asrlab pull nowhere)",
        "rotten on one: not transcribed: the parrot is dead (hint: return it to the shop)",
        "dodo on one: not transcribed: no model 'dodo'; known: " + lines[-2].partition("known: ")[2],
    ]
    assert lines[-1] == "same text: 1 of 4"


def test_settings_are_the_records(recorded, capsys):
    """Models and options are those of the record, whatever the project says now."""
    recorded.configure("rounds = 3", tables='[tool.asrlab.models.polly.options]\nsays = "never"\n')

    assert main(["reproduce", "run.jsonl"]) == 0
    assert len(recorded.heard()) == 2


def test_options_that_the_record_hides(project, monkeypatch, capsys):
    """An option that the record hides is the project's; the command ends if the project does not state it as before."""
    project.clip("one", "hello there")
    monkeypatch.chdir(project.path)
    project.evals("accuracy")
    stated = "[tool.asrlab.models.polly.options]\n"
    project.configure(tables=stated + 'says = "key {0}"\npassword = "{0}"\n'.format("s3cret-Polly"))
    project.run("-p", "no:cacheprovider", "--asr-record", "run.jsonl")
    assert "s3cret" not in (project.path / "run.jsonl").read_text(encoding="utf-8")
    capsys.readouterr()

    assert main(["reproduce", "run.jsonl"]) == 0
    project.configure(tables=stated + 'says = "key"\n')
    assert main(["reproduce", "run.jsonl"]) == 2
    assert "model polly: the record hides its option says, and the project does not" in capsys.readouterr().err


def test_another_place_of_the_corpus(recorded, capsys):
    """--corpus says where the clips lie here."""
    (recorded.path / "clips").rename(recorded.path / "moved")

    assert main(["reproduce", "run.jsonl"]) == 2
    assert "no corpus at" in capsys.readouterr().err
    assert main(["reproduce", "run.jsonl", "--corpus", "moved"]) == 0


def test_from_a_folder_below(recorded, monkeypatch, capsys):
    """Paths are relative to the project, wherever in it the command is called."""
    (recorded.path / "below").mkdir()
    monkeypatch.chdir(recorded.path / "below")

    assert main(["reproduce", "../run.jsonl"]) == 0


def test_a_merged_record(recorded, capsys):
    """A merged record is reproduced with the models of every part, and says that it is one."""
    parts = [environment(settings={"models": {name: {"engine": "parrot", "weights": "here"}}}) for name in "ab"]
    observed = read_run(recorded.path / "run.jsonl").observations[0]
    for name, part in zip("ab", parts, strict=True):
        part["settings"]["corpus"] = "clips"
        write(recorded.path / f"{name}.jsonl", part, {**observed.as_json(), "model": name}, end())
    main(["merge", "a.jsonl", "b.jsonl", "-o", "merged.jsonl"])
    capsys.readouterr()

    assert main(["reproduce", "merged.jsonl"]) == 0

    output = capsys.readouterr().out
    assert output.startswith("merged.jsonl was merged from 2 records")
    assert recorded.heard() == ["a hello there", "b hello there"]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([row()], "has no environment line"),
        ([environment(), failure()], "has no observation that can be reproduced"),
        ([environment()], "holds no observation"),
        ([environment(schema="asrlab-record/3.0"), row()], "a newer asrlab-pytest wrote it"),
        ([environment(settings={"rounds": 0}), row()], "rounds must be 1 or more"),
        ([b""], "holds no observation"),
    ],
)
def test_unusable_records(tmp_path, monkeypatch, capsys, lines, sentence):
    """A record that says too little is refused in words, with status 2."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.asrlab]\n", encoding="utf-8")
    write(tmp_path / "bad.jsonl", *lines)

    assert main(["reproduce", "bad.jsonl"]) == 2
    assert sentence in capsys.readouterr().err


def test_differences_and_what_they_can_change():
    """Each difference has its effect, and what is the same is not told."""
    then = environment_of(
        packages={"torch": "2.9", "pytest": "9.0", "soxr": "1"}, git={"commit": "a" * 40, "dirty": False}
    )
    now = environment_of(
        packages={"torch": "3.0", "pytest": "9.1", "rapidfuzz": "4", "soxr": "1"},
        git={"commit": "a" * 40, "dirty": True},
        python="CPython 3.14.0",
        memory_bytes=2,
        load_average=[1.0, 1.0, 1.0],
        thread_variables={"OMP_NUM_THREADS": "1"},
        protocols={"normalization": ["asrlab-norm/1.0+en#99999999", "asrlab-norm/1.0+und#8"], "entities": []},
    )

    assert [str(one) for one in differences(then, now)] == [
        "git dirty: False, now True (can change: text and speed)",
        "python: CPython 3.13.0, now CPython 3.14.0 (can change: speed)",
        "memory_bytes: 1000000, now 2 (can change: nothing)",
        "pytest: 9.0, now 9.1 (can change: nothing)",
        "rapidfuzz: none, now 4 (can change: scores)",
        "torch: 2.9, now 3.0 (can change: text and speed)",
        "OMP_NUM_THREADS: none, now 1 (can change: text and speed)",
        "normalization en: asrlab-norm/1.0+en#11111111, now asrlab-norm/1.0+en#99999999 (can change: scores)",
    ]
    assert differences(then, then) == []


def test_differences_of_weights():
    """Other and missing weights are told for each model once; what only one side knows is no difference."""
    rows = [
        row("same"),
        row("other"),
        row("other", clip="two"),
        row("gone"),
        row("revised", weights_sha256=None, weights_revision="main"),
    ]
    now = {
        "same": ("0" * 64, "main"),
        "other": ("1" * 64, None),
        "gone": "no such file",
        "revised": (None, "next"),
    }

    assert [str(one) for one in weights_differences([observation_of(one) for one in rows], now)] == [
        "weights of other: 000000000000, now 111111111111 (can change: text and speed)",
        "weights of gone: 000000000000, now no such file (can change: text and speed)",
        "weights of revised: main, now next (can change: text and speed)",
    ]
