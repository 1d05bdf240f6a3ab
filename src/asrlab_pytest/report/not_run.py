"""Models of a run that did not run: one line each, with what makes them run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from asrlab_pytest.hints import runnable
from asrlab_pytest.report.layout import LABEL, WIDTH, Screen, short, write_answers

_MOST = 8
"""How many models are listed."""
_PLAIN = ("weights missing", "package missing")
"""Statuses that say why, where the hint says how."""
_LICENSE = "licence"
"""Stands in a reason that asks for consent, which no hint may hide."""


class Row(Protocol):
    """What is known of a model."""

    @property
    def model(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def hint(self) -> str: ...


def write_not_run(screen: Screen, rows: Sequence[Row]) -> None:
    """A line for each model that did not run: its name, its status and the hint, or the reason where that says more."""
    idle = [row for row in rows if row.status not in ("ready", "recorded")]
    if not idle:
        return
    shown = idle[:_MOST]
    widths = [max(len(short(row.model)) for row in shown), max(len(row.status) for row in shown)]
    for place, row in enumerate(shown):
        cells = [short(row.model).ljust(widths[0]), row.status.ljust(widths[1])]
        start = f"{'' if place else 'not run':<{LABEL}}{'  '.join(cells)}"
        _write(screen, start, row)
    if len(idle) > _MOST:
        write_answers(screen, "", [f"and {len(idle) - _MOST} more: {runnable('asrlab models')}"])


def _write(screen: Screen, start: str, row: Row) -> None:
    """One line where the hint says all and fits; else what is wrong below, then the hint."""
    command = runnable(row.hint)
    line = f"{start}  {command}".rstrip()
    is_plain = row.status in _PLAIN and _LICENSE not in row.reason
    if is_plain and command and len(line) <= WIDTH:
        screen.write_line(line, yellow=True)
        return
    screen.write_line(start.rstrip(), yellow=True)
    reason = "" if is_plain and command else row.reason
    write_answers(screen, "", filter(None, [reason, f"hint: {command}" if command else ""]))
