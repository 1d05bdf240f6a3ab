"""A step of a normalization profile: a named rule that turns text into text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """A rule with its name, a sentence about what it does, and an example."""

    name: str
    does: str
    example: str
    apply: Callable[[str], str]


def run(steps: tuple[Step, ...], text: str) -> str:
    """The text after all steps, in their order."""
    for step in steps:
        text = step.apply(text)
    return text
