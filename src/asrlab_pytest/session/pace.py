"""How fast xdist's workers go through the tests of a model, and whether one more of them would save time."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asrlab_pytest.records.observation import Observation

_KNOWN = 2
"""How many tests tell the pace, besides the first."""
_RECENT = 5
"""How many observations tell what a model needs of the machine."""
_FULL = 1.1
"""Share of the cores that workers may take; a little more than there are, for their use is an estimate."""


@dataclass(slots=True)
class Pace:
    """How long the tests of a model take."""

    _first: dict[Hashable, float] = field(default_factory=dict)
    """Seconds of the first test on each worker, in which the model is loaded."""
    _others: list[float] = field(default_factory=list)

    def took(self, worker: Hashable, seconds: float) -> None:
        """Take in the time of a test."""
        if worker in self._first:
            self._others.append(seconds)
        else:
            self._first[worker] = seconds

    @property
    def is_known(self) -> bool:
        """Whether enough tests have run to tell what the others will take."""
        return len(self._others) >= _KNOWN

    def saved_s(self, tests: int, workers: int) -> float:
        """Seconds by which this many tests end earlier if one more worker loads the model and helps.

        Args:
            tests: How many are left.
            workers: How many share them as it is.
        """
        mean = sum(self._others) / len(self._others)
        load = max(max(self._first.values()) - mean, 0.0)
        alone = tests * mean / workers
        together = (tests * mean + load) / (workers + 1)
        return alone - together if load < alone else 0.0


def has_room(rows: Sequence[Observation], model: str, workers: int) -> bool:
    """Whether the machine has the cores, GPUs and memory for one more process with a model.

    Args:
        rows: What was observed so far.
        model: Its id.
        workers: How many run tests as it is.
    """
    import psutil

    from asrlab_pytest.models.gpus import visible_gpus
    from asrlab_pytest.records.observation import REMOTE

    recent = list(islice((row for row in reversed(rows) if row.model == model), _RECENT))
    if not recent:
        return False
    if psutil.virtual_memory().available < max(row.peak_rss_bytes or 0 for row in recent):
        return False
    device = recent[0].device
    if device == "cpu":
        cores = median((row.cpu_percent or 0.0) / 100 for row in recent)
        return cores * (workers + 1) <= _FULL * (psutil.cpu_count() or 1)
    return device == REMOTE or (device == "cuda" and len(visible_gpus()) > workers)
