"""Distributed runs: the same outcome as of a plain run."""

import pytest


@pytest.fixture
def distributed(project):
    """A project of two models and four clips, one of them misheard."""
    project.configure(models=("polly", "kakapo"), tables="[tool.asrlab.thresholds]\nwer = 0.9\n")
    for name, text in (("one", "hello there"), ("two", "good morning"), ("three", "no more tea")):
        project.clip(name, text)
    project.clip("four", "see you later", says="see you latte")
    return project


def scorecard(result):
    """The scorecard's lines, less what was timed."""
    start = next(number for number, line in enumerate(result.outlines) if "asrlab scorecard" in line)
    # A line that goes on with two spaces says how a model's speed stands beside the reference model's.
    lines = [line for line in result.outlines[start:-1] if line and not line.startswith("  ")]
    cut = [line.split() for line in lines if "polly (" not in line and "SKIPPED" not in line and "kakapo: " not in line]
    return [
        words[:4] if words[0] in ("polly", "kakapo") and "%" in words[2] else [words[0], *words[4:]] for words in cut
    ]


def test_the_same_scorecard_and_record(distributed):
    """Two workers lead to the scorecard and record of one process: every case once, no test lost."""
    distributed.evals("accuracy", "corpus", "latency")

    alone = distributed.run("--asr-record", "alone.jsonl")
    shared = distributed.run_apart("-n", "2", "--asr-record", "shared.jsonl")

    assert (alone.ret, shared.ret) == (0, 0)
    assert alone.parseoutcomes()["passed"] == shared.parseoutcomes()["passed"] == 12
    assert "warning" not in " ".join(shared.parseoutcomes())
    assert scorecard(alone) == scorecard(shared)
    rows = [
        sorted((row["model"], row["clip"], row["hypothesis"]) for row in distributed.record(name)[1])
        for name in ("alone.jsonl", "shared.jsonl")
    ]
    assert len(rows[0]) == 8
    assert rows[0] == rows[1]


def test_a_clip_that_one_worker_could_not_read(distributed):
    """A clip that only one worker met and could not read fails the run, whatever another worker reports later."""
    (distributed.path / "clips" / "two.wav").write_bytes(b"")
    distributed.write(
        test_corpus="def test_corpus(asr_corpus): assert asr_corpus.wer < 1",
        test_late="import time\ndef test_late(asr_model): time.sleep(3)",
    )

    result = distributed.run_apart("-n", "2", "--asr-model", "polly")

    assert result.parseoutcomes()["passed"] == 2
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["polly * 1 unread", "asrlab: polly on two: *empty (0 bytes)*"])


def test_a_worker_that_dies(distributed):
    """A worker that dies in a transcription fails the run, and what was observed before stands in the record."""
    distributed.evals("accuracy")
    distributed.write(
        test_z="""
        import os

        def test_z(asr_case):
            asr_case.transcribe()
            if asr_case.clip.id == "four":
                os._exit(7)
        """
    )

    result = distributed.run_apart("-n", "2", "--asr-record", "run.jsonl")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert len(distributed.record()[1]) >= 4


def test_failures_read_the_same(distributed):
    """A failure of a worker that --tx started shows the aligned diff and the figure, and every case is recorded."""
    distributed.configure(tables="[tool.asrlab.thresholds]\nwer = 0.1\n")
    distributed.evals("accuracy")

    result = distributed.run_apart("--tx", "2*popen", "--dist", "load", "--asr-record", "run.jsonl")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert len(distributed.record()[1]) == 4
    result.stdout.fnmatch_lines(
        [
            "polly on four: WER 33.3% exceeds 10.0% (bound of the project)",
            "reference:  see you later",
            "hypothesis: see you latte",
            "                    S",
            "FAILED test_accuracy.py::test_accuracy[[]polly-four] - polly on four: WER 33.3%*",
        ]
    )


def test_mistakes(distributed):
    """A mistake ends a distributed run as it ends any other: status 4, its sentence, no traceback."""
    distributed.evals("accuracy")

    result = distributed.run_apart("-n", "2", "--asr-model", "duck")

    output = result.stdout.str() + result.stderr.str()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "Traceback" not in output
    assert "INTERNALERROR" not in output
    assert "no model 'duck'" in output


def test_a_model_is_loaded_once(distributed):
    """Each model is loaded by one worker alone, which transcribes all of its clips."""
    distributed.evals("accuracy", "corpus", "latency")

    result = distributed.run_apart("-n", "3")

    assert result.ret == 0
    assert sorted(distributed.events("load")) == ["load kakapo alive=1", "load polly alive=1"]
    assert len(distributed.heard()) == 8


def test_gates_come_last(distributed):
    """Gates judge what all workers transcribed before, and nothing is transcribed for them again."""
    slow = "[tool.asrlab.models.kakapo.options]\nsleeps = 0.5\n"
    distributed.configure(models=("polly", "kakapo"), tables=slow)
    distributed.evals("accuracy", "regression")
    arguments = ("-n", "2", "--asr-baseline", "base.jsonl")
    assert distributed.run_apart(*arguments, "--asr-update-baseline").ret == 0
    before = len(distributed.heard())

    result = distributed.run_apart(*arguments)

    assert result.ret == 0
    assert len(distributed.heard()) == 2 * before == 16
    assert result.parseoutcomes()["passed"] == 10


def test_a_model_that_ends_its_worker(distributed):
    """Where a model ends its worker each time, every case is tried once, and the other model's are as ever."""
    distributed.configure(models=("polly", "kakapo"), tables="[tool.asrlab.models.polly.options]\ncrashes = true\n")
    distributed.evals("accuracy")

    result = distributed.run_apart("-n", "2", "--max-worker-restart", "9")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.parseoutcomes() == {"failed": 4, "passed": 4}


def test_another_way_to_share(distributed):
    """A way to share the tests that the user asks for is left to xdist, and gives the same outcome."""
    distributed.evals("accuracy")

    result = distributed.run_apart("-n", "2", "--dist", "loadfile", "-v")

    assert result.ret == 0
    assert result.parseoutcomes()["passed"] == 8
    assert "LoadFileScheduling" in result.stdout.str()


def test_tests_of_no_model(project):
    """Tests that evaluate no model are shared as they are without the plugin."""
    project.write(
        test_else="""
        import os, time
        import pytest

        @pytest.mark.parametrize("number", range(8))
        def test_else(number, worker_id):
            time.sleep(0.2)
            open(f"ran-{worker_id}", "a").close()
        """
    )

    result = project.run_apart("-n", "2")

    assert result.parseoutcomes() == {"passed": 8}
    assert len([*project.path.glob("ran-*")]) == 2
