"""Clips in one call: --asr-batch-size, and the key batch_size of a model."""

import re

import pytest

from asrlab_pytest.cli import main

FLOCK = """[tool.asrlab.models.polly.options]
flocks = true
fails_on = "clip four"
fails_on_flocks = 3
"""
NO_BATCHES = "asrlab: model polly: a batch size of 3 has no effect, as engine parrot transcribes one clip per call"
NAMES = ("one", "two", "three", "four", "five", "six", "seven")


def clips(project, **languages):
    for name in NAMES:
        keys = {"language": languages[name]} if name in languages else {}
        project.clip(name, f"clip {name}", seconds=3.0 if name == "two" else 2.0, **keys)


@pytest.fixture(scope="module")
def shared(fresh_project):
    """A run in batches of three, of which one fails because of its clip."""
    with fresh_project() as project:
        clips(project, six="de")
        project.configure(tables=f"{FLOCK}[tool.asrlab.thresholds]\nwer = 0.5\nrtf = 100\n")
        project.evals("accuracy", "latency", "corpus")
        result = project.run("--asr-batch-size=3", "--asr-record=run.jsonl", "-Wdefault", "-rw")
        yield project, result


def words(result):
    return " ".join(result.stdout.str().split())


def rows(project, name="run.jsonl"):
    return {row["clip"]: row for row in project.record(name)[1]}


def test_which_clips_share_a_call(shared):
    """A clip is transcribed together with those of its language that come after it, each once, whatever the tests."""
    project, _ = shared

    assert project.events("flock") == ["flock polly 3", "flock polly 3", "flock polly 3"]
    heard = [text.removeprefix("polly clip ") for text in project.heard()]
    assert heard[:3] == ["one", "two", "three"]
    # The batch that failed, and its clips one at a time; the German one has no other of its language.
    assert heard[3:] == ["four", "four", "five", "six", "seven"]


def test_a_failure_costs_its_clip(shared):
    """A batch that fails is transcribed clip by clip, says so, and costs the clip that it failed on."""
    project, result = shared

    assert set(rows(project)) == {*NAMES} - {"four"}
    assert {name: row["batch_size"] for name, row in rows(project).items()} == {
        **dict.fromkeys(("one", "two", "three"), 3),
        **dict.fromkeys(("five", "six", "seven"), 1),
    }
    result.stdout.fnmatch_lines(
        [
            "*AsrlabWarning: *a batch of 3 clips failed (RuntimeError: the parrot bit me), so*",
            "*parrot_engine.py*in transcribe_batch*",
            "*hint: correct it, or set batch_size = 1",
        ]
    )
    result.assert_outcomes(passed=8, failed=1, warnings=1)


def test_shares_of_time(shared):
    """The time of a batch is shared out by the length of its clips, so that each has the factor of the batch."""
    one, two, three = (rows(shared[0])[name] for name in ("one", "two", "three"))

    assert two["latency_s"] == pytest.approx(1.5 * one["latency_s"])
    assert one["latency_s"] == three["latency_s"]
    assert one["rtf"] == pytest.approx(two["rtf"])
    assert two["cpu_s"][0] == pytest.approx(1.5 * one["cpu_s"][0])


def test_times_of_batches_are_no_latencies(shared):
    """The scorecard shows the throughput, and why it shows no latency."""
    _, result = shared

    shown = words(result)
    assert re.search(r"polly 0.0% - 0.0% - - - ", shown)
    why = "not shown: clips were transcribed in batches (of 3)"
    assert f"{why}; run with batch_size = 1, or time it in a test with asr_speed" in shown
    assert re.search(r"throughput polly: [\d.]+ s of audio per second \(RTFx\), in batches", shown)


def test_an_engine_without_batches(project):
    """An engine that takes one clip at a time is called with one, and its times are latencies."""
    clips(project)
    project.evals("accuracy")

    result = project.run("--asr-batch-size=3", "--asr-record=run.jsonl")

    result.assert_outcomes(passed=7)
    assert {row["batch_size"] for row in rows(project).values()} == {1}
    assert len(project.heard()) == 7
    assert result.outlines.count(NO_BATCHES) == 1


def test_an_engine_without_batches_elsewhere(project, monkeypatch, capsys):
    """A batch size without effect is reported under xdist and by `asrlab transcribe`; otherwise nothing is."""
    for name in NAMES[:2]:
        project.clip(name, f"clip {name}")
    project.evals("accuracy")

    result = project.run("--asr-batch-size=3", "-n", "1")

    result.assert_outcomes(passed=2)
    assert result.outlines.count(NO_BATCHES) == 1
    monkeypatch.chdir(project.path)
    capsys.readouterr()
    assert main(["transcribe", "--batch-size=3", "-o", "run.jsonl"]) == 0
    assert NO_BATCHES in capsys.readouterr().err.splitlines()
    assert main(["transcribe", "-o", "again.jsonl"]) == 0
    assert "has no effect" not in capsys.readouterr().err


def test_only_what_is_asked_for(project):
    """A batch has no clip that no test asks for; a bound on the time of a clip is said not to be judged."""
    clips(project)
    (project.path / "pyproject.toml").write_text(
        '[tool.asrlab]\ncorpus = "clips"\nmodel = ["polly"]\n[tool.asrlab.models.polly]\nengine = "parrot"\n'
        'weights = "here"\nbatch_size = 8\noptions = { flocks = true }\n[tool.asrlab.thresholds]\nwer = 1\nrtf = 1\n'
    )
    project.evals("accuracy")

    result = project.run("-k", "five or two or six")

    result.assert_outcomes(passed=3, deselected=4)
    assert "times of clips in batches are not judged: [tool.asrlab.thresholds] rtf" in words(result)

    assert project.heard() == ["polly clip two", "polly clip five", "polly clip six"]
    assert project.events("flock") == ["flock polly 8", "flock polly 3"]


def test_batches_against_single_calls(project):
    """Where a batch writes another text than a single call, the self-check says so, and so do the passes."""
    for name in NAMES[:4]:
        project.clip(name, f"clip {name}")
    project.configure(tables="[tool.asrlab.models.polly.options]\nflocks = true\nin_flocks = ' caw'\n")
    project.evals("corpus")

    result = project.run(
        "--asr-batch-size=2", "--asr-self-check", "--asr-repeat=2", "--asr-record=run.jsonl", "--asr-device=cpu"
    )

    shown = words(result)
    assert "self-check polly: same text in batches as one at a time on the CPU in float32 for 0 of 4 clips" in shown
    assert "2 passes, same text for 4 of 4 clips" in shown
    assert "in another order and one at a time, same text for 0 of 4 clips" in shown


def test_a_batch_that_is_too_large(project):
    """A batch for which there is no memory is transcribed clip by clip, and no clip is lost."""
    clips(project)
    project.configure(tables="[tool.asrlab.models.polly.options]\nflocks = true\nfails_on_flocks = 2\n")
    project.evals("accuracy")

    project.run("--asr-batch-size=7", "-Wdefault").assert_outcomes(passed=7)

    assert len(project.heard()) == 7


def test_resumed(project):
    """A batch has no clip that the store has, and texts of batches do not answer for single calls."""
    clips(project)
    project.configure(tables="[tool.asrlab.models.polly.options]\nflocks = true\n")
    project.evals("accuracy")
    project.run("--asr-batch-size=2", "--asr-clip=two", "--asr-clip=three")
    project.run("--asr-batch-size=2", "--asr-resume")

    assert [text.removeprefix("polly clip ") for text in project.heard()[2:]] == ["one", "four", "five", "six", "seven"]

    project.run("--asr-resume")
    assert len(project.heard()) == 2 + 5 + 7


def test_isolated(project):
    """A model in a process of its own takes batches too."""
    clips(project)
    project.configure(tables="[tool.asrlab.models.polly.options]\nflocks = true\n")
    text = (project.path / "pyproject.toml").read_text()
    (project.path / "pyproject.toml").write_text(text.replace('weights = "here"', 'weights = "here"\nisolate = true'))
    project.evals("accuracy")

    project.run("--asr-batch-size=4", "--asr-record=run.jsonl").assert_outcomes(passed=7)

    assert [row["batch_size"] for row in rows(project).values()] == [4, 4, 4, 4, 3, 3, 3]


def test_a_size_that_is_none(project):
    """A batch size below 1 is an error before any test runs."""
    clips(project)
    project.evals("accuracy")

    result = project.run("--asr-batch-size=0")

    result.stderr.fnmatch_lines(["*batch_size must be 1 or more, not 0*"])
    assert project.heard() == []


def test_transcribe(project, monkeypatch):
    """`asrlab transcribe --batch-size` makes the same batches as a run of pytest."""
    clips(project, six="de")
    project.configure(tables="[tool.asrlab.models.polly.options]\nflocks = true\n")
    monkeypatch.chdir(project.path)

    assert main(["transcribe", "--batch-size=3", "-o", "run.jsonl"]) == 0

    assert [row["batch_size"] for row in rows(project).values()] == [3, 3, 3, 3, 3, 1, 3]
    assert [text.removeprefix("polly clip ") for text in project.heard()] == [
        *("one", "two", "three"),
        *("four", "five", "seven"),
        "six",
    ]


def test_a_self_check_of_what_is_exact_already(project):
    """A model that runs on the CPU in float32 one clip at a time is compared with nothing, and the run says so."""
    project.clip("one", "hello there")
    project.configure(tables='compute_type = "float32"\n')
    project.evals("corpus")

    result = project.run("--asr-self-check", "--asr-device=cpu")

    result.stdout.fnmatch_lines(["asrlab: polly: --asr-self-check compared nothing, as it runs on the CPU in float32*"])
