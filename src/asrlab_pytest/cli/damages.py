"""Warns of lines that a command had to leave out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asrlab_pytest.store.reading import Run


def warn_of_damages(run: Run) -> bool:
    """Write each damaged line of a run to standard error.

    Returns:
        Whether a whole line was lost, and not only the unfinished last one of a run that was killed.
    """
    for damage in run.damages:
        print(f"asrlab: {run.path}: {damage}: left out", file=sys.stderr)
    return any(not damage.is_tail for damage in run.damages)
