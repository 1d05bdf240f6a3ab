"""--asr-prompt: which of the prompts are said."""

import pytest


@pytest.fixture
def three(project):
    """A project of a parrot that speaks three prompts."""
    project.configure(models=("coco",), tasks=["tts"])
    project.prompt("one", "hello there", tags=["short"])
    project.prompt("two", "good morning", tags=["short", "polite"])
    project.prompt("three", "no more tea")
    project.evals("tts")
    return project


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        (["two"], ["two"]),
        (["t*"], ["two", "three"]),
        (["short"], ["one", "two"]),
        (["polite", "three"], ["two", "three"]),
    ],
)
def test_chosen(three, patterns, chosen):
    """A prompt is chosen by its id, a glob over ids or a tag, and several options choose all that any of them does."""
    result = three.run("-v", *(part for pattern in patterns for part in ("--asr-prompt", pattern)))

    cases = [line.split("[coco-")[1].split("]")[0] for line in result.outlines if "::test_tts[coco-" in line]
    assert cases == chosen
    result.stdout.fnmatch_lines([f"{len(chosen)} prompt*", "coco  * 0.0%*"])


def test_the_key_of_the_project(three):
    """The project's key chooses where the command line does not."""
    three.configure('prompt = ["one"]', models=("coco",), tasks=["tts"])

    three.run("-k", "one or two or three").assert_outcomes(passed=1)
    three.run("-k", "one or two or three", "--asr-prompt", "t*").assert_outcomes(passed=2)


def test_a_prompt_that_there_is_not(three):
    """A pattern that names nothing ends the run with the ids and tags that there are."""
    result = three.run("--asr-prompt", "four")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "ERROR: nothing in *prompts.jsonl has the id or tag 'four'; ids: *one*; tags: *polite*",
            "  hint: choose by an id, a glob or a tag in --asr-prompt",
        ]
    )


def test_what_a_model_is_meant_for(three):
    """A prompt outside the languages and tags that a model is meant for is not a case of it."""
    text = (three.path / "pyproject.toml").read_text()
    (three.path / "pyproject.toml").write_text(text.replace("tasks =", 'tags = ["polite"]\ntasks =', 1))

    three.run("-k", "one or two or three").assert_outcomes(passed=1)
