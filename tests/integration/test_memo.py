"""One transcription for every number, one load for every model."""

import pytest

CASES = """
def test_first(asr_case):
    assert asr_case.wer == 0
"""


@pytest.fixture
def two_models(project):
    """A project with two models and two clips."""
    project.configure(models=("polly", "coco"))
    project.clip("one", "hello there")
    project.clip("two", "good morning")
    return project


def expect_one_load_each(project, first="polly", second="coco"):
    assert project.events("load", "close") == [
        f"load {first} alive=1",
        f"close {first}",
        f"load {second} alive=1",
        f"close {second}",
    ]
    assert len(project.heard()) == len(set(project.heard()))


def test_no_second_transcription(two_models):
    """Accuracy, corpus and latency together transcribe each case once, without a warning from pytest-benchmark."""
    two_models.evals("accuracy", "corpus", "latency")
    two_models.write(test_more=CASES)

    result = two_models.run("-W", "error")

    result.assert_outcomes(passed=12)
    assert sorted(two_models.heard()) == [
        "coco good morning",
        "coco hello there",
        "polly good morning",
        "polly hello there",
    ]
    expect_one_load_each(two_models)


def test_a_case_asked_twice_in_one_test(project):
    """Transcript, score, latency and RTF of one case come from one transcription."""
    project.clip("one", "hello there")
    project.write(
        test_it="""
        def test_it(asr_case):
            assert asr_case.transcribe() is asr_case.transcribe()
            assert asr_case.transcript.text == "hello there"
            assert asr_case.wer == asr_case.cer == 0 == asr_case.score.words.errors
            assert asr_case.rtf == asr_case.latency / 2.0 > 0
            asr_case.check()
        """
    )

    project.run().assert_outcomes(passed=1)

    assert project.heard() == ["polly hello there"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("-k", "two or corpus"),
        ("--random-order", "--random-order-bucket=global", "--random-order-seed=3"),
        ("--random-order", "--random-order-bucket=global", "--random-order-seed=4"),
        ("test_z.py", "test_accuracy.py", "test_corpus.py"),
        ("--reruns", "1"),
        ("-p", "no:benchmark"),
    ],
    ids=" ".join,
)
def test_one_load_each(two_models, arguments):
    """Whatever is selected and in whichever order, a model loads once, and is closed before the next one loads."""
    two_models.evals("accuracy", "corpus")
    two_models.write(test_z=CASES, test_plain="def test_plain(): pass")

    two_models.run(*arguments)

    loads = two_models.events("load")
    assert sorted(line.split()[1] for line in loads) == ["coco", "polly"]
    assert all(line.endswith("alive=1") for line in loads)
    assert len(two_models.events("close")) == 2
    assert len(two_models.heard()) == len(set(two_models.heard()))


@pytest.fixture(scope="module")
def failing(fresh_project):
    """Two models that fail one clip of three in each of two files; the project and the result of a run."""
    with fresh_project("failing") as project:
        project.configure(models=("polly", "coco"))
        project.clip("one", "hello there")
        project.clip("two", "good morning")
        project.clip("three", "good bye", says="good buy")
        project.write(test_a=CASES, test_b=CASES.replace("first", "second"))
        return project, project.run()


def test_one_load_each_also_after_failures(failing):
    """A failed test, whose traceback refers to the model, neither keeps it loaded nor loads it again."""
    project, result = failing

    assert result.parseoutcomes()["failed"] == 4
    expect_one_load_each(project)


@pytest.mark.parametrize("arguments", [("--reruns", "1"), ("-p", "no:benchmark")], ids=" ".join)
def test_one_load_each_also_after_failures_with_plugins(fresh_project, failing, arguments):
    """Neither does one that is run again, or that pytest-benchmark does not time."""
    with fresh_project("again", like=failing[0]) as project:
        result = project.run("--cache-clear", *arguments)

        assert result.parseoutcomes()["failed"] == 4
        expect_one_load_each(project)


@pytest.mark.parametrize("flag", ["--lf", "--ff"])
def test_one_load_each_with_last_failed(fresh_project, failing, flag):
    """A run of the last failures, or of those first, loads each model once."""
    with fresh_project("last", like=failing[0]) as project:
        result = project.run(flag)

        assert result.parseoutcomes()["failed"] == 4
        assert len(project.events("load")) == 2
        assert all(line.endswith("alive=1") for line in project.events("load"))


def test_a_parametrization_in_between(two_models):
    """A parameter of the test's own multiplies the cases, and neither loads nor transcriptions."""
    two_models.write(
        test_it="""
        import pytest

        @pytest.mark.parametrize("side", ["left", "right"])
        class TestIt:
            def test_it(self, asr_case, side):
                asr_case.transcribe()
        """
    )

    two_models.run("-W", "error").assert_outcomes(passed=8)

    expect_one_load_each(two_models)


def test_a_plain_test_keeps_its_place(two_models):
    """Tests without a model stay where they were among those that have one."""
    two_models.write(test_a="def test_a(): pass", test_b=CASES, test_c="def test_c(): pass")

    result = two_models.run("--collect-only", "-q")

    assert [line.split("::")[1] for line in result.outlines if "::" in line] == [
        "test_a",
        "test_first[polly-one]",
        "test_first[polly-two]",
        "test_first[coco-one]",
        "test_first[coco-two]",
        "test_c",
    ]


def test_cases_before_corpus_figures(project):
    """Where a corpus test stands first, its cases still run before it, so that pytest-benchmark times them."""
    project.clip("one", "hello there")
    project.write(test_a="def test_a(asr_corpus): asr_corpus.check()")
    project.evals("accuracy")

    project.run("--benchmark-json", "results.json").assert_outcomes(passed=2)

    assert [entry["name"] for entry in project.json("results.json")["benchmarks"]] == ["test_accuracy[polly-one]"]


def test_nothing_is_loaded_for_nothing(project):
    """A model whose test asks for no transcription is never loaded."""
    project.clip("one", "hello there")
    project.write(test_it="def test_it(asr_model): assert asr_model.id == 'polly'")

    project.run().assert_outcomes(passed=1)

    assert project.events() == []
