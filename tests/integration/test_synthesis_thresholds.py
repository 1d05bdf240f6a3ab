"""Bounds on speech synthesis: which one applies, and how a failure reads."""

import pytest

CASE = "import pytest\n{mark}\ndef test_it(tts_case):\n    tts_case.check()\n"


def configured(project, *, model=None, bounds=None, of="thresholds"):
    """A parrot that speaks, with bounds on the WER of its table and of the project."""
    own = f"[tool.asrlab.models.coco.synthesis.{of}]\nwer = {model}\n" if model is not None else ""
    pooled = f"[tool.asrlab.synthesis.{of}]\nwer = {bounds}\n" if bounds is not None else ""
    project.configure(models=("coco",), tasks=["synthesis"], tables=own + pooled)


@pytest.mark.parametrize(
    ("mark", "prompt", "model", "source"),
    [
        ("@pytest.mark.asr(wer=0.2)", 0.3, 0.3, "mark"),
        ("@pytest.mark.asr(cer=2)", 0.2, 0.3, "prompt"),
        ("", None, 0.2, "model"),
        ("", None, None, "project"),
    ],
)
def test_the_nearest_wins(project, mark, prompt, model, source):
    """The mark's bound is stronger than the prompt's, that than the model's, and that than the project's."""
    configured(project, model=model, bounds=0.2 if source == "project" else 0.3)
    thresholds = {} if prompt is None else {"thresholds": {"wer": prompt}}
    project.prompt("one", "we saw the sea", says="we saw a sea", **thresholds)
    project.write(test_it=CASE.format(mark=mark))

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"coco on one: WER 25.0% exceeds 20.0% (bound of the {source})"])


@pytest.mark.parametrize("weaker", ["mark", "prompt", "model", "project"])
def test_a_wide_bound_is_stronger_than_farther_ones(project, weaker):
    """A case passes by the nearest bound, however narrow those behind it are."""
    stated = ("mark", "prompt", "model", "project")
    limit = {source: (0.3 if source == weaker else 0.0) for source in stated[stated.index(weaker) :]}
    configured(project, model=limit.get("model"), bounds=limit["project"])
    thresholds = {"thresholds": {"wer": limit["prompt"]}} if "prompt" in limit else {}
    project.prompt("one", "we saw the sea", says="we saw a sea", **thresholds)
    project.write(test_it=CASE.format(mark="@pytest.mark.asr(wer=0.3)" if "mark" in limit else ""))

    project.run().assert_outcomes(passed=1)


def test_the_diff(project):
    """A WER beyond its bound is shown as the text and what the judge heard, aligned, without a traceback."""
    configured(project, bounds=0.1)
    project.prompt("one", "we saw the sea", says="we saw a sea")
    project.evals("synthesis")

    result = project.run("-k", "one")

    result.stdout.fnmatch_lines(
        [
            "coco on one: WER 25.0% exceeds 10.0% (bound of the project)",
            "reference:  we saw the sea*",
            "hypothesis: we saw a   sea*",
            "                   S*",
            "FAILED test_synthesis.py::test_synthesis[[]coco-one[]] - coco on one: WER 25*",
        ]
    )
    assert "def test_synthesis" not in result.stdout.str()


def test_an_assertion_on_a_rate(project):
    """`assert tts_case.wer <= x` shows rate, bound and the aligned texts."""
    configured(project)
    project.prompt("one", "we saw the sea", says="we saw a sea")
    project.write(test_it="def test_it(tts_case):\n    assert tts_case.wer <= 0.1\n")

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E * assert 25.0% <= 0.1", "E * hypothesis: we saw a   sea"])


@pytest.mark.parametrize(("limit", "outcome"), [(0.24, {"failed": 1}), (0.26, {"passed": 1})])
def test_excess_is_not_the_rate(project, limit, outcome):
    """A bound on the excess lets the judge's own errors on the recording pass, and no more."""
    configured(project)
    excess = {"thresholds": {"excess_wer": limit}}
    project.prompt("one", "we saw the sea", says="we see a sea", recorded="we saw a sea", **excess)
    project.write(test_it=CASE.format(mark=""))

    result = project.run()

    result.assert_outcomes(**outcome)
    if "failed" in outcome:
        result.stdout.fnmatch_lines(["coco on one: excess WER 25.0% exceeds 24.0% *"])


def test_excess_without_a_recording(project):
    """A prompt without a recording has no excess, and no bound on it can be missed."""
    configured(project)
    project.prompt("one", "we saw the sea", says="nothing of it", thresholds={"excess_wer": 0})
    project.write(test_it=CASE.format(mark=""))

    project.run().assert_outcomes(passed=1)


def test_entities(project):
    """An amount that the judge did not hear fails where the entities have a bound, and is named."""
    configured(project)
    bound = {"thresholds": {"entity_recall": 1}}
    project.prompt("paid", "I paid 12 dollars", says="I paid 20 dollars", **bound)
    project.write(test_it=CASE.format(mark=""))

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["coco on paid: entity recall 0.0% is below 100.0% *", "*12*20*"])


@pytest.mark.parametrize("metric", ["first_audio_s", "rtf"])
def test_times(project, metric):
    """A time beyond its bound fails the case, and is no error of the text: no diff is shown."""
    project.configure(
        models=("coco",), tasks=["synthesis"], tables="[tool.asrlab.models.coco.options]\nsleeps = 0.03\n"
    )
    project.prompt("one", "hello there", says="hello then", thresholds={metric: 0.02})
    project.write(test_it=CASE.format(mark=""))

    result = project.run()

    result.assert_outcomes(failed=1)
    name = "time to first audio 0.03* s exceeds 0.020 s" if metric == "first_audio_s" else "RTF 0.0* exceeds 0.020"
    result.stdout.fnmatch_lines([f"coco on one: {name} (bound of the prompt)"])
    assert "hypothesis:" not in result.stdout.str()


@pytest.mark.parametrize(("model", "source"), [(0.1, "model"), (None, "project")])
def test_pooled(project, model, source):
    """The pooled WER is of all words of all prompts, and the model's bound on it is stronger than the project's."""
    configured(project, model=model, bounds=0.1 if model is None else 0.9, of="corpus_thresholds")
    project.prompt("one", "we saw the sea", says="we saw a sea")
    project.prompt("two", "yes")
    project.evals("synthesis")

    result = project.run("-k", "over_all")

    result.assert_outcomes(failed=1, deselected=3)
    result.stdout.fnmatch_lines([f"coco over 2 prompts: WER 20.0% exceeds 10.0% (bound of the {source})"])


def test_bounds_of_recognition_are_not_its(project):
    """The project's bounds on recognition do not judge speech, and those on speech do not judge recognition."""
    bounds = "[tool.asrlab.thresholds]\nwer = 0.0\n[tool.asrlab.synthesis.thresholds]\nwer = 0.5\n"
    project.configure(models=("coco",), tasks=["recognition", "synthesis"], tables=bounds)
    project.clip("heard", "we saw the sea", says="we saw a sea")
    project.prompt("said", "we saw the sea", says="we saw a sea")
    project.evals("accuracy", "synthesis")

    result = project.run("-k", "heard or said", "-rf")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["FAILED test_accuracy.py::test_accuracy[[]coco-heard[]]*"])


def test_a_mark_of_another_task(project):
    """A mark whose metric the task does not have fails the test with a sentence that names the mark."""
    configured(project)
    project.prompt("one", "hello there")
    project.write(test_it=CASE.format(mark="@pytest.mark.asr(hallucinated_words=1)"))

    result = project.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*@pytest.mark.asr: *hallucinated_words*"])


def test_bounds_of_a_task_that_it_does_not_have(project):
    """A table of a model that does not recognize may not bound recognition: the run ends with the mend."""
    own = "[tool.asrlab.models.coco.thresholds]\nwer = 0.1\n"
    project.configure(models=("coco",), tasks=["synthesis"], tables=own)
    project.prompt("one", "hello there")
    project.evals("synthesis")

    result = project.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: [[]tool.asrlab.models.coco[]]: *synthesis = { ... }*"])


def test_a_known_failure(project):
    """A prompt that is declared to fail is shown so with its reason, and fails the run when it begins to pass."""
    known = '[[tool.asrlab.known_failures]]\nmodel = "coco"\nclip = "*"\nreason = "it lisps"\n'
    bound = "[tool.asrlab.synthesis.thresholds]\nwer = 0.1\n"
    project.configure(models=("coco",), tasks=["synthesis"], tables=bound + known)
    project.prompt("wrong", "we saw the sea", says="we saw a sea")
    project.prompt("right", "hello there")
    project.evals("synthesis")

    result = project.run("-rx", "-k", "wrong or right")

    result.assert_outcomes(xfailed=1, failed=1)
    result.stdout.fnmatch_lines(["coco on right passes, but is declared a known failure (it lisps)"])
    result.stdout.fnmatch_lines(["XFAIL * known failure: it lisps (WER 25.0% exceeds 10.0%*"])
