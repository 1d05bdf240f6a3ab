"""The scorecard on the screen."""

import re

import pytest

LONG = "a-model-with-a-name-that-is-longer-than-any-column-of-a-table-can-be"


def many(project):
    """A project of models with long names, one that cannot run, one that does not load, and a bad clip."""
    project.configure(
        f'model = ["{LONG}", "polly", "flown", "dead"]',
        models=(LONG, "polly"),
        tables=(
            '[tool.asrlab.models.flown]\nengine = "parrot"\nweights = "nowhere"\n'
            '[tool.asrlab.models.dead]\nengine = "parrot"\nweights = "rotten"\n'
        ),
    )
    project.clip("one", "hello there")
    project.clip("two", "good morning", says="good evening")
    project.clip("quiet", "", says="thank you")
    project.clip("gone", "nothing").unlink()
    project.evals("accuracy", "corpus")
    return project


@pytest.fixture
def crowd(project):
    """A project of models with long names, one that cannot run, one that does not load, and a bad clip."""
    return many(project)


@pytest.fixture(scope="module")
def card(fresh_project):
    """A run of such a project, without colours."""
    with fresh_project("card") as project:
        return many(project).run("--asr-device", "cpu")


def lines(shown):
    start = next(number for number, line in enumerate(shown) if "asrlab scorecard" in line)
    end = next(number for number, line in enumerate(shown) if number > start and line.startswith("==="))
    return shown[start:end]


def test_within_80_columns(card, crowd):
    """No line of the scorecard is wider than 80 columns, whatever the names and states are."""
    coloured = crowd.run("--asr-device", "mps", "--color=yes").stdout.str()
    plain = re.sub("\x1b\\[[0-9;]*m", "", coloured).splitlines()

    for shown in (lines(card.outlines), lines(plain)):
        assert [line for line in shown if len(line) > 80] == []
        assert len(shown) > 8
    # It has colours on a terminal only.
    assert "\x1b" in coloured
    assert "\x1b" not in "".join(lines(card.outlines))


def test_every_model_has_its_row(card):
    """Models that ran have their figures, and all models their status."""
    card.stdout.fnmatch_lines(
        [
            "3 clips, * s, en | cpu | decoding: fair",
            "model * WER * 95% CI * CER * RTF * speed * memory",
            "a-model-wit~table-can-be * 25.0% * 1.00x * -",
            "polly * 25.0% *x * -",
            "accuracy   polly: same text as a-model-wit~table-can-be in 2 of 2 clips",
            "memory     not measured: *",
            "no result  a-model-wit~table-can-be: 1 clip (gone)",
            "*polly: 1 clip (gone)",
            "silence    *: 2 hallucinated words in 1 silent clip",
            "not run    flown  weights missing  asrlab pull flown",
            "           dead   broken",
            "           the parrot is dead",
            "           hint: return it to the shop",
        ]
    )


def test_quiet_and_no_summary(project):
    """The scorecard is shown with -q, and the run stays green."""
    project.clip("one", "hello there")
    project.evals("accuracy")

    result = project.run("-q")

    result.stdout.fnmatch_lines(["*asrlab scorecard*", "1 passed*"])
