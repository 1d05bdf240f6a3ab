"""What the gates say, line by line: for `asrlab compare`, annotations and a failed test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from asrlab_pytest.gates.result import ClipChange, Finding, GateResult
from asrlab_pytest.report.diff import plain_diff
from asrlab_pytest.scoring.alignment import AlignedWord, Edit
from asrlab_pytest.visible import visible

WORSE = 5
"""How many clips that became worse are shown with their words."""
BETTER = 3
NAMED = 10
"""How many more are named."""


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
        *(f"  {line}" for line in change_lines(result)),
        *(f"  {remark}" for remark in result.remarks),
    ]
    # What a model wrote may be anything, and acts on no terminal.
    return [visible(line) for line in lines]


def change_lines(result: GateResult) -> list[str]:
    """What of the model is not as it was in the baseline, in a line."""
    return [f"since {result.since}: {', '.join(result.changes)}"] if result.changes else []


def failure_lines(result: GateResult) -> list[str]:
    """The figure, then the verdict, and by name the clips that became worse: their words stand in the gate's block."""
    return [headline(result), *verdict_lines(result), *_more("worse", result.worse, 0)]


def warning_line(result: GateResult) -> str:
    """A gate's verdict in one line."""
    return f"{result.outcome.value.upper()} {result.kind} of {result.model}: {headline(result)}"


def headline(result: GateResult) -> str:
    """The figure that the verdict rests on, as "WER 1.7% -> 3.4%, 2 clips worse, 0 better"."""
    finding = decisive(result)
    if finding is None:
        return visible(f"new defect: {result.trips[0]}" if result.trips else "nothing was judged")
    return visible(
        ", ".join(filter(None, [finding.figures or f"{finding.metric}: {finding.sentence}", finding.changed]))
    )


def decisive(result: GateResult) -> Finding | None:
    """The first finding that makes the outcome what it is; None where a new defect alone does."""
    return next((one for one in result.findings if one.outcome is result.outcome), None)


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
