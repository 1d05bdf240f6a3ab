"""The results of the gates as the page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from asrlab_pytest.gates.result import ClipChange, GateResult
from asrlab_pytest.report.columns import mark
from asrlab_pytest.report.gates import NAMED, change_lines, count_line, reasons
from asrlab_pytest.report.layout import short
from asrlab_pytest.visible import visible

MOST = 30
_WORDS = 200
_LETTERS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A clip with more or fewer errors than in the baseline."""

    clip: str
    errors: str
    before: str
    now: tuple[tuple[str, str, str], ...]
    """Reference, word and mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateView:
    """The verdict on one model."""

    outcome: str
    title: str
    sentences: tuple[str, ...]
    noun: str
    """What was compared, in a word."""
    changes: tuple[tuple[str, tuple[Change, ...], int], ...]
    """Worse and better clips: how many there are in words, those that are shown, and how many are not."""


def gate_view(result: GateResult) -> GateView:
    """A gate with the clips that changed most."""
    remarks = [visible(remark) for remark in [*change_lines(result), *result.remarks[:NAMED]]]
    sides: tuple[tuple[str, Sequence[ClipChange]], ...] = (("worse", result.worse), ("better", result.better))
    return GateView(
        outcome=result.verdict,
        title=visible(f"{result.kind} of {result.model} against {result.opponent}"),
        sentences=(*reasons(result), *remarks),
        noun=result.noun,
        changes=tuple(
            (count_line(result, side, changes), tuple(map(_change, changes[:MOST])), max(len(changes) - MOST, 0))
            for side, changes in sides
            if changes
        ),
    )


def has_baseline(result: GateResult) -> bool:
    """Whether a baseline was compared."""
    return bool(result.compared) if result.kind == "accuracy" else "baseline" in result.against


def _change(change: ClipChange) -> Change:
    pairs = [(reference, word) for _, reference, word in change.alignment[:_WORDS]]
    return Change(
        clip=visible(change.clip),
        errors=f"{change.before_errors} → {change.errors} of {change.words} {change.unit}s",
        before=_briefly(change.before_text) or "(nothing)",
        now=tuple((_brief(reference), _brief(word), mark(reference, word)) for reference, word in pairs)
        or (("", _briefly(change.text), ""),),
    )


def _briefly(text: str) -> str:
    """The beginning of a text, without the middle of a very long word."""
    words = text.split()
    return " ".join(map(_brief, words[:_WORDS])) + (" …" if len(words) > _WORDS else "")


def _brief(word: str) -> str:
    return short(visible(word), _LETTERS)
