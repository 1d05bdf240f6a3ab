"""Warns of what a command had to leave out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from asrlab_pytest.visible import harmless
from asrlab_pytest.wording import many, some

if TYPE_CHECKING:
    from asrlab_pytest.records.reading import Run


def warn_of_damages(run: Run) -> bool:
    """Write each damaged line of a run to standard error.

    Returns:
        Whether a whole line was lost, and not only the unfinished last one of a run that was killed.
    """
    lost = run.left_out(tail=False)
    for sentence in [*lost, *run.left_out(tail=True)]:
        print(f"asrlab: {harmless(sentence)}", file=sys.stderr)
    return bool(lost)


def warn_of_holes(run: Run) -> bool:
    """Write to standard error which cases a run was to observe and did not; whether there are any."""
    from asrlab_pytest.records.cover import holes

    missing = [f"{model} on {clip}" for model, clip in holes(run)]
    if missing:
        print(f"asrlab: {run.path} has no observation of {harmless(some(missing))}", file=sys.stderr)
    return bool(missing)


def warn_of_left_out(run: Run) -> bool:
    """Write to standard error how much of what was asked for a run covers; whether it leaves anything out."""
    from asrlab_pytest.records.cover import UNPLANNED, is_unplanned, missing_parts, stopped

    if is_unplanned(run):
        print(f"asrlab: {run.path}: the run did not finish; {UNPLANNED}", file=sys.stderr)
    shares = [*missing_parts(run), *stopped(run)]
    for share in shares:
        print(f"asrlab: {run.path} has {harmless(share)}", file=sys.stderr)
    return bool(shares) or is_unplanned(run)


def warn_of_missing(run: Run) -> bool:
    """Write to standard error that a run did not finish, which cases failed, and what it leaves out.

    Returns:
        Whether anything is left out. A failed case is not: the report shows it, with the reason.
    """
    from asrlab_pytest.records.cover import is_unplanned

    failed = [f"{row.model} on {row.clip}" for row in run.failures]
    if failed:
        print(f"asrlab: {run.path}: {many(len(failed), 'case')} failed: {harmless(some(failed))}", file=sys.stderr)
    if run.is_stopped and not is_unplanned(run):
        print(f"asrlab: {run.path}: the run did not finish", file=sys.stderr)
    return warn_of_left_out(run)


def warn_of_settings(run: Run) -> None:
    """Write to standard error which settings of a run only another version of this package has."""
    from asrlab_pytest.suite.stored import unknown_settings

    unknown = unknown_settings(run)
    if unknown:
        names = harmless(", ".join(unknown))
        print(f"asrlab: {run.path}: unknown settings: {names}", file=sys.stderr)
