"""Which times of a run say something of a model, and why the others do not."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

from asrlab_pytest.records.observation import REMOTE, Observation
from asrlab_pytest.records.sorting import median
from asrlab_pytest.records.state import ModelState

BUSY = 1.25
"""Processes that want to run, for each processor. A model that uses all of them makes 1."""
PARALLEL = "tests ran in parallel"
UNHEARD = "no engine ran"
FAR = "it runs on a remote server, whose time includes the network and other requests"
BATCHED = "clips were transcribed in batches"
_BUSY_WORDS = "the machine was busy"
_HOW = {
    PARALLEL: "run with -n 0",
    _BUSY_WORDS: "a test with asr_speed times it anyway",
    BATCHED: "run with batch_size = 1, or time it in a test with asr_speed",
}
_AGAIN = "run the models without --asr-resume or --asr-rescore"


def why_untimed(rows: Sequence[Observation], *, in_parallel: bool = False) -> str:
    """Why the times of a model's observations say nothing of it, in words; empty where they do.

    Args:
        rows: The first pass of one model.
        in_parallel: Whether several processes ran tests at once.
    """
    times = Times()
    for row in rows:
        times.add(row)
    return times.why_untimed(in_parallel=in_parallel)


class Times:
    """What decides whether the times of one model count, gathered observation by observation."""

    def __init__(self) -> None:
        self._rows = 0
        self._recorded = 0
        self._is_unheard = False
        self._is_far = False
        self._largest_batch = 1
        self._loads = array("d")

    def add(self, row: Observation) -> None:
        """Add an observation of the first pass."""
        self._rows += 1
        self._recorded += bool(row.recorded)
        self._is_unheard |= row.latency_s is None
        self._is_far |= row.device == REMOTE
        self._largest_batch = max(self._largest_batch, row.batch_size)
        if row.load_per_core is not None:
            self._loads.append(row.load_per_core)

    def why_untimed(self, *, in_parallel: bool = False) -> str:
        """Why the times do not count, in words; empty if they do."""
        if self._is_unheard:
            return UNHEARD
        if self._is_far:
            return FAR
        if self._recorded:
            part = "all" if self._recorded == self._rows else f"{self._recorded} of {self._rows}"
            return f"{part} times are of an earlier run"
        if in_parallel:
            return PARALLEL
        busy = why_busy(median(self._loads)) if self._loads else ""
        return busy or (f"{BATCHED} (of {self._largest_batch})" if self._largest_batch > 1 else "")


def is_throughput(why: str) -> bool:
    """Whether the only reason for the missing times is that clips were transcribed in batches."""
    return why.startswith(BATCHED)


def why_busy(load_per_core: float | None) -> str:
    """Why a time is not the model's own where so many processes wanted to run; empty where it is."""
    busy = load_per_core is not None and load_per_core > BUSY
    return f"{_BUSY_WORDS} (load {load_per_core:.1f} per core)" if busy else ""


def untimed(state: ModelState, rows: Sequence[Observation]) -> str:
    """The same as the run itself stated it; by the rows where it did not."""
    return state.untimed if "untimed" in state.model_fields_set else why_untimed(rows)


def by_reason(reasons: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Models by the reason that their times are not shown, those that have one; the loads of a machine are one reason.

    Args:
        reasons: Model and reason.
    """
    models_of: dict[str, tuple[str, list[str]]] = {}
    for model, why in reasons:
        if why:
            models_of.setdefault(why.partition(" (")[0], (why, []))[1].append(model)
    return dict(models_of.values())


def how_to_time(why: str, *, is_compared: bool = False, is_speech: bool = False) -> str:
    """How to get a time; empty if nothing can be done.

    Args:
        why: Why there is none.
        is_compared: Whether models were timed in turn all the same.
        is_speech: Whether the times are of speech that models made, which no scorecard takes from timing in turn.
    """
    if why in (UNHEARD, FAR) or (is_compared and why.startswith(_BUSY_WORDS)):
        return ""
    if is_speech and why.startswith(_BUSY_WORDS):
        return "run it on a quiet machine"
    return next((how for words, how in _HOW.items() if why.startswith(words)), _AGAIN)
