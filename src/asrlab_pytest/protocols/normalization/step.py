"""A step of a normalization profile: a named rule that turns text into text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """A rule with a name, a sentence that says what it does, and a text that shows it."""

    name: str
    does: str
    example: str
    apply: Callable[[str], str]


def run(steps: tuple[Step, ...], text: str) -> str:
    """The text after all steps, in their order."""
    for step in steps:
        text = step.apply(text)
    return text
