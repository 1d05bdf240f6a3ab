"""What surrounds the scorecard: pytest's own summary, and pytest-benchmark's table."""

import pytest

PLAIN = "def test_plain(benchmark): benchmark.pedantic(sum, args=([1],))"


@pytest.fixture(scope="module")
def silent(fresh_project):
    """A project of a model that runs, one that cannot, and a benchmark that is not a case."""
    with fresh_project("silent") as project:
        project.configure(
            'model = ["polly", "flown"]', tables='[tool.asrlab.models.flown]\nengine = "parrot"\nweights = "nowhere"\n'
        )
        project.clip("one", "hello there")
        project.clip("two", "good morning")
        project.evals("accuracy", "corpus", "memory", "speed")
        project.write(test_plain=PLAIN)
        yield project


def test_skips_of_a_model_are_one_line(silent):
    """All tests that a model that is not ready skips, in every module, are one line of pytest's summary."""
    result = silent.run("-rs", "-k", "flown")

    skipped = [line for line in result.outlines if line.startswith("SKIPPED")]
    assert len(skipped) == 1
    assert skipped[0].startswith("SKIPPED [4] ")
    assert "flown: weights missing" in skipped[0]


def test_the_table_of_benchmarks(silent):
    """pytest-benchmark's table has the project's other benchmarks, and the cases of models only where asked for."""
    quiet = silent.run("-k", "polly or plain").stdout.str()
    asked = silent.run("-k", "polly or plain", "--benchmark-columns=min,max").stdout.str()

    assert "test_plain" in quiet.partition("benchmark: 1 tests")[2]
    assert "test_accuracy[polly-one]" not in quiet
    assert "test_accuracy[polly-one]" in asked.partition("benchmark: 3 tests")[2]


def test_no_other_benchmark(silent):
    """Where all benchmarks are cases of models there is no table at all, and the JSON has them all the same."""
    result = silent.run("test_accuracy.py", "--benchmark-json", "results.json")

    assert "benchmark: 2" not in result.stdout.str()
    assert len(silent.json("results.json")["benchmarks"]) == 2


def test_failures_begin_with_the_figure(project):
    """A line of the summary has the figure after the test's id, which names the model and the clip."""
    project.configure(tables="[tool.asrlab.thresholds]\nwer = 0.1\n[tool.asrlab.corpus_thresholds]\nwer = 0.2\n")
    project.clip("one", "hello there", says="hello where")
    project.clip("gone", "nothing").unlink()
    project.evals("accuracy", "corpus")

    result = project.run()

    result.stdout.fnmatch_lines(
        [
            "FAILED test_accuracy.py::test_accuracy[[]polly-one] - WER 50.0% > 10.0% (p*",
            "FAILED test_accuracy.py::test_accuracy[[]polly-gone] - *no file*",
            "FAILED test_corpus.py::test_corpus[[]polly] - WER 50.0% > 20.0% (project thr*",
        ]
    )
    assert "- Failed:" not in result.stdout.str()
