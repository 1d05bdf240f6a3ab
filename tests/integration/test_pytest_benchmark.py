"""With pytest-benchmark, with it switched off, and without it."""

import subprocess

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.records.reading import read_run


@pytest.fixture
def bench(project):
    """A project with two clips and the shipped evals."""
    project.clip("one", "hello there")
    project.clip("two", "good morning", says="good evening")
    project.evals("accuracy", "corpus", "latency")
    return project


def test_extra_info(bench):
    """Each case of the JSON holds what was measured, also for a case that failed, as expected or not."""
    bench.configure(
        models=("polly", "kea"),
        tables=(
            "[tool.asrlab.thresholds]\nwer = 0.1\n"
            '[[tool.asrlab.known_failures]]\nmodel = "kea"\nclip = "two"\nreason = "loud"\n'
        ),
    )

    result = bench.run("--benchmark-json", "results.json")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    document = bench.json("results.json")
    cases = {entry["name"]: entry["extra_info"]["asr"] for entry in document["benchmarks"]}
    assert {name: case["outcome"] for name, case in cases.items()} == {
        "test_accuracy[polly-one]": "passed",
        "test_accuracy[polly-two]": "failed",
        "test_accuracy[kea-one]": "passed",
        "test_accuracy[kea-two]": "xfailed",
    }
    failed = cases["test_accuracy[polly-two]"]
    assert (failed["hypothesis"], failed["wer"]) == ("good evening", 0.5)
    assert failed["counts"] == {"hits": 1, "substitutions": 1, "deletions": 0, "insertions": 0}
    assert document["asrlab"]["models"]["polly"]["status"] == "ready"
    assert document["asrlab"]["environment"]["packages"]["pytest"] == pytest.__version__


def test_a_run_without_models(bench):
    """The JSON of a run without ASR tests is pytest-benchmark's own."""
    for name in ("accuracy", "corpus", "latency"):
        (bench.path / f"test_{name}.py").unlink()
    bench.write(test_plain="def test_plain(benchmark): benchmark.pedantic(sum, args=([1],))")

    bench.run("--benchmark-json", "results.json")

    document = bench.json("results.json")
    assert "asrlab" not in document
    assert document["benchmarks"][0]["extra_info"] == {}


@pytest.mark.parametrize("arguments", [("--benchmark-disable",), ("-p", "no:benchmark")], ids=" ".join)
def test_our_own_clock(bench, arguments):
    """Without pytest-benchmark's clock the cases are timed, judged and recorded all the same, without a warning."""
    result = bench.run("-W", "error", "--asr-record", "run.jsonl", *arguments)

    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=4)
    assert all(row["latency_s"] > 0 for row in bench.record()[1])
    assert len(bench.heard()) == 2
    result.stdout.fnmatch_lines(["polly * 25.0% *"])


def test_times_that_nobody_sees(bench):
    """pytest-benchmark times a case only in a run that has an option of it, or of a test that uses it itself."""
    bench.write(
        conftest="def pytest_sessionfinish(session):\n"
        "    print('timed', *(timed.name for timed in session.config._benchmarksession.benchmarks))\n",
        test_own="def test_own(asr_case, benchmark):\n    asr_case.check()\n    benchmark.extra_info['a'] = 1\n",
    )

    def timed(*arguments):
        result = bench.run("-s", "-W", "error", "--asr-clip", "one", *arguments)
        result.assert_outcomes(passed=1)
        return next(
            names.split() for line in result.outlines for _, is_it, names in [line.partition(".timed")] if is_it
        )

    assert timed("test_accuracy.py", "--benchmark-quiet") == []
    assert timed("test_accuracy.py", "--benchmark-json", "results.json") == ["test_accuracy[polly-one]"]
    assert timed("test_own.py") == ["test_own[polly-one]"]


def test_benchmark_only(bench):
    """--benchmark-only runs the cases and skips the corpus figures, which have no benchmark."""
    result = bench.run("--benchmark-only")

    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=2, skipped=2)


def test_benchmark_skip(bench):
    """--benchmark-skip skips the cases and runs the corpus figures."""
    result = bench.run("--benchmark-skip")

    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=2, skipped=2)


def test_benchmark_skip_of_everything(bench):
    """A run in which --benchmark-skip left no case is not green, and does not blame the models."""
    result = bench.run("--benchmark-skip", "test_accuracy.py")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: no case ran: all were skipped"])


def test_without_our_plugin(bench):
    """With -p no:asrlab the plugin is gone: its fixtures and options too, and other tests run."""
    bench.write(test_plain="def test_plain(): pass")

    plain = bench.run("-p", "no:asrlab", "test_plain.py")
    evals = bench.run("-p", "no:asrlab", "test_accuracy.py")

    assert plain.ret == pytest.ExitCode.OK
    evals.assert_outcomes(errors=1)
    evals.stdout.fnmatch_lines(["*fixture 'asr_case' not found*"])
    assert "asrlab" not in plain.stdout.str().replace("asrlab-pytest", "")


def test_a_mistake_where_warnings_are_errors(bench):
    """A mistake in a table ends a run in one sentence, and not in a warning that nothing was timed."""
    bench.configure(tables='[tool.asrlab.models.typo]\nengine = "parot"\nweights = "here"\n')

    result = bench.run("-W", "error", "--asr-model", "typo", "--benchmark-json", "results.json")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    output = f"{result.stdout}{result.stderr}"
    assert "parot" in output
    for noise in ("Traceback", "Not saving", "no case ran", "not written"):
        assert noise not in output


def test_no_case_to_time(bench):
    """A run whose models are not ready says that the JSON was not written, and offers no command on an earlier one."""
    bench.configure('model = ["flown"]', tables='[tool.asrlab.models.flown]\nengine = "parrot"\nweights = "nowhere"\n')
    (bench.path / "results.json").write_text("of an earlier run")

    result = bench.run("-W", "error", "--benchmark-json", "results.json")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: results.json was not written: no case ran; the file is of an earlier run"])
    assert "Not saving" not in f"{result.stdout}{result.stderr}"
    assert "asrlab report results.json" not in f"{result.stdout}"
    assert (bench.path / "results.json").read_text() == "of an earlier run"


@pytest.mark.parametrize(
    "arguments",
    [("--asr-batch-size=2",), ("--benchmark-disable",), ("-n", "1"), ("--asr-rescore=run.jsonl",)],
    ids=" ".join,
)
def test_no_time_of_a_case(bench, arguments):
    """The JSON of a run in which no case was timed is written as a record, in place of that of an earlier run."""
    bench.configure(tables="[tool.asrlab.models.polly.options]\nflocks = true\n")
    (bench.path / "out").mkdir()
    file = bench.path / "out" / "results.json"
    file.write_text("of an earlier run")
    if "--asr-rescore=run.jsonl" in arguments:
        bench.run("--asr-record", "run.jsonl")

    result = bench.run("-W", "error", *arguments, "--benchmark-json", "out/results.json")

    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["more * asrlab report out/results.json"])
    assert "not written" not in f"{result.stdout}"
    assert bench.json("out/results.json")["benchmarks"] == []
    run = read_run(file)
    assert {row.clip: row.hypothesis for row in run.first_pass} == {"one": "hello there", "two": "good evening"}
    assert {*run.models} == {"polly"}
    assert main(["report", str(file)]) == 0


def test_failures_alone(bench):
    """The JSON of a run whose clips all failed has the failures."""
    bench.configure(tables='[tool.asrlab.models.polly.options]\nfails_on = "good evening"\n')

    bench.run("--asr-clip", "two", "--benchmark-json", "results.json")

    assert [failure.clip for failure in read_run(bench.path / "results.json").failures] == ["two"]


@pytest.mark.parametrize("arguments", [(), ("--benchmark-disable",)], ids=" ".join)
def test_a_file_that_cannot_be_written(bench, arguments):
    """A JSON that cannot be written fails the run in one sentence, and no command on it is offered."""
    result = bench.run(*arguments, "--benchmark-json", "pyproject.toml/results.json")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: pyproject.toml/results.json was not written: Not a directory"])
    assert "asrlab report pyproject" not in f"{result.stdout}"


def test_a_folder_that_is_missing(bench):
    """The folder of the JSON is made, as that of a record."""
    bench.run("--benchmark-json", "new/results.json")

    assert len(bench.json("new/results.json")["benchmarks"]) == 2


FULL = """
import resource, signal, sys
sys.dont_write_bytecode = True  # a compiled module would be cut
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
def pytest_runtest_setup(item):
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
"""


@pytest.mark.parametrize("arguments", [(), ("--benchmark-disable",)], ids=" ".join)
def test_a_disk_that_is_full(bench, arguments):
    """A JSON for which the disk has no room fails the run in one sentence, and an older file stays as it was."""
    bench.write(conftest=FULL)
    older = bench.path / "results.json"
    older.write_text("of an earlier run")
    command = [*bench.apart, "-p", "no:cacheprovider", "--benchmark-save=kept", "--benchmark-json", older.name]

    with bench.forks():
        done = subprocess.run([*command, *arguments], cwd=bench.path, capture_output=True, text=True, check=False)

    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "asrlab: results.json was not written: File too large" in done.stdout
    assert ("asrlab: the file of --benchmark-save was not written: File too large" in done.stdout) is (arguments == ())
    assert "Traceback" not in f"{done.stdout}{done.stderr}"
    assert "4 passed" in done.stdout
    assert older.read_text() == "of an earlier run"
    assert not [*bench.path.glob(".results.json*")]
