"""--asr-rounds and --asr-warmup: how often a case is transcribed."""

import pytest


@pytest.fixture
def timed(project):
    """A project with two clips."""
    project.clip("one", "hello there")
    project.clip("two", "good morning")
    project.evals("accuracy", "corpus")
    return project


@pytest.mark.parametrize("clock", ["pytest-benchmark", "own"])
def test_rounds(timed, clock):
    """Each case is transcribed once a round, and its latency is the median of as many times."""
    off = ["-p", "no:benchmark"] if clock == "own" else ["--benchmark-json", "results.json"]

    timed.run("--asr-rounds", "3", "--asr-record", "run.jsonl", *off).assert_outcomes(passed=3)

    assert timed.heard() == ["polly hello there"] * 3 + ["polly good morning"] * 3
    for row in timed.record()[1]:
        assert len(row["latencies_s"]) == 3
        assert row["latency_s"] == sorted(row["latencies_s"])[1]
    if clock == "pytest-benchmark":
        assert [entry["stats"]["rounds"] for entry in timed.json("results.json")["benchmarks"]] == [3, 3]


@pytest.mark.parametrize("times", [0, 1, 3])
def test_warmup(timed, times):
    """A model is warmed up as often as asked, once after it was loaded, on the beginning of its first clip."""
    timed.run("--asr-warmup", str(times)).assert_outcomes(passed=3)

    assert timed.events()[: times + 2] == [
        "load polly alive=1",
        *["transcribe polly 1.0 hello there"] * times,
        "transcribe polly 2.0 hello there",
    ]
    assert len(timed.heard()) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--asr-rounds", "0"), "rounds must be 1 or more, not 0"),
        (("--asr-warmup", "-1"), "warmup must be 0 or more, not -1"),
        (("--asr-rounds", "many"), "invalid int value: 'many'"),
    ],
)
def test_out_of_range(timed, arguments, words):
    """A number out of range ends the run with status 4 and a sentence."""
    result = timed.run(*arguments)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert words in result.stderr.str()
