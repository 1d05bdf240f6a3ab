"""What the gates say, for the terminal and for a failed test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, cast

from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.result import ClipChange, GateResult
from asrlab_pytest.report.diff import plain_diff
from asrlab_pytest.scoring.alignment import AlignedWord, Edit
from asrlab_pytest.visible import visible

if TYPE_CHECKING:
    from asrlab_pytest.report.layout import Screen

WORSE = 5
"""How many clips that became worse are shown with their words."""
BETTER = 3
NAMED = 10
"""How many more are named."""
_COLOURS: dict[Outcome, dict[str, bool]] = {
    Outcome.PASS: {"green": True},
    Outcome.FAIL: {"red": True},
    Outcome.UNDECIDED: {"yellow": True},
}


def write_gates(terminal: Screen, results: Sequence[GateResult]) -> None:
    """A block for each gate: the verdict, the clips that became worse, those that became better."""
    if not results:
        return
    terminal.section("asrlab gates", sep="=", bold=True)
    for result in results:
        first, *rest = gate_lines(result)
        terminal.write_line(first, **_COLOURS[result.outcome])
        for line in rest:
            terminal.write_line(line)


def gate_lines(result: GateResult) -> list[str]:
    """A gate's verdict and the clips behind it as lines of text, the outcome first."""
    lines = [
        *verdict_lines(result),
        *(line for change in result.worse[:WORSE] for line in clip_lines("worse", change)),
        *_more("worse", result.worse, WORSE),
        *(line for change in result.better[:BETTER] for line in clip_lines("better", change)),
        *_more("better", result.better, BETTER),
    ]
    # What a model wrote may be anything, and acts on no terminal.
    return [visible(line) for line in lines]


def verdict_lines(result: GateResult) -> list[str]:
    """A gate's verdict alone."""
    lines = [
        f"{result.outcome.value.upper()} {result.kind} of {result.model} against {result.against}",
        *(f"  {one.metric}: {one.sentence}" for one in result.findings),
        *(f"  new defect: {trip}" for trip in result.trips),
        *(f"  warning: {warning}" for warning in result.warnings),
        *(f"  {remark}" for remark in result.remarks),
    ]
    # What a model wrote may be anything, and acts on no terminal.
    return [visible(line) for line in lines]


def failure_lines(result: GateResult) -> list[str]:
    """A gate's verdict, and by name the clips that became worse: their words stand in the gate's block."""
    return [*verdict_lines(result), *_more("worse", result.worse, 0)]


def clip_lines(word: str, change: ClipChange) -> Iterator[str]:
    """A clip that changed: its errors, what was written before, and the diff of now; all but the first indented."""
    errors = f"{change.errors} {change.unit} error{'s'[: change.errors != 1]}"
    yield f"  {word}: {change.clip}: {errors} of {change.words}, {change.before_errors} before"
    alignment = [AlignedWord(cast("Edit", edit), reference, written) for edit, reference, written in change.alignment]
    yield f"    before:     {change.before_text or '(nothing)'}"
    if change.text:
        yield f"    now:        {change.text}"
    yield from (f"    {line}" for line in plain_diff(alignment, width=76))


def _more(word: str, changes: Sequence[ClipChange], shown: int) -> Iterator[str]:
    rest = [change.clip for change in changes[shown:]]
    if rest:
        more = f" and {len(rest) - NAMED} more" if len(rest) > NAMED else ""
        yield f"  {word}{', too' if shown else ''}: {', '.join(rest[:NAMED])}{more}"
