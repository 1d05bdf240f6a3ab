"""Why the run is not green, by model, in few enough lines to keep the scorecard on the first screen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.report.gates import headline, warning_line
from asrlab_pytest.report.markdown import RunReport
from asrlab_pytest.visible import visible
from asrlab_pytest.wording import first_few, in_one_line

MOST = 8
"""Lines that are shown at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The lines of one model."""

    model: str
    """Empty for what concerns the whole run."""
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubles:
    """Why the run is not green."""

    shown: tuple[Group, ...]
    hidden: tuple[Group, ...]
    """Shown on demand."""

    @property
    def more(self) -> int:
        """How many lines are hidden."""
        return sum(len(group.lines) for group in self.hidden)


def troubles_of(report: RunReport, most: int = MOST) -> Troubles | None:
    """The failed tests of each model, and what concerns the whole run; None for a run that is green."""
    models = sorted(_models(report), key=len, reverse=True)
    groups: dict[str, list[str]] = {"": [visible(in_one_line(trouble)) for trouble in report.troubles]}
    verdicts = {headline(gate) for gate in report.gates}
    # A gate's verdict matters more than any case of its model.
    for test, why in sorted(report.failed.items(), key=lambda failed: visible(failed[1]) not in verdicts):
        groups.setdefault(_model_of(test, models), []).append(f"{_shown(test)}: {visible(why)}")
    filled = {model: lines for model, lines in groups.items() if lines}
    if not filled:
        return None
    quotas = _quotas([len(lines) for lines in filled.values()], most)
    parts = [(model, lines, quota) for (model, lines), quota in zip(filled.items(), quotas, strict=True)]
    return Troubles(
        shown=tuple(_groups((model, lines[:quota]) for model, lines, quota in parts)),
        hidden=tuple(_groups((model, lines[quota:]) for model, lines, quota in parts)),
    )


def gate_lines(report: RunReport, most: int = MOST) -> list[str]:
    """The gates that did not pass, one per line, failures first."""
    lines = [
        warning_line(gate)
        for outcome in (Outcome.FAIL, Outcome.UNDECIDED)
        for gate in report.gates
        if gate.outcome is outcome
    ]
    return first_few(lines, most, "gate")


def warning_lines(report: RunReport, most: int = MOST) -> list[str]:
    """What the run warns of, a line each."""
    return first_few([visible(in_one_line(warning)) for warning in report.warnings], most, "warning")


def _groups(parts: Iterable[tuple[str, Sequence[str]]]) -> Iterator[Group]:
    return (Group(model=visible(model), lines=tuple(lines)) for model, lines in parts if lines)


def _models(report: RunReport) -> Iterator[str]:
    if report.card is not None:
        yield from (row.model for row in report.card.rows)
    yield from (row.model for card in report.spoken for row in card.rows)
    yield from (gate.model for gate in report.gates)


def _model_of(test: str, models: Sequence[str]) -> str:
    """The model that a test's id names; of several that match, the longest."""
    case = test.partition("[")[2]
    return next((model for model in models if case.startswith((f"{model}-", f"{model}]"))), "")


def _quotas(sizes: Sequence[int], most: int) -> list[int]:
    """How many lines of each group are shown: every group gets one before any gets two."""
    quotas = [0] * len(sizes)
    while most > 0 and quotas != list(sizes):
        for place, size in enumerate(sizes):
            if most > 0 and quotas[place] < size:
                quotas[place] += 1
                most -= 1
    return quotas


_ESCAPE = re.compile(r"\\r\\n|\\[rn]|\\x([0-9a-f]{2})|\\u([0-9a-f]{4})")


def _shown(test: str) -> str:
    """A test's id, in which what pytest escaped looks as it does in a clip's id."""
    name, bracket, case = test.partition("[")
    return visible(name + bracket + _ESCAPE.sub(_unescaped, case))


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    if not digits:
        return visible("\n")
    character = chr(int(digits, 16))
    return match[0] if visible(character) == character else visible(character)
