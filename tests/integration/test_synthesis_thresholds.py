"""Bounds on speech synthesis: which one applies, and how a failure reads."""

import pytest

from failures import failures

CASE = "import pytest\n{mark}\ndef test_it(tts_case):\n    tts_case.check()\n"


def configured(project, *, model=None, bounds=None, of="thresholds"):
    """A parrot that speaks, with bounds on the WER of its table and of the project."""
    own = f"[tool.asrlab.models.coco.tts.{of}]\nwer = {model}\n" if model is not None else ""
    pooled = f"[tool.asrlab.tts.{of}]\nwer = {bounds}\n" if bounds is not None else ""
    project.configure(models=("coco",), tasks=["tts"], tables=own + pooled)


def bounded(project, *, models, bound, prompts):
    """Models and prompts with bounds of their own, or without, and the project's: of four words each errs in one."""
    tables = "".join(
        f"[tool.asrlab.models.{name}.tts.thresholds]\nwer = {own}\n" for name, own in models.items() if own is not None
    )
    tables += f"[tool.asrlab.tts.thresholds]\nwer = {bound}\n"
    project.configure(models=tuple(models), tasks=["tts"], tables=tables)
    for name, own in prompts.items():
        keys = {} if own is None else {"thresholds": {"wer": own}}
        project.prompt(name, "we saw the sea", says="we saw a sea", **keys)


def cases(**marks):
    """A module with a test of each prompt."""
    tests = (
        f'@pytest.mark.parametrize("tts_prompt", ["{name}"], indirect=True)\n'
        f"@pytest.mark.asr({mark})\n"
        f"def test_{name}(tts_case):\n    tts_case.check()\n"
        for name, mark in marks.items()
    )
    return "import pytest\n\n" + "\n".join(tests)


def test_the_nearest_wins(project):
    """The mark's bound is stronger than the prompt's, that than the model's, and that than the project's."""
    wide = {"wide": 0.3, "model": 0.2, "coco": None}
    bounded(project, models=wide, bound=0.1, prompts={"marked": 0.3, "prompt": 0.2, "plain": None})
    project.write(test_it=cases(marked="wer=0.2", prompt="cer=2", plain=""))

    result = project.run("-rA")

    result.assert_outcomes(failed=8, passed=1)
    beyond = "WER 25.0% > {}% ({} threshold)"
    assert failures(result) == {
        **{f"test_marked[{model}-marked]": beyond.format("20.0", "mark") for model in wide},
        **{f"test_prompt[{model}-prompt]": beyond.format("20.0", "prompt") for model in wide},
        "test_plain[model-plain]": beyond.format("20.0", "model"),
        "test_plain[coco-plain]": beyond.format("10.0", "project"),
    }
    result.stdout.fnmatch_lines(["PASSED test_it.py::test_plain[[]wide-plain]"])


def test_a_wide_bound_is_stronger_than_farther_ones(project):
    """A case passes by the nearest bound, however narrow those after it are."""
    narrow = {"narrow": 0.0, "model": 0.3, "coco": None}
    bounded(project, models=narrow, bound=0.0, prompts={"marked": 0.0, "prompt": 0.3, "plain": None})
    project.write(test_it=cases(marked="wer=0.3", prompt="", plain=""))

    result = project.run("-rA")

    passed = {line.split("::")[1] for line in result.outlines if line.startswith("PASSED")}
    assert passed == {
        *(f"test_{name}[{model}-{name}]" for name in ("marked", "prompt") for model in narrow),
        "test_plain[model-plain]",
    }
    result.assert_outcomes(passed=7, failed=2)


def test_a_wide_bound_of_the_project(project):
    """A case passes by the project's bound where there is no other."""
    configured(project, bounds=0.3)
    project.prompt("one", "we saw the sea", says="we saw a sea")
    project.write(test_it=CASE.format(mark=""))

    project.run().assert_outcomes(passed=1)


def test_the_diff(project):
    """A WER beyond its bound is shown as the text and what the judge heard, aligned, without a traceback."""
    configured(project, bounds=0.1)
    project.prompt("one", "we saw the sea", says="we saw a sea")
    project.evals("tts")

    result = project.run("-k", "one")

    result.stdout.fnmatch_lines(
        [
            "*[[]coco-one[]] _*",
            "WER 25.0% > 10.0% (project threshold)",
            "reference:  we saw the sea*",
            "hypothesis: we saw a   sea*",
            "                   S*",
            "FAILED test_tts.py::test_tts[[]coco-one[]] - WER 25.0% > 10*",
        ]
    )
    assert "def test_tts" not in result.stdout.str()


def test_an_assertion_on_a_rate(project):
    """`assert tts_case.wer <= x` shows rate, bound and the aligned texts."""
    configured(project)
    project.prompt("one", "we saw the sea", says="we saw a sea")
    project.write(test_it="def test_it(tts_case):\n    assert tts_case.wer <= 0.1\n")

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E * assert 25.0% <= 0.1", "E * hypothesis: we saw a   sea"])


def test_excess_is_not_the_rate(project):
    """A bound on the excess lets the judge's own errors on the recording pass, and no more.

    A prompt without a recording has no excess, and no bound on it can be missed.
    """
    configured(project)
    for name, limit in (("narrow", 0.24), ("wide", 0.26)):
        excess = {"thresholds": {"excess_wer": limit}}
        project.prompt(name, "we saw the sea", says="we see a sea", recorded="we saw a sea", **excess)
    project.prompt("alone", "we saw the sea", says="nothing of it", thresholds={"excess_wer": 0})
    project.write(test_it=CASE.format(mark=""))

    result = project.run()

    result.assert_outcomes(failed=1, passed=2)
    result.stdout.fnmatch_lines(["*[[]coco-narrow[]] _*", "excess WER 25.0% > 24.0% *"])


def test_excess_without_a_recording(project):
    """Prompts without a recording are listed, and the run fails where one has a bound of its own on the excess."""
    project.configure(models=("coco",), tasks=["tts"], tables="[tool.asrlab.tts.thresholds]\nexcess_wer = 0\n")
    project.prompt("beside", "we saw the sea", says="we saw the sea", recorded="we saw the sea")
    project.prompt("alone", "we saw the sea", says="nothing of it")
    project.write(test_it=CASE.format(mark=""))
    result = project.run()
    assert result.ret == 0
    result.stdout.fnmatch_lines(["asrlab: no recording, so excess_wer not checked: alone"])

    project.prompt("lone", "we saw the sea", says="nothing of it", thresholds={"excess_wer": 0})
    result = project.run()
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "asrlab: no recording, so excess_wer not checked: alone, lone",
            "asrlab: threshold never checked: prompt lone: excess_wer",
        ]
    )


def test_entities(project):
    """An amount that the judge did not hear fails where the entities have a bound, and is named."""
    configured(project)
    bound = {"thresholds": {"entity_recall": 1}}
    project.prompt("paid", "I paid 12 dollars", says="I paid 20 dollars", **bound)
    project.write(test_it=CASE.format(mark=""))

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*[[]coco-paid[]] _*", "entity recall 0.0% < 100.0% *", "*12*20*"])


def test_times(project):
    """A time beyond its bound fails the case, and is not an error of the text: no diff is shown."""
    project.configure(models=("coco",), tasks=["tts"], tables="[tool.asrlab.models.coco.options]\nsleeps = 0.03\n")
    for metric in ("first_audio_s", "rtf"):
        project.prompt(metric, "hello there", says="hello then", thresholds={metric: 0.02})
    project.write(test_it=CASE.format(mark=""))

    result = project.run()

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "*[[]coco-first_audio_s[]] _*",
            "time to first audio 0.* s > 0.020 s (prompt threshold)",
            "*[[]coco-rtf[]] _*",
            "RTF 0.* > 0.020 (prompt threshold)",
        ]
    )
    assert "hypothesis:" not in result.stdout.str()


def test_pooled(project):
    """The pooled WER is of all words of all prompts, and the model's bound on it is stronger than the project's."""
    bounds = "[tool.asrlab.models.{}.tts.corpus_thresholds]\nwer = {}\n"
    tables = bounds.format("strict", 0.1) + bounds.format("loose", 0.9)
    tables += "[tool.asrlab.tts.corpus_thresholds]\nwer = 0.15\n"
    project.configure(models=("strict", "loose", "coco"), tasks=["tts"], tables=tables)
    project.prompt("one", "we saw the sea", says="we saw a sea")
    project.prompt("two", "yes")
    project.evals("tts")

    result = project.run("-k", "over_all")

    result.assert_outcomes(failed=2, passed=1, deselected=9)
    result.stdout.fnmatch_lines(["WER 20.0% > 10.0% (model threshold), over 2 prompts"])
    result.stdout.fnmatch_lines(["WER 20.0% > 15.0% (project threshold), over 2 prompts"])


def test_bounds_of_recognition_are_not_its(project):
    """The project's bounds on recognition do not judge speech, and those on speech do not judge recognition."""
    bounds = "[tool.asrlab.thresholds]\nwer = 0.0\n[tool.asrlab.tts.thresholds]\nwer = 0.5\n"
    project.configure(models=("coco",), tasks=["asr", "tts"], tables=bounds)
    project.clip("heard", "we saw the sea", says="we saw a sea")
    project.prompt("said", "we saw the sea", says="we saw a sea")
    project.evals("accuracy", "tts")

    result = project.run("-k", "heard or said", "-rf")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["FAILED test_accuracy.py::test_accuracy[[]coco-heard[]]*"])


def test_a_mark_of_another_task(project):
    """A mark whose metric the task does not have ends the run with a sentence that names the mark."""
    configured(project)
    project.prompt("one", "hello there")
    project.write(test_it=CASE.format(mark="@pytest.mark.asr(hallucinated_words=1)"))

    result = project.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *.py:*: @pytest.mark.asr: *hallucinated_words*"])


def test_bounds_of_a_task_that_it_does_not_have(project):
    """A table of a model that does not recognize may not bound recognition: the run ends with the hint."""
    own = "[tool.asrlab.models.coco.thresholds]\nwer = 0.1\n"
    project.configure(models=("coco",), tasks=["tts"], tables=own)
    project.prompt("one", "hello there")
    project.evals("tts")

    result = project.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *pyproject.toml: [[]tool.asrlab.models.coco[]]: *tts = { ... }*"])


def test_a_known_failure(project):
    """A prompt that is declared to fail is shown so with its reason, and fails the run when it begins to pass."""
    known = '[[tool.asrlab.known_failures]]\nmodel = "coco"\nclip = "*"\nreason = "it lisps"\n'
    bound = "[tool.asrlab.tts.thresholds]\nwer = 0.1\n"
    project.configure(models=("coco",), tasks=["tts"], tables=bound + known)
    project.prompt("wrong", "we saw the sea", says="we saw a sea")
    project.prompt("right", "hello there")
    project.evals("tts")

    result = project.run("-rx", "-k", "wrong or right")

    result.assert_outcomes(xfailed=1, failed=1)
    result.stdout.fnmatch_lines(["coco on right passed, but is listed as a known failure (it lisps)"])
    result.stdout.fnmatch_lines(["XFAIL * WER 25.0% > 10.0% (project threshold); known failure: it lisps"])


def test_a_task_without_a_model(project):
    """Thresholds of a task that no chosen model has are named, unless the run was narrowed to some models."""
    project.prompt("p", "we saw the sea")
    tables = "[tool.asrlab.tts.thresholds]\nwer = 0.5\n[tool.asrlab.conversation.thresholds]\nfact_recall = 0.9\n"
    project.configure(models=("coco",), tasks=["tts"], tables=tables)
    project.write(test_it="def test_it(tts_case): tts_case.check('wer')")

    full, narrowed = project.run(), project.run("--asr-model", "coco")

    assert (full.ret, narrowed.ret) == (0, 0)
    full.stdout.fnmatch_lines(
        ["*threshold* never checked: [[]tool.asrlab.conversation.thresholds[]] fact_recall, because no model*"]
    )
    narrowed.stdout.no_fnmatch_line("*never checked*")
