"""What the gates say, line by line: for documents, annotations and a failed test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from asrlab_pytest.gates.changes import clips_of, silent_of
from asrlab_pytest.gates.result import ClipChange, Finding, GateResult
from asrlab_pytest.report.diff import plain_diff
from asrlab_pytest.scoring.alignment import AlignedWord, Edit
from asrlab_pytest.visible import visible
from asrlab_pytest.wording import first_few, many, some

EXPECTED = "expected: its test is marked xfail"
"""The reason why a failed gate does not fail the run."""
NAMED = 10
"""How many clips that became worse are named, and how many new defects and warnings are shown."""


def title(result: GateResult) -> str:
    """The outcome, of what, and against what."""
    return visible(f"{result.verdict} {result.kind} of {result.model} against {result.opponent}")


def reasons(result: GateResult) -> list[str]:
    """Reasons for the outcome: findings, new defects, warnings, and why an expected failure does not fail the run."""
    lines = [
        *([EXPECTED] if result.fails_as_expected else []),
        *in_order(result, [finding.statement for finding in result.findings], defects(result, NAMED)),
        *warnings(result, NAMED),
    ]
    # What a model wrote may be anything, and acts on no terminal.
    return [visible(line) for line in lines]


def verdict_lines(result: GateResult) -> list[str]:
    """A gate's verdict alone."""
    notes = map(visible, [*change_lines(result), *result.remarks])
    return [title(result), *(f"  {line}" for line in [*reasons(result), *notes])]


def in_order(result: GateResult, findings: Sequence[str], trips: Sequence[str]) -> list[str]:
    """What the gate says of the figures and of new defects, that which fails it first."""
    return [*trips, *findings] if fails_by_defect(result) else [*findings, *trips]


def fails_by_defect(result: GateResult) -> bool:
    """Whether a new defect fails the gate, and no figure does."""
    return bool(result.trips) and decisive(result) is None


def defects(result: GateResult, most: int, word: str = "new defect") -> list[str]:
    """The first new defects: a model that is broken is so in a thousand clips.

    Args:
        result: The gate's verdict.
        most: How many are shown.
        word: What a defect is called, with the markup of a document.
    """
    lines = [f"{word}: {trip}" for trip in result.trips]
    if fails_by_defect(result):
        lines[0] = f"fails because of a {lines[0]}"
    return first_few(lines, most, "new defect")


def warnings(result: GateResult, most: int) -> list[str]:
    """The first warnings."""
    return first_few([f"warning: {text}" for text in result.warnings], most, "warning")


def change_lines(result: GateResult) -> list[str]:
    """What of the model is not as it was in the baseline, in a line."""
    return [f"since {result.since}: {', '.join(result.changes)}"] if result.changes else []


def failure_lines(result: GateResult) -> list[str]:
    """The figure, then the verdict, and by name the clips that became worse: their words are in the gate's block."""
    return [headline(result), *verdict_lines(result), *_named(result.worse)]


def warning_line(result: GateResult) -> str:
    """A gate's verdict in one line."""
    return f"{result.verdict} {result.kind} of {result.model}: {headline(result)}"


def headline(result: GateResult) -> str:
    """The figure that the verdict rests on, as "WER 1.7% -> 3.4%, 2 clips worse, 0 better"."""
    finding = decisive(result)
    if finding is None:
        return visible(f"new defect: {result.trips[0]}" if result.trips else "nothing was judged")
    return visible(", ".join(filter(None, [finding.figures or finding.statement, finding.changed])))


def decisive(result: GateResult) -> Finding | None:
    """The first finding that makes the outcome what it is; None if a new defect alone does."""
    return next((finding for finding in result.findings if finding.outcome is result.outcome), None)


def count_line(result: GateResult, kind: str, changes: Sequence[ClipChange]) -> str:
    """As "3 clips worse, 1 of them silent", because a WER does not count that one."""
    silent = silent_of(changes)
    return f"{many(len(changes), result.noun)} {kind}" + (f", {silent} of them silent" if silent else "")


def clip_lines(word: str, change: ClipChange) -> Iterator[str]:
    """A clip that changed: its errors, what was written before, and the diff of now; all but the first indented."""
    errors = f"{many(change.errors, f'{change.unit} error')}"
    yield f"  {word}: {change.clip}: {errors} of {change.words}, {change.before_errors} before"
    alignment = [AlignedWord(cast("Edit", edit), reference, written) for edit, reference, written in change.alignment]
    yield f"    {'before (as written): ' if alignment else 'before:     '}{change.before_text or '(nothing)'}"
    if change.text:
        yield f"    now:        {change.text}"
    yield from (f"    {line}" for line in plain_diff(alignment, width=76))


def _named(changes: Sequence[ClipChange]) -> Iterator[str]:
    clips = list(clips_of(changes))
    if clips:
        yield f"  worse: {some(clips, NAMED)}"
