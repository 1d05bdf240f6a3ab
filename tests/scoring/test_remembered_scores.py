"""Scores that a run asks for more than once."""

from dataclasses import replace

import pytest

from asrlab_pytest.scoring import rows
from asrlab_pytest.scoring.rows import Rules
from stored_runs import dialogue, observed, turn


@pytest.fixture
def scored(monkeypatch):
    """The texts that were compared, in order."""
    compared = []
    score = rows.score
    monkeypatch.setattr(rows, "score", lambda *texts, **rules: [compared.append(texts), score(*texts, **rules)][1])
    return compared


def test_the_same_texts_are_compared_once(scored):
    """The figures of a row are those of its score, and its texts are not compared again for other models and clips."""
    rules = Rules()
    row = observed(hypothesis="hello dear", reference="hello there")
    again = observed(model="kea", clip="two", hypothesis="hello dear", reference="hello there")
    figures = [rules.figures(row), rules.figures(again)]

    assert len(scored) == 1
    assert figures == [replace(rules.score(row), alignment=())] * 2
    assert figures[0].wer == 0.5


@pytest.mark.parametrize(
    "other",
    [{"hypothesis": "hello"}, {"reference": "hello"}, {"language": "de"}, {"clip_normalization": "raw"}],
    ids=lambda keys: next(iter(keys)),
)
def test_other_texts_are_compared(scored, other):
    """Another text, language or normalization of the clip is scored by itself."""
    rules = Rules()
    row = observed(hypothesis="Hello, there", reference="hello there")
    rules.figures(row)

    assert rules.figures(replace(row, **other)) == replace(rules.score(replace(row, **other)), alignment=())
    assert len(scored) == 3


def test_turns_of_a_dialogue():
    """The figures of a dialogue are the sums of its turns, also where two dialogues have the same text in all."""
    rules = Rules()
    said = [turn("yes", "yes"), turn("no", "yes")]
    one, other = dialogue(*said), dialogue(said[0], turn("no", "no"))

    assert rules.figures(one) == rules.score(one)
    assert (rules.figures(one).wer, rules.figures(other).wer) == (0.5, 0.0)
