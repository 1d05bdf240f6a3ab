"""--asr-resume: a run that was broken off goes on where it stopped."""

import hashlib
import random
import signal
import subprocess
import time

import numpy as np
import pytest
import soundfile

from asrlab_pytest.models.support.common import forget_hashes

VOLATILE = (
    "latencies_s",
    "latency_s",
    "cpu_s",
    "rtf",
    "cpu_percent",
    "load_per_core",
    "peak_rss_bytes",
    "load_s",
    "warmup_s",
    "recorded",
)


def lasting(row):
    """What of an observation must be the same in every run."""
    return {key: value for key, value in row.items() if key not in VOLATILE}


@pytest.fixture(scope="module")
def broken_off(fresh_project):
    """A project of three clips, of which two were transcribed."""
    with fresh_project("broken_off") as project:
        for number in ("one", "two", "three"):
            project.clip(number, f"clip {number}")
        project.evals("accuracy", "corpus")
        project.run("--asr-clip", "one", "--asr-clip", "two")
        return project


@pytest.fixture
def half(fresh_project, broken_off):
    """A copy of the project, to be changed."""
    with fresh_project("half", like=broken_off) as project:
        yield project


@pytest.fixture(scope="module")
def resumed(fresh_project, broken_off):
    """The project after a resumed run, and the run's result; to be looked at."""
    with fresh_project("resumed", like=broken_off) as project:
        return project, project.run("--asr-resume", "--asr-record", "run.jsonl")


def test_only_the_rest(resumed):
    """What the store has is taken from there, and only the rest is transcribed."""
    half, result = resumed

    result.assert_outcomes(passed=4)
    assert half.heard() == ["polly clip three"]
    assert [(row["clip"], row["recorded"]) for row in half.record()[1]] == [
        ("one", True),
        ("two", True),
        ("three", False),
    ]
    result.stdout.fnmatch_lines(["speed      not shown: 2 of 3 times are of an earlier run; *"])


def test_the_store_keeps_each_case_once(resumed):
    """What a resumed run took from the store is not written there again."""
    half, _ = resumed
    lines = [line for path in (half.path / ".asrlab/runs").iterdir() for line in path.read_text().splitlines()]

    assert sum('"kind": "observation"' in line for line in lines) == 3


def test_nothing_left(half):
    """A model that has nothing left to do is not loaded."""
    result = half.run("--asr-resume", "--asr-clip", "one", "--asr-clip", "two")

    result.assert_outcomes(passed=3)
    assert half.events() == []


def test_the_same_as_an_unbroken_run(half, resumed):
    """A resumed run ends with the observations of one that is not, which transcribes everything, times apart."""
    half.run("--asr-record", "unbroken.jsonl")

    assert len(half.heard()) == 3
    rows, unbroken = resumed[0].record()[1], half.record("unbroken.jsonl")[1]
    assert list(map(lasting, rows)) == list(map(lasting, unbroken))


def test_audio_changed(half):
    """A clip whose audio changed under its name is transcribed again.

    A file of other bytes with the same samples is not, as its engine could not tell; the record names the new file.
    """
    half.clip("unused", "new words")
    (half.path / "clips" / "unused.wav").rename(half.path / "clips" / "one.wav")
    lines = (half.path / "clips" / "manifest.jsonl").read_text().splitlines()
    (half.path / "clips" / "manifest.jsonl").write_text("\n".join(lines[:3]) + "\n")
    samples, rate = soundfile.read(half.path / "clips" / "two.wav", dtype="int16")
    soundfile.write(half.path / "clips" / "two.wav", samples.astype(np.int32) << 16, rate, subtype="PCM_24")

    half.run("--asr-resume", "--asr-clip", "one", "--asr-clip", "two", "--asr-record", "again.jsonl")

    assert half.heard() == ["polly new words"]
    rows = {row["clip"]: row for row in half.record("again.jsonl")[1]}
    assert rows["two"]["audio_sha256"] == hashlib.sha256((half.path / "clips" / "two.wav").read_bytes()).hexdigest()


SETTINGS = ('compute_type = "float32"', "options = { appends = '!' }", 'profile = "library"', 'language = "de"')


def test_a_setting_changed(half):
    """A model that would decode otherwise transcribes everything again, and one that would not does not."""
    names = [f"model-{number}" for number in range(len(SETTINGS))]
    table = '[tool.asrlab.models.{}]\nengine = "parrot"\nweights = "here"\n{}\n'
    tables = "".join(table.format(name, setting) for name, setting in zip(names, SETTINGS, strict=True))
    half.configure(f"model = {['polly', *names]}", tables=tables)

    half.run("--asr-resume")

    assert half.heard() == [
        "polly clip three",
        *(f"{name} clip {number}" for name in names for number in ("one", "two", "three")),
    ]


@pytest.mark.parametrize(
    "option", ['lexicon = "./lexicon"', 'lm = { weights = "./lexicon/en/words.json" }', 'hotwords = "env:HOTWORDS"']
)
def test_a_file_that_an_option_names_changed(half, monkeypatch, option):
    """Another content of a file that an option or its variable names, also below a folder, is another model."""
    monkeypatch.setenv("HOTWORDS", str(half.path / "lexicon"))
    half.configure(tables=f"[tool.asrlab.models.polly.options]\n{option}\n")
    words = half.path / "lexicon" / "en" / "words.json"
    words.parent.mkdir(parents=True)
    words.write_text('{"a": 1}')
    half.run("--asr-resume")
    half.run("--asr-resume")
    assert len(half.heard()) == 3

    words.write_text('{"a": 2}')
    forget_hashes()
    half.run("--asr-resume")

    assert len(half.heard()) == 6


def test_a_variable_changed(half, monkeypatch):
    """Another value of a variable that an option names is another model, unless it is a secret."""
    half.configure(
        tables='[tool.asrlab.models.polly.options]\nprompt = "env:PROMPT"\napi_key = "env:OURS"\nuser = "env:A_TOKEN"\n'
    )
    heard = []
    for prompt, secret in (("one", "Xy12abZZq"), ("one", "Xy12abZZz"), ("two", "Xy12abZZz")):
        monkeypatch.setenv("PROMPT", prompt)
        monkeypatch.setenv("OURS", secret)
        monkeypatch.setenv("A_TOKEN", secret)
        half.run("--asr-resume")
        heard.append(len(half.heard()))

    assert heard == [3, 3, 6]


def test_a_reference_changed(half):
    """A reference that was corrected is compared with the text of the store.

    What was transcribed under another model id is the same text, if nothing that determines it differs.
    """
    path = half.path / "clips" / "manifest.jsonl"
    path.write_text(path.read_text().replace("clip one", "clip won"))
    half.configure(models=("lora",))

    result = half.run("--asr-resume", "--asr-record", "run.jsonl")

    result.assert_outcomes(passed=4)
    assert half.heard() == ["lora clip three"]
    first, *rest = half.record()[1]
    assert (first["reference"], first["hypothesis"]) == ("clip won", "clip one")
    assert {row["model"] for row in [first, *rest]} == {"lora"}


def test_recorded_times_are_not_judged(half):
    """A bound on the speed is held against what this run measured, and nothing else."""
    half.write(
        test_times="""
        def test_case(asr_case):
            asr_case.check("rtf")
        def test_all(asr_corpus):
            asr_corpus.check("rtf")
            assert asr_corpus.rtf is None
        """
    )
    half.configure("thresholds = { rtf = 0.0 }\ncorpus_thresholds = { rtf = 0.0 }")

    result = half.run("test_times.py", "--asr-resume", "--asr-clip", "one")

    result.assert_outcomes(passed=2)


def test_weights_changed(project, monkeypatch):
    """Weights that changed under the same name transcribe everything again."""
    project.clip("one", "hello")
    project.evals("accuracy")
    project.run()
    project._log.unlink()
    import parrot_engine

    changed = parrot_engine.Weights(location=project.path, sha256="1" * 64)
    monkeypatch.setattr(parrot_engine.Parrot, "weights", lambda *_: changed)

    project.run("--asr-resume")

    assert project.heard() == ["polly hello"]


def test_weights_that_cannot_be_told(project, monkeypatch):
    """Of an engine that cannot tell its weights from others nothing is taken, because they may have changed."""
    project.clip("one", "hello")
    project.evals("accuracy")
    import parrot_engine

    monkeypatch.setattr(parrot_engine.Parrot, "weights", lambda *_: parrot_engine.Weights(location=project.path))
    project.run()

    project.run("--asr-resume", "--asr-record", "run.jsonl")

    assert project.heard() == ["polly hello", "polly hello"]
    assert project.record()[1][0]["key"] is None


def test_a_newer_store(half):
    """A store that a newer version wrote ends the run before any test, in words."""
    (half.path / ".asrlab" / "runs" / "zzz.jsonl").write_text(
        '{"kind": "environment", "schema": "asrlab-record/9.0"}\n'
    )

    result = half.run("--asr-resume")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *zzz.jsonl: a newer asrlab-pytest wrote it*", "  hint: upgrade *"])
    assert half.events() == []


def test_how_much_is_reused(half):
    """The last lines and the Markdown say how many results are of earlier runs, and only where a run reuses some."""
    words = "2 of 3 results reused from earlier runs"

    result = half.run("--asr-resume", "--asr-markdown", "asr.md")

    result.stdout.fnmatch_lines([f"asrlab: {words}"])
    assert words in (half.path / "asr.md").read_text()
    half.run().stdout.no_fnmatch_line("*reused from*")
    half.run("--asr-record", "run.jsonl")
    half.run("--asr-resume", "--asr-rescore", "run.jsonl").stdout.no_fnmatch_line("*reused from*")


@pytest.mark.parametrize("has_git", [True, False])
def test_a_store_in_git(half, monkeypatch, has_git):
    """A store that git tracks is not resumed from, as a pull request could change what models wrote; others are.

    The same holds in a container without git.
    """
    git = ("git", "-C", str(half.path))
    subprocess.run([*git, "init", "-q"], check=True)
    assert half.run("--asr-resume", "--co").ret == 0
    # So that it looks like a repository of its own, which tracks nothing.
    for name in ("objects/k", "refs/k", "HEAD"):
        (half.path / ".asrlab" / name).parent.mkdir(exist_ok=True)
        (half.path / ".asrlab" / name).write_text("ref: refs/heads/x\n")
    subprocess.run([*git, "add", "-f", ".asrlab"], check=True)
    if not has_git:
        monkeypatch.setenv("PATH", "")

    result = half.run("--asr-resume")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: the store *.asrlab is tracked by git:*", "  hint: git rm -r --cached *.asrlab"]
    )
    assert half.run().ret == 0


def test_a_damaged_store(half):
    """A damaged line of the store is named, and its clip transcribed again."""
    (path,) = (half.path / ".asrlab" / "runs").glob("*.jsonl")
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], "{broken", *lines[2:]]) + "\n")

    result = half.run("--asr-resume")

    assert half.heard() == ["polly clip one", "polly clip three"]
    result.stdout.fnmatch_lines(["asrlab: *: line 2: not JSON (*): transcribed again"])


@pytest.mark.parametrize("options", [("--asr-resume", "--asr-store", ""), ("--asr-resume", "--asr-rescore", "a.jsonl")])
def test_what_does_not_go_together(half, options):
    """A resumed run needs a store, and scores no record."""
    result = half.run(*options)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *resume*"])


def test_killed_again_and_again(project):
    """A run that is killed time and again, and resumed, ends as an unbroken one, and transcribes no clip twice."""
    project.configure(tables="[tool.asrlab.models.polly.options]\nsleeps = 0.05\n[tool.asrlab.thresholds]\nwer = 1.0\n")
    for number in range(12):
        project.clip(f"clip-{number}", f"text {number}")
    project.evals("accuracy")
    command = [*project.apart, "-q", "--asr-resume"]
    rng, finished = random.Random(3), 0
    for _ in range(3):
        with project.forks():
            run = subprocess.Popen(command, cwd=project.path, stdout=subprocess.DEVNULL)
        wanted, deadline = min(12, len(project.heard()) + 2), time.monotonic() + 60
        while run.poll() is None and len(project.heard()) < wanted and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.1))
        run.kill()
        finished += run.wait(timeout=10) == -signal.SIGKILL
    project.run("--asr-resume", "--asr-record", "resumed.jsonl").assert_outcomes(passed=12)

    heard = project.heard()
    assert finished
    # The one that was under way when the kill came may be heard twice.
    assert len(heard) <= 12 + finished
    project.run("--asr-store", "other", "--asr-record", "unbroken.jsonl")
    resumed, unbroken = project.record("resumed.jsonl")[1], project.record("unbroken.jsonl")[1]
    assert list(map(lasting, resumed)) == list(map(lasting, unbroken))
