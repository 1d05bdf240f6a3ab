"""A clip that cannot be used fails its own cases, and nothing else."""

import numpy as np
import parrot_engine
import pytest
import soundfile


@pytest.fixture
def damaged(project):
    """A project with a sound clip on either side of one that is to be spoilt."""
    project.configure(models=("polly", "kakapo"))
    project.clip("one", "hello there")
    project.clip("two", "good morning")
    project.clip("three", "good bye")
    return project


def missing(path):
    path.unlink()


def empty(path):
    path.write_bytes(b"")


def truncated(path):
    path.write_bytes(path.read_bytes()[:20_000])


def text(path):
    path.write_text("This is a letter.\n" * 100)


def not_a_number(path):
    samples = parrot_engine.hide("good morning", 2.0).astype(np.float32)
    samples[9] = np.nan
    soundfile.write(path, samples, 16_000, subtype="FLOAT")


def no_samples(path):
    soundfile.write(path, np.zeros(0), 16_000)


SPOILED = {
    missing: "no file ",
    empty: "is empty (0 bytes)",
    truncated: "is truncated: ",
    text: "is not readable audio",
    not_a_number: "contains NaN or infinite samples",
    no_samples: "has no samples",
}


@pytest.fixture(scope="module")
def spoiled(fresh_project):
    """A run of two models on two good clips, one that is spoiled in each way, and one that is not the manifest's."""
    with fresh_project("spoiled") as project:
        project.configure(models=("polly", "kakapo"))
        project.clip("one", "hello there")
        for spoil in SPOILED:
            spoil(project.clip(spoil.__name__, "good morning"))
        project.clip("changed", "see you", sha256="ab" * 32)
        project.clip("three", "good bye")
        project.evals("accuracy")
        return project.run("-W", "error")


@pytest.mark.parametrize(("spoil", "words"), SPOILED.items())
def test_only_its_own_cases_fail(spoiled, spoil, words):
    """Each model fails on the bad clip in words, and passes on the others."""
    name = spoil.__name__

    assert spoiled.ret == pytest.ExitCode.TESTS_FAILED
    spoiled.assert_outcomes(passed=2 * 2, failed=2 * 7)
    spoiled.stdout.fnmatch_lines(
        [
            f"clip {name}: *clips/{name}.wav{'' if spoil is missing else ' '}*",
            "FAILED test_accuracy.py::test_accuracy[[]polly-" + name + "]*",
            "FAILED test_accuracy.py::test_accuracy[[]kakapo-" + name + "]*",
        ]
    )
    assert words in spoiled.stdout.str()
    assert spoiled.stdout.str().count(words) == 2
    assert "During handling" not in spoiled.stdout.str()
    spoiled.stdout.fnmatch_lines(["polly   * 0.0% *", "no result  polly: 7 clips (*and 4 more)"])


def test_a_changed_file(spoiled):
    """A file that is not the manifest's any more fails its cases."""
    spoiled.stdout.fnmatch_lines(["clip changed: * is not the file of the manifest *"])


@pytest.mark.parametrize("evals", [("corpus",), ("latency",), ("corpus", "latency")], ids=str)
def test_corpus_figures_alone(damaged, evals):
    """A corpus figure leaves the bad clip out, and the run fails although every test passed."""
    empty(damaged.path / "clips" / "two.wav")
    damaged.evals(*evals)

    result = damaged.run()

    result.assert_outcomes(passed=2 * len(evals))
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: kakapo on two: clip two: * is empty (0 bytes)", "asrlab: polly on two: *"])


def test_every_clip_is_bad(damaged):
    """A corpus figure over no clip at all fails, with every reason."""
    for name in ("one", "two", "three"):
        empty(damaged.path / "clips" / f"{name}.wav")
    damaged.evals("corpus")

    result = damaged.run("--asr-model", "polly")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["polly: no clip could be transcribed", "clip one: *", "clip two: *", "clip three: *"])


def test_an_engine_that_fails_on_one_clip(damaged):
    """An engine that breaks down on a clip fails that case, with its cause, goes on with the next, and tries it once.

    However many tests ask for it.
    """
    damaged.configure(tables='[tool.asrlab.models.polly.options]\nfails_on = "good morning"\n')
    damaged.evals("accuracy", "corpus", "latency")

    result = damaged.run()

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(["*model polly failed on clip two: RuntimeError: the parrot bit me"])
    assert damaged.events("load") == ["load polly alive=1"]
    assert damaged.heard().count("polly good morning") == 1


def test_an_engine_that_fails_on_every_clip(damaged):
    """A corpus figure over no clip at all shows the frames of the engine's code once."""
    damaged.configure(tables='[tool.asrlab.models.polly.options]\nfails_on = "hello there"\n')
    damaged.evals("corpus")

    result = damaged.run("--asr-clip", "one")

    result.assert_outcomes(failed=1)
    lines = ["*model polly failed on clip one: RuntimeError: the parrot bit me", "*parrot_engine.py*in transcribe"]
    result.stdout.fnmatch_lines(lines)


def test_an_engine_that_fails_on_the_first_clip(damaged):
    """An engine that breaks down while it is warmed up fails the clip it was warmed up on, and no other."""
    damaged.configure(tables='[tool.asrlab.models.polly.options]\nfails_on = "hello there"\n')
    damaged.evals("accuracy")

    result = damaged.run()

    result.assert_outcomes(passed=2, failed=1)
    assert damaged.events("load", "close") == ["load polly alive=1", "close polly"]
