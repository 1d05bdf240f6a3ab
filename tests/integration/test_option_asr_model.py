"""--asr-model: which models run, and what to do with one that cannot."""

import pytest

STATED = """
import pytest

@pytest.mark.parametrize({mark}, indirect=True)
def test_accuracy(asr_case):
    asr_case.check()
"""


@pytest.fixture
def aviary(project):
    """A project with parrots, one whose weights are missing, and one clip."""
    project.configure(
        models=("polly", "polka", "kakapo"),
        tables='[tool.asrlab.models.flown]\nengine = "parrot"\nweights = "nowhere"\n',
    )
    project.clip("one", "hello there")
    project.evals("accuracy")
    return project


def models(result):
    return [line.partition("[")[2].partition("-one]")[0] for line in result.outlines if "::test_accuracy[" in line]


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [
        ((), ["polly", "polka", "kakapo"]),
        (("--asr-model", "polka"), ["polka"]),
        (("--asr-model", "kakapo", "--asr-model", "polly"), ["kakapo", "polly"]),
        (("--asr-model", "*ka*"), ["polka", "kakapo"]),
        (("--asr-model", "kakapo", "--asr-model", "*ka*"), ["kakapo", "polka"]),
        (("--asr-model", "po[l]*"), ["polly", "polka"]),
    ],
    ids=str,
)
def test_choice(aviary, arguments, chosen):
    """Ids and globs choose models, each once, in the order they were asked for."""
    assert models(aviary.run("--collect-only", "-q", *arguments)) == chosen


def test_an_unknown_model(aviary):
    """An unknown id ends the run with status 4 before any test runs, and the ids that look like it."""
    aviary.write(test_plain="def test_plain(): pass")

    result = aviary.run("--asr-model", "kakapoo")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: no model 'kakapoo'; did you mean kakapo?", "  hint: *asrlab models"])
    assert "passed" not in result.stdout.str()
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


def test_a_glob_that_matches_nothing(aviary):
    """A glob that matches no model ends the run with status 4 and the ids that there are."""
    result = aviary.run("--asr-model", "duck*")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: no model matches 'duck*'; known: *polly*"])


def test_named_but_not_ready(aviary):
    """A model that was asked for by name and is not ready ends the run at once, with reason and hint."""
    result = aviary.run("--asr-model", "polly", "--asr-model", "flown")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: model flown: weights missing: the parrot has flown", "  hint: asrlab pull flown"]
    )
    assert aviary.events() == []


def test_every_model_that_is_not_ready_is_named(aviary):
    """Where several models that were asked for are not ready, one run tells of them all."""
    aviary.configure(
        tables="".join(
            f'[tool.asrlab.models.{name}]\nengine = "parrot"\nweights = "nowhere"\n' for name in ("flown", "gone")
        )
    )

    result = aviary.run("--asr-model", "flown", "--asr-model", "gone")

    result.stderr.fnmatch_lines(["*model flown: weights missing*", "*pull flown*", "*model gone:*", "*pull gone*"])


@pytest.mark.parametrize("by", ["project", "glob"])
def test_not_named_and_not_ready(aviary, by):
    """A model that the project or a glob chose is skipped when it is not ready, and is in the scorecard."""
    if by == "project":
        aviary.configure(
            'model = ["polly", "flown"]', tables='[tool.asrlab.models.flown]\nengine = "parrot"\nweights = "nowhere"\n'
        )

    result = aviary.run("-rs", *(["--asr-model", "flo*n", "--asr-model", "polly"] if by == "glob" else []))

    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED * flown: weights missing: the parrot has flown (hint: asrlab pull flown)"])
    result.stdout.fnmatch_lines(["not run    flown  weights missing  asrlab pull flown"])


def test_the_default_set_without_any_setting(project):
    """Where nothing names models, the default set is collected."""
    project.clip("one", "hello there")
    project.configure("model = []", models=())
    project.evals("accuracy")

    collected = models(project.run("--collect-only", "-q", "--asr-download", "never"))

    assert collected == ["pocketsphinx-en-us", "whisper-base", "faster-whisper-base"]


def test_a_run_in_which_no_case_ran(aviary):
    """A run of models of which none is ready is not green, and says why."""
    result = aviary.run("--asr-model", "flow*")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["asrlab: no case ran: no model is ready*"])


def test_an_engine_that_nobody_installed(project):
    """A model of an engine that is not installed is refused with the engines that are."""
    project.clip("one", "hello there")
    project.configure(tables='[tool.asrlab.models.duck]\nengine = "pond"\nweights = "w"\n')
    project.evals("accuracy")

    result = project.run("--asr-model", "duck")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*no engine 'pond'; installed: *parrot*pocketsphinx*"])


def test_an_engine_that_does_not_load(project):
    """A model whose engine's package is broken ends the run before any test, and is named with the cause."""
    project.clip("one", "hello there")
    project.configure(
        'model = ["polly", "duck"]',
        tables='[tool.asrlab.models.duck]\nengine = "parrot-that-does-not-load"\nweights = "w"\n',
    )
    project.evals("accuracy")

    result = project.run("-rs")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: model duck: *does not load: ModuleNotFoundError*"])


def test_weights_that_do_not_load(project):
    """A model that fails to load fails its cases in words, is called broken, and the next model runs."""
    project.clip("one", "hello there")
    project.clip("two", "good morning")
    project.configure(
        'model = ["dead", "polly"]', tables='[tool.asrlab.models.dead]\nengine = "parrot"\nweights = "rotten"\n'
    )
    project.evals("accuracy", "corpus")

    result = project.run()

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=3, failed=3)
    result.stdout.fnmatch_lines(["the parrot is dead", "  hint: return it to the shop"])
    result.stdout.fnmatch_lines(["not run    dead  broken"])
    assert "Traceback" not in result.stdout.str()


def test_a_parametrization_of_the_test_itself(aviary):
    """A test that states its own models or clips runs those, whatever the command line says."""
    marks = {
        '"asr_model", ["polka", "polly"]': ["one-polka", "one-polly"],
        '"asr_model,asr_clip", [("polka", "one")]': ["polka-one"],
        '"asr_clip", ["one"]': ["kakapo-one"],
    }
    (aviary.path / "test_accuracy.py").unlink()
    aviary.write(**{f"test_{number}": STATED.format(mark=mark) for number, mark in enumerate(marks)})

    result = aviary.run("-v", "--asr-model", "kakapo")

    result.assert_outcomes(passed=4)
    ran = [line.split()[0] for line in result.outlines if " PASSED" in line]
    assert sorted(ran) == [
        f"test_{number}.py::test_accuracy[{name}]" for number, names in enumerate(marks.values()) for name in names
    ]
    assert {line.split()[1] for line in aviary.events("load")} == {"polka", "polly", "kakapo"}


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ('"asr_model", ["duck"]', "no model 'duck'"),
        ('"asr_model,asr_clip", [("polka", "none")]', "no clip 'none'"),
        ('"asr_clip", ["none"]', "no clip 'none'"),
    ],
)
def test_a_wrong_parametrization(aviary, mark, words):
    """A model or clip that a test states and that does not exist is a sentence, and no internal error."""
    aviary.write(test_accuracy=STATED.format(mark=mark))

    result = aviary.run("--asr-model", "kakapo")

    output = result.stdout.str() + result.stderr.str()
    assert result.ret not in (pytest.ExitCode.OK, pytest.ExitCode.INTERNAL_ERROR)
    assert words in output
    assert "Traceback" not in output
    assert "KeyError" not in output


def test_a_stated_model_and_a_wrong_configuration(aviary):
    """A wrong configuration is a usage error also where the test states its models and clips itself."""
    aviary.configure("rounds = 0")
    aviary.write(test_accuracy=STATED.format(mark='"asr_model,asr_clip", [("polka", "one")]'))

    result = aviary.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *rounds must be 1 or more, not 0"])
