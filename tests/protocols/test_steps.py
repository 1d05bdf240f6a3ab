"""The steps of each profile, and the page that describes them."""

import re
from pathlib import Path

import pytest

from asrlab_pytest.protocols.normalization import PROFILES, normalization

PAGE = Path(__file__).parents[2] / "docs/reference/normalization.md"


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


@pytest.mark.parametrize("profile", PROFILES)
def test_the_reference_lists_the_steps_in_order(profile: str):
    """The page has each step with its sentence and its example, and what the example is when the rules ran up to it."""
    rules = normalization(profile)
    expected = []
    for number, step in enumerate(rules.steps):
        after = rules.trace(step.example)[number][1]
        texts = [f"`{' '.join(text.split())}`" for text in (step.example, after)]
        expected.append([step.name, step.does.replace("<", "&lt;"), *texts])

    assert rows(f"Steps of `{profile}`") == expected


def test_the_known_limits_are_as_the_reference_says():
    """Each example of a known limit of `en` becomes what the page says."""
    limits = rows("Known limits")

    assert len(limits) >= 10
    for _, example, becomes in limits:
        assert normalization("en").apply(example.strip("`")) == becomes.strip("`")


@pytest.mark.parametrize("profile", PROFILES)
def test_no_step_is_idle(profile: str):
    """Each step has a name of its own, a sentence, and an example that it changes."""
    rules = normalization(profile)

    assert len({step.name for step in rules.steps}) == len(rules.steps)
    for number, step in enumerate(rules.steps):
        texts = [step.example, *(text for _, text in rules.trace(step.example))]
        assert texts[number + 1] != texts[number] or step.apply(step.example) != step.example, step.name
        assert re.fullmatch(r"[A-Z].*\.", step.does)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_trace_ends_with_the_normalized_text(profile: str):
    """What is shown after the last step is what is scored."""
    rules = normalization(profile)
    text = "Don't pay $1.5M on Jan. 5th at 5:30 p.m., 3/4 of हिन्दी"

    assert rules.trace(text)[-1][1] == rules.apply(text)
