"""Distributed runs: the same outcome as of a plain run."""

from types import SimpleNamespace

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.report.markdown import MARKER
from asrlab_pytest.session import xdist

CLIPS = ("one", "two", "three", "four")


def flock(project):
    """Two models and four clips, one of them misheard."""
    project.configure(models=("polly", "kakapo"), tables="[tool.asrlab.thresholds]\nwer = 0.9\n")
    for name, text in (("one", "hello there"), ("two", "good morning"), ("three", "no more tea")):
        project.clip(name, text)
    project.clip("four", "see you later", says="see you latte")
    return project


@pytest.fixture
def distributed(project):
    """A project of two models and four clips, one of them misheard."""
    return flock(project)


@pytest.fixture(scope="module")
def both(fresh_project):
    """The same run twice: `alone` in one process, and `shared` among workers, of which one is left without a model."""
    arguments = ("--asr-repeat", "2", "--asr-record", "run.jsonl", "--asr-markdown", "asr.md")
    with fresh_project("alone") as project:
        flock(project).evals("accuracy", "corpus", "latency")
        alone = project.run(*arguments)
        rows = project.record()[1]
    with fresh_project("shared") as project:
        flock(project).evals("accuracy", "corpus", "latency")
        shared = project.run("-n", "3", *arguments)
    return SimpleNamespace(alone=alone, rows=rows, shared=shared, project=project)


def scorecard(result):
    """The scorecard's lines, less what was timed."""
    start = next(number for number, line in enumerate(result.outlines) if "asrlab scorecard" in line)
    # Other work on the machine may come and go between two runs.
    lines = [line for line in result.outlines[start:-1] if line and "busy or shared" not in line]
    timed = ("speed", "SKIPPED", "  ", "asrlab: Markdown")
    cut = [line.split() for line in lines if not line.startswith(timed)]
    return [words[:-3] if words[0] in ("polly", "kakapo") else words for words in cut]


def test_the_same_scorecard_and_record(both):
    """Workers lead to the scorecard and record of one process: every case once, no test lost."""
    alone, shared = both.alone, both.shared

    assert (alone.ret, shared.ret) == (0, 0)
    assert alone.parseoutcomes()["passed"] == shared.parseoutcomes()["passed"] == 12
    assert "warning" not in " ".join(shared.parseoutcomes())
    assert scorecard(alone) == scorecard(shared)
    rows = [
        sorted((row["model"], row["clip"], row["order"], row["repeat"], row["hypothesis"]) for row in found)
        for found in (both.rows, both.project.record()[1])
    ]
    assert len([row for row in rows[0] if row[2:4] == ("given", 0)]) == 8
    assert rows[0] == rows[1]


def test_a_model_is_loaded_once(both):
    """Each model is loaded by one worker alone, which transcribes all of its clips."""
    assert sorted(both.project.events("load")) == ["load kakapo alive=1", "load polly alive=1"]
    # Two passes in the given order and one in another.
    assert len(both.project.heard()) == 3 * 8


def test_passes_come_together(both):
    """Each worker repeats what it transcribed, and the passes come together."""
    found = [(row["model"], row["clip"], row["repeat"], row["order"]) for row in both.project.record()[1]]
    assert len(found) == len(set(found))
    assert {case[:3] for case in found if case[3] == "given"} == {
        (model, clip, repeat) for model in ("polly", "kakapo") for clip in CLIPS for repeat in (0, 1)
    }


def test_the_store(both):
    """Each worker keeps its own observations, so that none travels before it is safe."""
    runs = [read_run(path) for path in (both.project.path / ".asrlab" / "runs").glob("*.jsonl")]
    assert {(one.model, one.clip) for run in runs for one in run.observations} == {
        (model, clip) for model in ("polly", "kakapo") for clip in CLIPS
    }


def test_the_store_is_pruned_meanwhile(distributed):
    """A command that prunes the store before a run has ended deletes nothing of the workers that have."""
    distributed.evals("accuracy")
    distributed.write(
        conftest="""
        from asrlab_pytest.cli import main

        def pytest_terminal_summary(config):
            if not hasattr(config, "workerinput"):
                main(["store", "prune", "--older-than", "0"])
        """
    )

    distributed.run("-n", "2").assert_outcomes(passed=8)

    runs = [read_run(path) for path in (distributed.path / ".asrlab" / "runs").glob("*.jsonl")]
    assert sum(len(run.observations) for run in runs) == 8


def test_the_markdown_file(both):
    """The Markdown file is written once, by the process that knows all."""
    text = (both.project.path / "asr.md").read_text()
    assert text.count(MARKER) == 1
    assert "| <code>polly</code> | 4 | 10.0%" in text


def test_a_clip_that_one_worker_could_not_read(distributed):
    """A clip that only one worker met and could not read fails the run, whatever another worker reports later."""
    (distributed.path / "clips" / "two.wav").write_bytes(b"")
    distributed.write(
        test_corpus="""
        def test_corpus(asr_corpus):
            assert asr_corpus.wer < 1
            open("judged", "w").close()
        """,
        test_late="""
        import pathlib, time

        def test_late(asr_model):
            end = time.monotonic() + 20
            while not pathlib.Path("judged").exists() and time.monotonic() < end:
                time.sleep(0.05)
            time.sleep(0.5)
        """,
    )

    # By default both tests would be of the one worker that has the model.
    result = distributed.run("-n", "2", "--dist", "loadfile", "--asr-model", "polly")

    assert result.parseoutcomes()["passed"] == 2
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["no result  polly: 1 clip (two)", "asrlab: polly on two: *empty (0 bytes)*"])


@pytest.fixture(scope="module")
def deaths(fresh_project):
    """A run in which polly ends its worker with every clip, and kakapo's dies with the last one."""
    with fresh_project("deaths") as project:
        project.configure(models=("polly", "kakapo"), tables="[tool.asrlab.models.polly.options]\ncrashes = true\n")
        for name in ("one", "two", "three"):
            project.clip(name, f"say {name}")
        project.evals("accuracy")
        project.write(
            test_z="""
            import os
            import pytest

            @pytest.mark.parametrize("asr_model", ["kakapo"], indirect=True)
            def test_z(asr_case):
                asr_case.transcribe()
                if asr_case.clip.id == "three":
                    os._exit(7)
            """
        )
        arguments = ("-v", "-n", "2", "--max-worker-restart", "9", "--asr-record", "run.jsonl")
        arguments += ("--asr-baseline", "base.jsonl", "--asr-update-baseline")
        result = project.run(*arguments, "--deselect", "test_accuracy.py::test_accuracy[polly-three]")
    return project, result


def test_a_worker_that_dies(deaths):
    """A worker that dies in a transcription fails the run, and what was observed before is in the record."""
    project, result = deaths

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert {row["clip"] for row in project.record()[1] if row["model"] == "kakapo"} == {"one", "two", "three"}
    result.stdout.fnmatch_lines(["FAILED test_z.py::test_z[[]three-kakapo[]]*"])


def test_a_model_that_ends_its_worker(deaths):
    """Where a model ends its worker each time, every case is tried once, and the other model's are as ever."""
    project, result = deaths

    assert result.parseoutcomes() == {"failed": 2 + 1, "passed": 3 + 2}
    # It does not survive its warm-up.
    tried = [line for line in project.events("transcribe") if " polly " in line]
    assert sorted(tried) == ["transcribe polly 1.0 say one", "transcribe polly 1.0 say two"]


def test_a_sample_with_which_a_worker_died(deaths):
    """The record has what each worker that died ran as a case without a result, and no baseline is written."""
    project, result = deaths
    run = read_run(project.path / "run.jsonl")

    assert {(failure.model, failure.clip) for failure in run.failures} == {("polly", "one"), ("polly", "two")}
    assert "crashed while running 'test_accuracy.py::test_accuracy[polly-one]'" in run.failures[0].problem
    assert run.plan == {"polly": ["one", "two"], "kakapo": ["one", "two", "three"]}
    assert main(["record", "validate", str(project.path / "run.jsonl")]) == 1
    assert not (project.path / "base.jsonl").exists()
    result.stdout.fnmatch_lines(
        ["no result  polly: 2 clips (one, two)", "*base.jsonl was not written: a worker of xdist crashed*"]
    )


def test_a_worker_that_dies_in_the_first_test(project):
    """The record of an earlier run is replaced also where a worker dies before it reports an observation."""
    project.configure(models=("polly",))
    project.clip("one", "hello there")
    project.evals("corpus")
    arguments = ("-n", "2", "--asr-record", "run.jsonl")
    project.run(*arguments)
    assert main(["record", "validate", str(project.path / "run.jsonl")]) == 0
    project.configure(models=("polly",), tables="[tool.asrlab.models.polly.options]\ncrashes = true\n")

    assert project.run(*arguments).ret == pytest.ExitCode.TESTS_FAILED
    assert list(read_run(project.path / "run.jsonl", empty=True).observations) == []
    assert main(["record", "validate", str(project.path / "run.jsonl")]) == 1


def test_a_shared_run_that_stops(distributed):
    """A run of workers that stops early is compared as one of a single process is: not on what it has alone."""
    distributed.evals("accuracy")
    distributed.run("-n", "2", "--asr-model", "polly", "--asr-record", "whole.jsonl")
    distributed.write(
        test_accuracy="""
        def test_accuracy(asr_case):
            assert asr_case.transcript.text and asr_case.clip.id != "two"
        """
    )
    distributed.run("-n", "2", "-x", "--asr-model", "polly", "--asr-record", "part.jsonl")
    whole, part = (str(distributed.path / f"{name}.jsonl") for name in ("whole", "part"))

    assert read_run(distributed.path / "part.jsonl").plan == {"polly": [*CLIPS]}
    assert main(["compare", whole, part]) == 3


def test_failures_read_the_same(distributed):
    """A failure of a worker that --tx started shows the aligned diff and the figure, and every case is recorded.

    A way to share the tests that the user asks for is left to xdist, and gives the same outcome.
    """
    distributed.configure(models=("polly", "kakapo"), tables="[tool.asrlab.thresholds]\nwer = 0.1\n")
    distributed.evals("accuracy")

    result = distributed.run("--tx", "2*popen", "--dist", "loadfile", "-v", "--asr-record", "run.jsonl")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.parseoutcomes() == {"failed": 2, "passed": 6}
    assert "LoadFileScheduling" in result.stdout.str()
    assert len(distributed.record()[1]) == 8
    result.stdout.fnmatch_lines(
        [
            "*[[]polly-four[]] _*",
            "WER 33.3% > 10.0% (project threshold)",
            "reference:  see you later",
            "hypothesis: see you latte",
            "                    S",
            "FAILED test_accuracy.py::test_accuracy[[]polly-four] - WER 33.3% > 10*",
        ]
    )


def test_mistakes(distributed):
    """A mistake ends a distributed run as it ends any other: status 4, its sentence, no traceback."""
    distributed.evals("accuracy")

    result = distributed.run("-n", "1", "--asr-model", "duck")

    output = result.stdout.str() + result.stderr.str()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "Traceback" not in output
    assert "INTERNALERROR" not in output
    assert "no model 'duck'" in output


def test_gates_come_last(distributed):
    """Gates judge what all workers transcribed before, and nothing is transcribed for them again."""
    slow = "[tool.asrlab.models.kakapo.options]\nsleeps = 0.1\n"
    distributed.configure(models=("polly", "kakapo"), tables=slow)
    distributed.evals("accuracy", "regression")
    assert distributed.run("--asr-baseline", "base.jsonl", "--asr-update-baseline").ret == 0
    before = len(distributed.heard())

    result = distributed.run("--tx", "2*popen", "--dist", "load", "--asr-baseline", "base.jsonl")

    assert result.ret == 0
    assert len(distributed.heard()) == 2 * before == 16
    assert result.parseoutcomes()["passed"] == 10


def test_a_worker_that_helps(project, monkeypatch):
    """A worker without a model takes clips of a slow one, and the pooled figures take over what it transcribed."""
    # A second less is worth it here; and on a busy machine the imports of a first case take longer than all clips.
    monkeypatch.setattr(xdist, "_LEAST_SAVED_S", 0.1)
    project.write(
        conftest="""
        import asrlab_pytest.cases.making, asrlab_pytest.waveform, asrlab_pytest.suite.sources

        asrlab_pytest.score("one", "one", language="en")
        """
    )
    project.configure(tables="[tool.asrlab.models.polly.options]\nsleeps = 0.3\n")
    for number in range(14):
        project.clip(f"clip{number}", f"say {number}")
    project.evals("accuracy", "corpus", "latency")

    result = project.run("-n", "2", "--asr-record", "run.jsonl")

    assert result.parseoutcomes() == {"passed": 14 + 1 + 1}
    assert len(project.events("load")) == 2
    assert len(project.heard()) == 14
    assert len(project.record()[1]) == 14


def test_tests_of_no_model(project):
    """Tests that evaluate no model are shared as they are without the plugin."""
    project.write(
        test_else="""
        import pytest

        @pytest.mark.parametrize("number", range(8))
        def test_else(number, worker_id):
            open(f"ran-{worker_id}", "a").close()
        """
    )

    result = project.run("-n", "2")

    assert result.parseoutcomes() == {"passed": 8}
    assert len([*project.path.glob("ran-*")]) == 2
