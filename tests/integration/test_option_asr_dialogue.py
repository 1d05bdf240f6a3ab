"""--asr-dialogue: which of the dialogues are held."""

import pytest

from asrlab_pytest.settings import validated
from asrlab_pytest.suite.items import Samples


@pytest.fixture
def three(project):
    """A project of a parrot that converses in three dialogues."""
    project.configure(models=("coco",), tasks=["conversation"])
    project.dialogue("one", "who are you", tags=["short"])
    project.dialogue("two", "where is it", "and when")
    project.dialogue("three", "how much", tags=["short"])
    project.evals("conversation")
    return project


@pytest.mark.parametrize(
    ("pattern", "chosen"), [("two", ["two"]), ("t*", ["two", "three"]), ("short", ["one", "three"])]
)
def test_chosen(three, pattern, chosen):
    """A dialogue is chosen by its id, a glob over ids or a tag."""
    settings = validated({"dialogue": [pattern]}, source="")

    assert [dialogue.id for dialogue in Samples(settings, three.path).chosen("conversation")] == chosen


def test_chosen_in_a_run(three):
    """The cases are those of the chosen dialogues, and the pooled figures are of those alone."""
    result = three.run("-v", "--asr-dialogue", "t*")

    cases = [line.split("[coco-")[1].split("]")[0] for line in result.outlines if "::test_conversation[coco-" in line]
    assert cases == ["two", "three"]
    result.stdout.fnmatch_lines(["2 dialogues*", "coco  *  -   0.0%*"])


def test_a_dialogue_that_there_is_not(three):
    """A pattern that names nothing ends the run with the ids and tags that there are."""
    result = three.run("--asr-dialogue", "four")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "ERROR: nothing in *dialogues.jsonl has the id or tag 'four'; ids: *one*; tags: *short*",
            "  hint: choose by an id, a glob or a tag in --asr-dialogue",
        ]
    )
