"""Bounds on cases and corpora: which one applies, and how a failure reads."""

import xml.etree.ElementTree as ET

import pytest

POINT = "[tool.asrlab.thresholds]\nwer = 0.1\n"


@pytest.fixture
def misheard(project):
    """A project with a clip that is heard right, and one of whose four words one is heard wrong."""
    project.configure(tables=POINT)
    project.clip("right", "hello there")
    project.clip("wrong", "we saw the sea", says="we saw a sea")
    return project


def case(mark=""):
    return f"import pytest\n{mark}\ndef test_it(asr_case):\n    asr_case.check()\n"


def test_a_failure_reads_as_an_assertion(misheard):
    """An exceeded threshold shows figure, bound, who stated it, and the aligned texts, without a traceback."""
    misheard.evals("accuracy")

    result = misheard.run()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "polly on wrong: WER 25.0% exceeds 10.0% (bound of the project)",
            "reference:  we saw the sea*",
            "hypothesis: we saw a   sea*",
            "                   S*",
            "FAILED test_accuracy.py::test_accuracy[[]polly-wrong] - polly on wrong: WER 25*",
        ]
    )
    assert "def test_accuracy" not in result.stdout.str()


@pytest.mark.parametrize(("colour", "coloured"), [("yes", True), ("no", False)])
def test_colour(misheard, colour, coloured):
    """The words that differ are coloured on a terminal, and nowhere else."""
    misheard.evals("accuracy")

    result = misheard.run(f"--color={colour}", "--asr-clip", "wrong")

    assert ("\x1b[33mthe \x1b[0m" in result.stdout.str()) == coloured
    assert ("\x1b" in result.stdout.str()) == coloured


def test_junit_has_no_escape_codes(misheard):
    """The JUnit file has the figures as its message and the diff as its text, also from a coloured run."""
    misheard.evals("accuracy")

    misheard.run("--color=yes", "--junitxml=junit.xml")

    text = (misheard.path / "junit.xml").read_text(encoding="utf-8")
    failure = ET.fromstring(text).find(".//failure")
    assert "\x1b" not in text
    assert "#x1B" not in text
    assert failure.get("message") == "polly on wrong: WER 25.0% exceeds 10.0% (bound of the project)"
    assert "hypothesis: we saw a   sea" in failure.text


def test_an_assertion_on_a_rate(misheard):
    """`assert asr_case.wer <= x` shows rate, bound and the aligned texts."""
    misheard.write(test_it="def test_it(asr_case):\n    assert asr_case.wer <= 0.1\n    assert asr_case.cer < 1\n")

    result = misheard.run()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "E * assert 25.0% <= 0.1",
            "E * reference:  we saw the sea",
            "E * hypothesis: we saw a   sea",
            "E * S",
        ]
    )


@pytest.mark.parametrize(
    ("mark", "clip", "model", "source"),
    [
        ("@pytest.mark.asr(wer=0.2)", 0.15, 0.15, "mark"),
        ("@pytest.mark.asr(cer=2)", 0.2, 0.15, "clip"),
        ("", None, 0.2, "model"),
        ("", None, None, "project"),
    ],
)
def test_the_closest_bound_fails(project, mark, clip, model, source):
    """The mark's bound beats the clip's, which beats the model's, which beats the project's."""
    stated = f"[tool.asrlab.models.polly.thresholds]\nwer = {model}\n" if model is not None else ""
    project.configure(tables=stated + "[tool.asrlab.thresholds]\nwer = 0.1\n")
    project.clip("it", "we saw the sea", says="we saw a sea", thresholds={} if clip is None else {"wer": clip})
    project.write(test_it=case(mark))

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"polly on it: WER 25.0% exceeds * (bound of the {source})"])


@pytest.mark.parametrize(
    ("mark", "clip", "model"),
    [("@pytest.mark.asr(wer=0.25)", 0.0, 0.0), ("", 0.25, 0.0), ("", None, 0.25)],
)
def test_the_closest_bound_passes(project, mark, clip, model):
    """A looser bound that is closer lets a case pass, whatever stricter ones stand behind it."""
    project.configure(
        tables=f"[tool.asrlab.models.polly.thresholds]\nwer = {model}\n[tool.asrlab.thresholds]\nwer = 0.0\n"
    )
    project.clip("it", "we saw the sea", says="we saw a sea", thresholds={} if clip is None else {"wer": clip})
    project.write(test_it=case(mark))

    project.run().assert_outcomes(passed=1)


def test_the_mark_of_a_function_beats_that_of_its_class(misheard):
    """Of several marks, the closest one counts for each metric."""
    misheard.write(
        test_it="""
        import pytest

        @pytest.mark.asr(wer=0.0, cer=0.0)
        class TestIt:
            @pytest.mark.asr(wer=0.5, cer=0.5)
            def test_loose(self, asr_case):
                asr_case.check()

            def test_strict(self, asr_case):
                asr_case.check()
        """
    )

    misheard.run("--asr-clip", "wrong").assert_outcomes(passed=1, failed=1)


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("@pytest.mark.asr(wer=-1)", "wer must be a number from 0 up, not -1"),
        ("@pytest.mark.asr(wer=float('nan'))", "wer must be a number from 0 up, not nan"),
        ("@pytest.mark.asr(were=1)", "no metric 'were' of recognition; there are wer, cer, rtf, *"),
        ("@pytest.mark.asr(wer='low')", "wer must be a number from 0 up, not 'low'"),
        ("@pytest.mark.asr(0.3)", "positional argument"),
    ],
)
def test_a_wrong_mark(misheard, mark, words):
    """A mark that is wrong fails its test in a sentence, instead of being passed over."""
    misheard.write(test_it=case(mark))

    result = misheard.run("--asr-clip", "right")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([f"test_it.py::test_it[[]polly-right]: @pytest.mark.asr: *{words}*"])
    assert "During handling" not in result.stdout.str()


def test_only_the_metrics_named(misheard):
    """`check("cer")` judges no other metric."""
    misheard.configure(tables="[tool.asrlab.thresholds]\nwer = 0.0\ncer = 0.9\nrtf = 0.0\n")
    misheard.write(test_it="def test_it(asr_case):\n    asr_case.check('cer')\n")

    misheard.run().assert_outcomes(passed=2)


def test_an_rtf_bound(misheard):
    """A case that is slower than its bound fails with the figure, and shows no diff where no word is judged."""
    misheard.configure(tables="[tool.asrlab.models.polly.options]\nsleeps = 0.3\n")
    misheard.write(test_it=case("@pytest.mark.asr(rtf=0.05)"))

    result = misheard.run("--asr-clip", "right")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["polly on right: RTF 0.1* exceeds 0.050 (bound of the mark)"])
    assert "hypothesis:" not in result.stdout.str()


def test_words_where_nobody_speaks(project):
    """Words written over silence exceed a bound on hallucinated words, and no WER."""
    project.configure(tables="[tool.asrlab.thresholds]\nwer = 0.0\nhallucinated_words = 1\n")
    project.clip("quiet", "", says="thank you")
    project.clip("still", "")
    project.evals("accuracy")

    result = project.run()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["polly on quiet: hallucinated words 2 exceeds 1 (bound of the project)"])


def test_a_corpus_bound(misheard):
    """Corpus thresholds judge pooled figures: one error in six words, not the mean of two rates."""
    misheard.configure(tables="[tool.asrlab.corpus_thresholds]\nwer = 0.15\n[tool.asrlab.thresholds]\nwer = 0.0\n")
    misheard.evals("corpus")

    result = misheard.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["polly over 2 clips: WER 16.7% exceeds 15.0% (bound of the project)"])


@pytest.mark.parametrize(("mark", "passed"), [("@pytest.mark.asr(wer=0.17)", 1), ("", 0)])
def test_a_corpus_bound_of_mark_and_model(misheard, mark, passed):
    """A mark beats the model's corpus bound, which beats the project's."""
    misheard.configure(
        tables="[tool.asrlab.models.polly.corpus_thresholds]\nwer = 0.15\n[tool.asrlab.corpus_thresholds]\nwer = 0.9\n"
    )
    misheard.write(test_it=f"import pytest\n{mark}\ndef test_it(asr_corpus):\n    asr_corpus.check()\n")

    misheard.run().assert_outcomes(passed=passed, failed=1 - passed)


@pytest.mark.parametrize(
    ("task", "fixture", "metric", "metrics"),
    [
        ("recognition", "asr_case", "fact_recall", "wer, cer, rtf, hallucinated_words, *"),
        ("recognition", "asr_corpus", "excess_wer", "wer, cer, rtf, hallucinated_words, *"),
        ("synthesis", "tts_case", "fact_recall", "wer, cer, excess_wer, *speech_faults"),
        ("synthesis", "tts_corpus", "hallucinated_words", "wer, cer, excess_wer, *speech_faults"),
        ("conversation", "conversation_case", "excess_wer", "fact_recall, forbidden_facts, *speech_faults"),
        ("conversation", "conversation_corpus", "were", "fact_recall, forbidden_facts, *speech_faults"),
    ],
)
def test_a_metric_of_another_task(project, task, fixture, metric, metrics):
    """`check` of a metric that the case does not have fails in one sentence that lists those it has."""
    project.configure(models=("coco",), tasks=[task])
    project.clip("one", "hello there")
    project.prompt("one", "hello there")
    project.dialogue("one", "hello there")
    project.write(test_it=f"def test_it({fixture}): {fixture}.check('wer', {metric!r})\n")

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"check: no metric '{metric}' of {task}; there are {metrics}"])
    assert "Traceback" not in result.stdout.str()
    assert "ValueError" not in result.stdout.str()
    assert "def test_it" not in result.stdout.str()
    assert project.events() == []
