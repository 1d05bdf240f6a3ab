"""Writes what the gates decided within 80 columns: a line for each model, why, and the texts that became worse."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import starmap
from typing import NamedTuple

from asrlab_pytest.gates.changes import clips_of
from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.result import ClipChange, Finding, GateResult
from asrlab_pytest.grouping import in_turn
from asrlab_pytest.report.gates import (
    EXPECTED,
    change_lines,
    decisive,
    defects,
    fails_by_defect,
    in_order,
    warnings,
)
from asrlab_pytest.report.layout import LABEL, WIDTH, cut, packed, short, some, write_answers
from asrlab_pytest.visible import Screen, visible
from asrlab_pytest.wording import many

_NAMES = 21, 22
"""Columns of the names of models and clips, at least and at most; `faster-whisper-tiny.en` takes the most."""
_CLIPS = 3
"""How many clips are shown with their words."""
_DEFECTS = 3
"""How many new defects, and how many warnings, are shown."""
_ROWS = 2
"""How many rows of words are shown of a clip."""
_SIDE = "{:<13}{:<11}{}"
_WORDS = WIDTH - 24
COLORS: dict[Outcome, dict[str, bool]] = {
    Outcome.PASS: {"green": True},
    Outcome.FAIL: {"red": True},
    Outcome.UNDECIDED: {"yellow": True},
}


class Change(NamedTuple):
    """A clip that changed in the same way for these models."""

    models: tuple[str, ...]
    clip: ClipChange


def write_gates(screen: Screen, results: Sequence[GateResult]) -> None:
    """The verdict on each model, then the clips that became worse with their words, and the names of the others."""
    if not results:
        return
    screen.section("asrlab gates", sep="=", bold=True)
    least, most = _NAMES
    width = min(max([least, *(len(result.model) for result in results)]), most)
    for result in results:
        _write_verdict(screen, result, width)
    worse = _first([(result.model, result.worse) for result in results])
    if worse:
        screen.write_line("")
    are_several = len({result.model for result in results if result.worse}) > 1
    for place, change in enumerate(worse):
        _write_change(screen, change, width, label="" if place else "worse", names_models=are_several)
    shown = {change.clip.clip for change in worse}
    write_answers(screen, "", _named([result.worse for result in results], "and ", shown))
    write_answers(screen, "better", _named([result.better for result in results]))


def _write_verdict(screen: Screen, result: GateResult, width: int) -> None:
    first = _first_shown(result)
    start = f"{result.verdict:<{LABEL}}{short(result.model, width):<{width}} "
    line = visible(f"{start}{'' if first is None else _figures(first)}")
    color = COLORS[Outcome.UNDECIDED if result.fails_as_expected else result.outcome]
    if len(line) <= WIDTH:
        screen.write_line(line.rstrip(), **color)
    else:
        screen.write_line(start.rstrip(), **color)
        write_answers(screen, "", [visible(_figures(first)) if first else ""])
    write_answers(screen, "", map(visible, _reasons(result, first)))


def _first_shown(result: GateResult) -> Finding | None:
    """The finding whose figures are in the line of the verdict: the one that decides, if it has figures."""
    decides = decisive(result)
    if decides is not None and decides.figures:
        return decides
    return next((finding for finding in result.findings if finding.figures), decides)


def _figures(finding: Finding) -> str:
    if finding.figures:
        return "   ".join(filter(None, [finding.figures, finding.changed]))
    return finding.statement


def _reasons(result: GateResult, first: Finding | None) -> Iterator[str]:
    """Why the outcome is what it is, and other remarks."""
    if result.fails_as_expected:
        yield EXPECTED
    if result.against != result.model and result.kind != "memory":
        yield f"against {result.against}"
    yield from in_order(result, [*_why(result, first)], defects(result, _DEFECTS))
    yield from warnings(result, _DEFECTS)
    yield from change_lines(result)
    yield from result.remarks


def _why(result: GateResult, first: Finding | None) -> Iterator[str]:
    """What the figures say. Beside a failure, a figure that is undecided says so."""
    if first is not None and first.why:
        is_doubted = first.outcome is Outcome.UNDECIDED and fails_by_defect(result)
        yield f"{first.metric} alone is undecided: {first.why}" if is_doubted else first.why
    for finding in result.findings:
        # A passing figure needs no second line, unless it is the main one; a measured one does.
        is_main = finding is result.findings[0] and bool(finding.changed)
        if finding is not first and (is_main or not (finding.figures and finding.outcome is Outcome.PASS)):
            is_doubted = finding.outcome is Outcome.UNDECIDED is not result.outcome
            yield f"undecided: {_figures(finding)}" if is_doubted else _figures(finding)
            yield from filter(None, ["" if is_main and finding.outcome is Outcome.PASS else finding.why])


def _first(lists: Sequence[tuple[str, Sequence[ClipChange]]]) -> list[Change]:
    """The first clip of every model, then the second of every model; once where it changed alike."""
    first: dict[tuple[str, str, object], ClipChange] = {}
    for clip in in_turn(changes for _, changes in lists):
        if len(first) == _CLIPS:
            break
        first.setdefault(_key(clip), clip)
    models: dict[tuple[str, str, object], list[tuple[int, int, str]]] = {key: [] for key in first}
    names = {clip.clip for clip in first.values()}
    for number, (model, changes) in enumerate(lists):
        for rank, name in enumerate(clips_of(changes)):
            if name in names and (key := _key(changes[rank])) in models:
                models[key].append((rank, number, model))
    return [Change(tuple(model for *_, model in sorted(models[key])), clip) for key, clip in first.items()]


def _key(clip: ClipChange) -> tuple[str, str, object]:
    return clip.clip, clip.text, clip.alignment


def _named(lists: Sequence[Sequence[ClipChange]], start: str = "", but: Collection[str] = ()) -> list[str]:
    """The clips of all models in turn, without some."""
    clips = [clip for clip in dict.fromkeys(in_turn(map(clips_of, lists))) if clip not in but]
    return [visible(f"{start}{some(clips)}")] if clips else []


def _write_change(screen: Screen, clip_change: Change, width: int, *, label: str, names_models: bool) -> None:
    change = clip_change.clip
    counts = f"{change.before_errors} -> {many(change.errors, 'error')} in {many(change.words, change.unit)}"
    whose = f"   {some([short(model, 12) for model in clip_change.models], 1)}" if names_models else ""
    screen.write_line(cut(visible(f"{label:<{LABEL}}{short(change.clip, width):<{width}} {counts}{whose}"), WIDTH))
    rows = list(_rows(change))
    for reference, now in rows[:_ROWS]:
        screen.write_line(_SIDE.format("", "reference", reference).rstrip())
        screen.write_line(_SIDE.format("", "now", now).rstrip())
    if len(rows) > _ROWS:
        screen.write_line(_SIDE.format("", "", "..."))


def _rows(change: ClipChange) -> Iterator[tuple[str, str]]:
    """The words of the reference above those of now, those that differ in capitals; only rows with a difference."""
    if not change.alignment:
        yield cut(visible(change.before_text), _WORDS), cut(visible(change.text or "(nothing)"), _WORDS)
        return
    for cells in packed(starmap(_cell, change.alignment), lambda cell: len(cell[1]), _WORDS):
        if not all(is_hit for is_hit, *_ in cells):
            yield " ".join(reference for _, reference, _ in cells), " ".join(now for *_, now in cells)


def _cell(edit: str, reference: str, hypothesis: str) -> tuple[bool, str, str]:
    """Whether the words are the same, and both, padded to one width."""
    is_hit = edit == "hit"
    pair = visible(reference), visible(hypothesis if is_hit else hypothesis.upper())
    size = min(max(*map(len, pair), 1), _WORDS)
    return is_hit, cut(pair[0], size).ljust(size), (cut(pair[1], size) or "*" * size).ljust(size)
