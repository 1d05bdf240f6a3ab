"""`asr_corpus.tagged`: the figures of one kind of clip, held against a bound of its own."""

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

CHECKS = """
def test_loud(asr_corpus):
    assert asr_corpus.tagged("loud").wer == 0.25
    assert asr_corpus.tagged("quiet").wer == 0.5
    assert asr_corpus.tagged("quiet").words.reference_length == 2
    assert asr_corpus.tagged("nobody").wer is None
"""


def test_figures_of_a_tag(project):
    """The words of all clips with the tag are pooled, those with further tags included, and no others."""
    project.clip("one", "up up", says="up down", tags=["loud", "quiet"])
    project.clip("two", "go on", tags=["loud"])
    project.clip("three", "no", says="yes")
    project.write(test_tags=CHECKS)

    project.run("--asr-corpus", "clips", "test_tags.py").assert_outcomes(passed=1)


@pytest.mark.parametrize(("clip", "outcome"), [("clear", "passed"), ("mumbled", "failed"), ("tone", "skipped")])
def test_people(project, clip, outcome):
    """The eval of people fails a model above its bound, passes one below it, and is skipped where nobody speaks."""
    project.configure(models=("pocketsphinx-en-us",))
    project.clip("clear", "up and down the hill", says="up and down the hills", tags=["human"])
    project.clip("mumbled", "up and down the hill", says="up the hills", tags=["human"])
    project.clip("tone", "up and down")
    project.write(test_people=(REPOSITORY / "evals/test_people.py").read_text(encoding="utf-8"))

    project.run("--asr-clip", clip, "test_people.py").assert_outcomes(**{outcome: 1})
