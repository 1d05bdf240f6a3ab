"""Who transcribes synthesized speech where nobody is named."""

import pytest

from asrlab_pytest.models.registry import Registry
from asrlab_pytest.models.spec import READY, Readiness, Status
from asrlab_pytest.suite.judge import JUDGES, default_judge

PARROT = '[tool.asrlab.models."{name}"]\nengine = "parrot"\nweights = "{weights}"\n'
ABSENT = Status(Readiness.WEIGHTS_MISSING, "the parrot has flown")


def chosen(*ready, **tables):
    registry = Registry({name: {"engine": "parrot", "weights": "here", **tables.get(name, {})} for name in JUDGES})
    return default_judge(registry, lambda spec: READY if spec.id in ready else ABSENT).id


def judges(**weights):
    """Tables that make each default judge a parrot, absent unless it is said where its weights are."""
    return "".join(PARROT.format(name=name, weights=weights.get(name, "nowhere")) for name in JUDGES)


@pytest.fixture
def speaking(project):
    """A project of a parrot that speaks one prompt, and names no judge."""
    project.configure("judge = 0", models=("coco",), tasks=["tts"])
    project.prompt("one", "we saw the sea")
    project.evals("tts")
    path = project.path / "pyproject.toml"

    def make(**weights):
        path.write_text(path.read_text().replace("judge = 0\n", "") + judges(**weights))
        return project

    return make


def test_the_first_that_is_ready():
    """The default judge is the first of the small Whisper models that is ready, whatever else is."""
    assert chosen("whisper-base", "pocketsphinx-en-us") == "whisper-base"
    assert chosen(*JUDGES) == "faster-whisper-tiny.en"


def test_none_is_ready():
    """Where none is ready the default judge is pocketsphinx, whose status then says how to install it."""
    assert chosen() == "pocketsphinx-en-us"


def test_a_judge_that_the_project_made_a_speaker():
    """A default judge that the project made a model of another task is passed over."""
    speaker = {"faster-whisper-tiny.en": {"tasks": ["tts"]}}

    assert chosen("faster-whisper-tiny.en", "faster-whisper-base", **speaker) == "faster-whisper-base"


def test_it_is_named(speaking):
    """The header, the record and the scorecard name the judge that was chosen."""
    project = speaking(**{"faster-whisper-base": "here"})

    result = project.run("--asr-record", "run.jsonl", "-k", "one")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["asrlab: models coco; *; judge faster-whisper-base; *", "* | judge: faster-whisper-base*"]
    )
    (row,) = project.record()[1]
    assert row["spoken"]["hearer"]["model"] == "faster-whisper-base"
