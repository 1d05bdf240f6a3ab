"""Bounds on cases and corpora: which one applies, and how a failure reads."""

import xml.etree.ElementTree as ET
from importlib.metadata import version

import pytest

from asrlab_pytest.tasks import LABELS
from failures import failures

POINT = "[tool.asrlab.thresholds]\nwer = 0.1\n"


def two_clips(project):
    """A project with a clip that is heard right, and one of whose four words one is heard wrong."""
    project.configure(tables=POINT)
    project.clip("right", "hello there")
    project.clip("wrong", "we saw the sea", says="we saw a sea")
    return project


@pytest.fixture
def misheard(project):
    """A project with a clip that is heard right, and one of whose four words one is heard wrong."""
    return two_clips(project)


@pytest.fixture(scope="module")
def coloured(fresh_project):
    """A coloured run of the shipped evals, and the text of its JUnit file."""
    with fresh_project("coloured") as project:
        two_clips(project).evals("accuracy")
        result = project.run("--color=yes", "--junitxml=junit.xml")
        return result, (project.path / "junit.xml").read_text(encoding="utf-8")


def case(mark="", name="test_it", clip=None):
    """A test of all cases, or of those of a clip."""
    chosen = "" if clip is None else f'@pytest.mark.parametrize("asr_clip", ["{clip}"], indirect=True)\n'
    return f"{chosen}{mark}\ndef {name}(asr_case):\n    asr_case.check()\n"


def module(*cases):
    return "import pytest\n\n" + "\n".join(cases)


def test_a_failure_reads_as_an_assertion(misheard):
    """An exceeded threshold shows figure, bound, who stated it, and the aligned texts, without a traceback."""
    misheard.evals("accuracy")

    result = misheard.run("--color=no")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*[[]polly-wrong[]] _*",
            "WER 25.0% > 10.0% (project threshold)",
            "reference:  we saw the sea*",
            "hypothesis: we saw a   sea*",
            "                   S*",
            "FAILED test_accuracy.py::test_accuracy[[]polly-wrong] - WER 25.0% > 10*",
        ]
    )
    assert "def test_accuracy" not in result.stdout.str()
    assert "\x1b" not in result.stdout.str()


def test_colour(coloured):
    """The words that differ are coloured on a terminal."""
    result, _ = coloured

    assert "\x1b[33mthe \x1b[0m" in result.stdout.str()


def test_junit_names_the_plugin(coloured):
    """A JUnit file states the plugin's version before any test, by which a later run knows that it may replace it."""
    assert f'<properties><property name="asrlab-pytest" value="{version("asrlab-pytest")}" />' in coloured[1][:600]


def test_junit_has_no_escape_codes(coloured):
    """The JUnit file has the figures as its message and the diff as its text, also from a coloured run."""
    _, text = coloured

    failure = ET.fromstring(text).find(".//failure")
    assert "\x1b" not in text
    assert "#x1B" not in text
    assert failure.get("message") == "WER 25.0% > 10.0% (project threshold)"
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


@pytest.mark.parametrize("stated", ["@pytest.mark.asr(wer={})\n{}", "{1}    pytestmark = pytest.mark.asr(wer={0})\n"])
def test_a_class_with_a_base(misheard, stated):
    """The threshold of a class counts before those of its bases, whether it is stricter or not."""
    classes = (("Base", "", 0.4), ("Strict", "TestBase", 0.2), ("Strictest", "TestStrict", 0.0))
    texts = [stated.format(wer, f"class Test{name}({base}):\n    a = 1\n") for name, base, wer in classes]
    texts[0] += "    def test_it(self, asr_case):\n        asr_case.check()\n"
    misheard.write(test_it=module(*texts))

    result = misheard.run("--asr-clip", "wrong")

    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["WER 25.0% > 20.0% (mark threshold)", "WER 25.0% > 0.0% (mark threshold)"])


MARKED = "@pytest.mark.asr({})"


def test_the_closest_bound_fails(project):
    """The mark's bound beats the clip's, which beats the model's, which beats the project's."""
    tables = "".join(
        f"[tool.asrlab.models.{name}.thresholds]\nwer = {bound}\n" for name, bound in (("near", 0.15), ("model", 0.2))
    )
    project.configure(models=("near", "model", "polly"), tables=f"{tables}[tool.asrlab.thresholds]\nwer = 0.1\n")
    for name, keys in (("strict", {"wer": 0.15}), ("clip", {"wer": 0.2}), ("plain", {})):
        project.clip(name, "we saw the sea", says="we saw a sea", thresholds=keys)
    project.write(
        test_it=module(
            case(MARKED.format("wer=0.2"), "test_mark", "strict"),
            case(MARKED.format("cer=2"), "test_clip", "clip"),
            case("", "test_model", "plain"),
        )
    )

    result = project.run()

    result.assert_outcomes(failed=9)
    beyond = "WER 25.0% > {}% ({} threshold)"
    assert failures(result) == {
        **{f"test_mark[{model}-strict]": beyond.format("20.0", "mark") for model in ("near", "model", "polly")},
        **{f"test_clip[{model}-clip]": beyond.format("20.0", "clip") for model in ("near", "model", "polly")},
        "test_model[near-plain]": beyond.format("15.0", "model"),
        "test_model[model-plain]": beyond.format("20.0", "model"),
        "test_model[polly-plain]": beyond.format("10.0", "project"),
    }


def test_the_closest_bound_passes(project):
    """A looser bound that is closer lets a case pass, whatever stricter ones stand after it."""
    tables = "".join(
        f"[tool.asrlab.models.{name}.thresholds]\nwer = {bound}\n" for name, bound in (("strict", 0.0), ("loose", 0.25))
    )
    project.configure(models=("strict", "loose"), tables=f"{tables}[tool.asrlab.thresholds]\nwer = 0.0\n")
    for name, keys in (("strict", {"wer": 0.0}), ("loose", {"wer": 0.25}), ("plain", {})):
        project.clip(name, "we saw the sea", says="we saw a sea", thresholds=keys)
    project.write(
        test_it=module(
            case(MARKED.format("wer=0.25"), "test_mark", "strict"),
            case("", "test_clip", "loose"),
            case("", "test_model", "plain"),
        )
    )

    result = project.run("-rA")

    passed = {line.split("::")[1] for line in result.outlines if line.startswith("PASSED")}
    assert passed == {
        *("test_mark[strict-strict]", "test_mark[loose-strict]"),
        *("test_clip[strict-loose]", "test_clip[loose-loose]"),
        "test_model[loose-plain]",
    }
    result.assert_outcomes(passed=5, failed=1)


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


WRONG_MARKS = {
    "(wer=-1)": "wer must be a number from 0 up, not -1",
    "(wer=float('nan'))": "wer must be a number from 0 up, not nan",
    "(were=1)": "no metric 'were' of ASR; there are wer, cer, rtf, *",
    "(wer=float('inf'))": "wer must be a number from 0 up, not inf",
    "(wer=True)": "wer must be a number from 0 up, not True",
    "(wer=30)": "wer = 30 is 3000%; write 0.3 for 30%",
    "(wer='low')": "wer must be a number from 0 up, not 'low'",
    "(0.3)": "the positional argument 0.3 is no threshold",
}


def test_a_wrong_mark(misheard):
    """Marks that are wrong end the run before any test, each in a sentence with its file and line."""
    misheard.write(
        test_it=module(*(case(f"@pytest.mark.asr{mark}", f"test_{n}") for n, mark in enumerate(WRONG_MARKS)))
    )

    result = misheard.run("--asr-clip", "right")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    lines = (misheard.path / "test_it.py").read_text().splitlines()
    places = [number for number, line in enumerate(lines, 1) if "@pytest.mark.asr(" in line]
    told = [
        f"test_it.py:{line}: @pytest.mark.asr: {words}"
        for line, words in zip(places, WRONG_MARKS.values(), strict=True)
    ]
    told[0] = f"ERROR: {told[0]}"
    result.stderr.fnmatch_lines([*told, "  hint: write thresholds as in @pytest.mark.asr(wer=0.3)"], consecutive=True)
    assert not misheard.heard()


def test_a_wrong_mark_of_a_parameter(misheard):
    """A wrong mark of a class or of a parameter ends the run in the same way."""
    misheard.write(
        test_it="""
        import pytest

        @pytest.mark.asr(wer=-1)
        class TestIt:
            @pytest.mark.parametrize("x", [1, pytest.param(2, marks=pytest.mark.asr(cer="low"))])
            def test_it(self, asr_case, x):
                asr_case.check()
        """
    )

    result = misheard.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["*test_it.py:5: *: wer must be *, not -1", "*test_it.py:5: *: cer must be *, not 'low'"]
    )


def test_a_wrong_mark_that_is_added_later(misheard):
    """A wrong mark that comes while the tests run fails its test in a sentence, instead of being passed over."""
    misheard.write(
        conftest="def pytest_runtest_setup(item):\n    item.add_marker(__import__('pytest').mark.asr(wer=-1))\n",
        test_it="def test_it(asr_case):\n    asr_case.check()\n",
    )

    result = misheard.run("--asr-clip", "right")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["test_it.py::test_it[[]polly-right]: @pytest.mark.asr: wer must be *, not -1"])


def test_only_the_metrics_named(misheard):
    """`check("cer")` judges no other metric."""
    misheard.configure(tables="[tool.asrlab.thresholds]\nwer = 0.0\ncer = 0.9\nrtf = 0.0\n")
    misheard.write(test_it="def test_it(asr_case):\n    asr_case.check('cer')\n")

    misheard.run().assert_outcomes(passed=2)


def test_an_rtf_bound(misheard):
    """A case that is slower than its bound fails with the figure, and shows no diff where no word is judged."""
    misheard.configure(tables="[tool.asrlab.models.polly.options]\nsleeps = 0.3\n")
    misheard.write(test_it=module(case("@pytest.mark.asr(rtf=0.05)")))

    result = misheard.run("--asr-clip", "right")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*[[]polly-right[]] _*", "RTF 0.1* > 0.050 (mark threshold)"])
    assert "hypothesis:" not in result.stdout.str()


def test_words_where_nobody_speaks(project):
    """Words written over silence exceed a bound on hallucinated words, and no WER."""
    project.configure(tables="[tool.asrlab.thresholds]\nwer = 0.0\nhallucinated_words = 1\n")
    project.clip("quiet", "", says="thank you")
    project.clip("still", "")
    project.evals("accuracy")

    result = project.run()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*[[]polly-quiet[]] _*", "hallucinated words 2 > 1 (project threshold)"])


def test_a_corpus_bound(misheard):
    """Corpus thresholds judge pooled figures: one error in six words, not the mean of two rates."""
    misheard.configure(tables="[tool.asrlab.corpus_thresholds]\nwer = 0.15\n[tool.asrlab.thresholds]\nwer = 0.0\n")
    misheard.evals("corpus")

    result = misheard.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["WER 16.7% > 15.0% (project threshold), over 2 clips"])


def test_a_corpus_bound_of_mark_and_model(misheard):
    """A mark beats the model's corpus bound, which beats the project's."""
    misheard.configure(
        tables="[tool.asrlab.models.polly.corpus_thresholds]\nwer = 0.15\n[tool.asrlab.corpus_thresholds]\nwer = 0.9\n"
    )
    check = "def {}(asr_corpus):\n    asr_corpus.check()\n"
    marked = f"{MARKED.format('wer=0.17')}\n{check.format('test_mark')}"
    misheard.write(test_it=module(marked, check.format("test_model")))

    result = misheard.run("-rA")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["PASSED test_it.py::test_mark[[]polly]"])


OF_ANOTHER_TASK = [
    ("asr", "asr_case", "fact_recall", "wer, cer, rtf, hallucinated_words, *"),
    ("asr", "asr_corpus", "excess_wer", "wer, cer, rtf, hallucinated_words, *"),
    ("tts", "tts_case", "fact_recall", "wer, cer, excess_wer, *speech_faults"),
    ("tts", "tts_corpus", "hallucinated_words", "wer, cer, excess_wer, *speech_faults"),
    ("conversation", "conversation_case", "excess_wer", "fact_recall, forbidden_facts, *speech_faults"),
    ("conversation", "conversation_corpus", "were", "fact_recall, forbidden_facts, *speech_faults"),
]


def test_a_metric_of_another_task(project):
    """`check` of a metric that the case does not have fails in one sentence that lists those it has."""
    project.configure(models=("coco",), tasks=["asr", "tts", "conversation"])
    project.clip("one", "hello there")
    project.prompt("one", "hello there")
    project.dialogue("one", "hello there")
    project.write(
        test_it="\n".join(
            f"def test_{number}({fixture}): {fixture}.check('wer', {metric!r})\n"
            for number, (_, fixture, metric, _) in enumerate(OF_ANOTHER_TASK)
        )
    )

    result = project.run()

    result.assert_outcomes(failed=len(OF_ANOTHER_TASK))
    for task, _, metric, metrics in OF_ANOTHER_TASK:
        result.stdout.fnmatch_lines([f"check: no metric '{metric}' of {LABELS[task]}; there are {metrics}"])
    assert "Traceback" not in result.stdout.str()
    assert "ValueError" not in result.stdout.str()
    assert "def test_" not in result.stdout.str()
    assert project.events() == []


@pytest.mark.parametrize("plugin", ["terminal", "skipping"])
def test_without_a_plugin_of_pytest(project, plugin):
    """A case above its threshold fails its test also in a run without a plugin of pytest's own."""
    project.configure("thresholds = { wer = 0.0 }")
    project.clip("one", "hello there", says="hello dear")
    project.evals("accuracy")

    done = project.run("-p", f"no:{plugin}")

    assert done.ret == pytest.ExitCode.TESTS_FAILED
