"""Languages and tags: which clips a model is meant for."""

import pytest


@pytest.fixture
def tongues(project):
    """A project with an English model, one for noise, one for all, and clips in two languages."""
    project.configure(
        'model = ["english", "noisy", "polly"]',
        tables=(
            '[tool.asrlab.models.english]\nengine = "parrot"\nweights = "here"\nlanguages = ["en"]\n'
            '[tool.asrlab.models.noisy]\nengine = "parrot"\nweights = "here"\ntags = ["noise", "loud"]\n'
        ),
    )
    project.clip("hello", "hello there")
    project.clip("party", "hello again", tags=["loud", "music"])
    project.clip("hallo", "guten tag")
    manifest = project.path / "clips" / "manifest.jsonl"
    manifest.write_text(manifest.read_text().replace('"guten tag", "language": "en"', '"guten tag", "language": "de"'))
    return project


def test_other_cases_are_not_generated(tongues):
    """Cases outside a model's languages and tags are not collected, and the count is honest."""
    tongues.evals("accuracy")

    collected = tongues.run("--collect-only", "-q")
    result = tongues.run()

    assert [line.partition("[")[2].rstrip("]") for line in collected.outlines if "::" in line] == [
        "english-hello",
        "english-party",
        "noisy-party",
        "polly-hello",
        "polly-party",
        "polly-hallo",
    ]
    collected.stdout.fnmatch_lines(["6 tests collected *"])
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(["collected 6 items"])


def test_corpus_figures_leave_them_out(tongues):
    """A model's corpus figure is over the clips that it is meant for."""
    tongues.write(
        test_it="""
        def test_it(asr_corpus):
            expected = {"english": ["hello", "party"], "noisy": ["party"], "polly": ["hello", "party", "hallo"]}
            assert [row.clip for row in asr_corpus.observations] == expected[asr_corpus.model.id]
        """
    )

    tongues.run().assert_outcomes(passed=3)


def test_a_model_without_any_clip(tongues):
    """A model that none of the chosen clips is for has no case, and stands so in the scorecard."""
    tongues.evals("accuracy")

    result = tongues.run("--asr-clip", "hallo")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["polly * 0.0% *", "not run    english  no clips for it", "*noisy    no clips for it"])


def test_no_model_is_for_the_clip(tongues):
    """A run for which no case is left is not green."""
    tongues.evals("accuracy")

    result = tongues.run("--asr-clip", "hallo", "--asr-model", "english")

    assert result.ret != pytest.ExitCode.OK


def test_the_language_reaches_the_engine(tongues):
    """An engine is told the clip's language, and the model's own where it has one."""
    tongues.configure(
        'model = ["polly", "prussian"]',
        tables='[tool.asrlab.models.prussian]\nengine = "parrot"\nweights = "here"\nlanguage = "de"\n',
    )
    tongues.write(
        test_it="""
        def test_it(asr_case):
            spoken = asr_case.clip.language if asr_case.model.id == "polly" else "de"
            assert asr_case.transcript.language == spoken
        """
    )

    tongues.run().assert_outcomes(passed=6)
