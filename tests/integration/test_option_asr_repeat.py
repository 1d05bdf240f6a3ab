"""--asr-repeat: whether a model repeats itself."""

import pytest

from asrlab_pytest.models.engine import Transcript


def clips(project):
    for number in ("one", "two", "three"):
        project.clip(number, f"clip {number}")
    project.evals("accuracy", "corpus")
    return project


@pytest.fixture
def three(project):
    """A project of three clips."""
    return clips(project)


@pytest.fixture(scope="module")
def steady(fresh_project):
    """A run of two passes by a model that repeats itself, of its cases alone: its project, and its result."""
    with fresh_project("steady") as project:
        arguments = ("--asr-repeat", "2", "--asr-record", "run.jsonl", "--benchmark-json", "results.json")
        return project, clips(project).run("test_accuracy.py", *arguments)


@pytest.fixture
def moody(three, monkeypatch):
    """Replaces how the parrot speaks: `speak(heard, text)` is given all that it heard before."""
    import parrot_engine

    def install(speak):
        heard = []

        def transcribe(self, samples, language):
            text = parrot_engine.found(samples)
            if len(samples) > 16_000:  # no warm-up
                heard.append(text)
                text = speak(heard, text)
            parrot_engine.note("transcribe", self.id, f"{len(samples) / 16_000:.1f}", text)
            return Transcript(text=text, segments=(), language=language)

        monkeypatch.setattr(parrot_engine.ParrotRecognizer, "transcribe", transcribe)
        return three

    return install


def test_interleaved(three):
    """All clips are transcribed before any is again, and then all in another order."""
    three.run("--asr-repeat", "3")

    heard = three.heard()
    assert heard[:9] == ["polly clip one", "polly clip two", "polly clip three"] * 3
    assert sorted(heard[9:]) == sorted(heard[:3])


def test_a_steady_model(steady):
    """A model that repeats itself is said to, and every pass is in the record."""
    project, result = steady

    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "polly                      0.0% *",
            "repeats    polly: 2 passes, same text for 3 of 3 clips; WER 0.0%; in another",
            "*order, same text for 3 of 3 clips",
        ]
    )
    rows = project.record()[1]
    assert [(row["repeat"], row["order"]) for row in rows] == [(0, "given")] * 3 + [(1, "given")] * 3 + [
        (0, "shuffled")
    ] * 3
    assert len(project.json("results.json")["asrlab"]["observations"]) == 6


def test_a_model_that_changes_its_mind(moody):
    """Clips that got different texts are counted and named, with the spread of the error rate."""
    project = moody(lambda heard, text: "nothing" if text == "clip two" and heard.count(text) == 2 else text)

    result = project.run("--asr-repeat", "2")

    result.stdout.fnmatch_lines(["repeats    polly: 2 passes, same text for 2 of 3 clips (not two); WER 0.0% to*"])


def test_a_model_that_carries_state(moody):
    """A model whose text depends on the clip before shows in another order, though every pass is the same."""
    project = moody(lambda heard, text: f"{heard[-2]} {text}" if len(heard) > 1 and heard[-2] == "clip one" else text)

    result = project.run("--asr-repeat", "2", "--asr-seed", "1")

    result.stdout.fnmatch_lines(
        [
            "repeats    polly: 2 passes, same text for 3 of 3 clips; *in another",
            "*order, same text for 1 of 3 clips (not *)",
        ]
    )


def test_figures_are_of_the_first_pass(moody):
    """The scorecard's figures and the thresholds are those of the first pass."""
    project = moody(lambda heard, text: text if heard.count(text) == 1 else "nonsense")
    project.configure("thresholds = { wer = 0.0 }\ncorpus_thresholds = { wer = 0.0 }")

    result = project.run("--asr-repeat", "2")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["polly                      0.0% *"])


def test_a_clip_that_fails_later(moody):
    """A clip that breaks the engine in a later pass keeps its first text, and fails the run."""

    def speak(heard, text):
        if text == "clip two" and heard.count(text) == 2:
            raise RuntimeError("hoarse")
        return text

    result = moody(speak).run("--asr-repeat", "2")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=4)
    hint = "(hint: try the clip alone: add --asr-model polly --asr-clip two)"
    result.stdout.fnmatch_lines([f"asrlab: polly on two: model polly failed on clip two: RuntimeError: hoarse {hint}"])


def test_resumed(fresh_project, steady):
    """Passes that the store has are taken from there."""
    with fresh_project("resumed", like=steady[0]) as three:
        result = three.run("--asr-repeat", "3", "--asr-resume")

    assert three.heard() == ["polly clip one", "polly clip two", "polly clip three"]
    result.stdout.fnmatch_lines(["repeats    polly: 3 passes, same text for 3 of 3 clips; WER 0.0%*"])


def test_no_passes(three):
    """Fewer than one pass is refused in words."""
    result = three.run("--asr-repeat", "0")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *repeat must be 1 or more, not 0*"])
