"""A chosen model that no test evaluates is not passed over."""

import pytest

WORDS = "*kea: chosen, and no test evaluated it*"


@pytest.fixture(params=["asr", "tts"])
def kea(project, request):
    """Two models, of which the tests evaluate the first."""
    for number in range(2):
        project.clip(f"c{number}", f"the number {number}")
    project.write(test_it="def test_it(asr_corpus): asr_corpus.model.id == 'polly' and asr_corpus.check('wer')")
    table = f'[tool.asrlab.models.kea]\nengine = "parrot"\nweights = "here"\ntasks = ["{request.param}"]\n'
    bounds = "[tool.asrlab.corpus_thresholds]\nwer = 1.0\n"
    project.configure('model = ["polly", "kea"]', tables=bounds + table)
    return project


def test_named_on_the_command_line(kea):
    """A model that the command line names fails the run; a pattern's, and one of the configuration, is named."""
    both = ("--asr-model", "polly", "--asr-model", "kea")
    named, by_pattern, configured = kea.run(*both), kea.run(*both[:3], "k*"), kea.run()

    assert (named.ret, by_pattern.ret, configured.ret) == (pytest.ExitCode.TESTS_FAILED, 0, 0)
    named.stdout.fnmatch_lines([f"asrlab: {WORDS[1:]}"])
    by_pattern.stdout.fnmatch_lines([f"*AsrlabWarning: {WORDS[1:]}"])
    configured.stdout.fnmatch_lines([f"*AsrlabWarning: {WORDS[1:]}"])


def test_in_a_narrowed_run(kea):
    """Where tests were left out on purpose it is a warning."""
    kea.write(test_more="def test_more(asr_case): pass")

    result = kea.run("--asr-model", "polly", "--asr-model", "kea", "-k", "test_it")

    assert result.ret == 0
    result.stdout.fnmatch_lines([f"*AsrlabWarning: {WORDS[1:]}"])


def test_a_model_that_is_only_timed(project):
    """A model that a test only times, and the reference model beside it, are evaluated."""
    project.clip("c", "we saw the sea")
    project.configure(models=("polly", "kea"), tables="")
    project.evals("speed")

    result = project.run("--asr-model", "polly", "--asr-model", "kea")

    result.stdout.no_fnmatch_line("*no test evaluated it*")


def test_no_test_of_a_model(project):
    """Models and clips that are named for a run without any test of a model fail it."""
    project.write(test_it="def test_it(): pass")

    model, clip = project.run("--asr-model", "polly"), project.run("--asr-clip", "c")

    assert (model.ret, clip.ret) == (pytest.ExitCode.TESTS_FAILED,) * 2
    model.stdout.fnmatch_lines(["asrlab: no test of this run evaluates a model, *: --asr-model"])


def test_a_clip_that_no_model_is_for(project):
    """A clip that the command line names, beside others, fails the run where no model was evaluated on it."""
    project.configure(tables='languages = ["en"]\n')
    project.clip("c", "we saw the sea")
    project.clip("d", "guten Tag", language="de")
    project.evals("accuracy")
    both = ("--asr-clip", "c", "--asr-clip", "d")

    configured, named, narrowed = project.run(), project.run(*both), project.run(*both, "-k", "test_accuracy")

    assert (configured.ret, named.ret, narrowed.ret) == (0, pytest.ExitCode.TESTS_FAILED, 0)
    named.stdout.fnmatch_lines(["asrlab: clip d: chosen, and no model was evaluated on it"])
    narrowed.stdout.fnmatch_lines(["*AsrlabWarning: clip d: chosen, and no model was evaluated on it"])


@pytest.mark.parametrize(
    ("toml", "arguments"), [("", ("--asr-clip", "[d-z]")), ("", ("--asr-shard", "1/1")), ('clip = ["c", "d"]', ())]
)
def test_a_chosen_clip_that_no_test_takes(project, toml, arguments):
    """A clip that an option or the configuration chose, however, fails a run whose tests take other clips."""
    project.configure(toml)
    project.clip("c", "we saw the sea")
    project.clip("d", "good morning")
    take = "@pytest.mark.parametrize('asr_clip', ['c'], indirect=True)"
    project.write(test_it=f"import pytest\n{take}\ndef test_it(asr_case): asr_case.wer\n")

    result, every = project.run(*arguments), project.run("--asr-clip", "c")

    assert (result.ret, every.ret) == (pytest.ExitCode.TESTS_FAILED, 0)
    result.stdout.fnmatch_lines(["asrlab: clip d: chosen, and no model was evaluated on it"])


def test_a_clip_that_no_test_takes(project):
    """A clip of the corpus that no test takes is named in a warning."""
    project.clip("c", "we saw the sea")
    project.clip("d", "good morning")
    take = "@pytest.mark.parametrize('asr_clip', ['c'], indirect=True)"
    project.write(test_it=f"import pytest\n{take}\ndef test_it(asr_case): asr_case.wer\n")

    result = project.run()

    assert result.ret == 0
    result.stdout.fnmatch_lines(["*AsrlabWarning: clip d: chosen, and no model was evaluated on it"])
