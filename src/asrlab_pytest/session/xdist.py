"""How xdist's workers share the tests: a model's stay on one worker, unless it saves time that others help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from statistics import median
from typing import TYPE_CHECKING, Any

from xdist.scheduler import LoadScheduling

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.session.current import session_of

if TYPE_CHECKING:
    import pytest
    from xdist.workermanage import WorkerController

    from asrlab_pytest.models.spec import ModelSpec
    from asrlab_pytest.records.observation import Observation
    from asrlab_pytest.settings import Settings

GATES = ""
"""The unit of the tests that compare models with something; no other unit has an empty name."""
_IN_HAND = 2
"""How many tests a worker holds so that it goes on: it runs one when it knows the next."""
_CHUNKS = 4
"""Share of the clips of a model that a worker gets at once, for each that works on it."""
_LEAST_SAVED_S = 2.0
"""Seconds that help has to save, so that a model is not loaded again for nothing."""


class ModelScheduling(LoadScheduling):  # type: ignore[misc] # without types
    """Gives a worker the tests of a model, and the gates to the last worker, when all other tests have run.

    A worker without a model of its own helps with the clips of another's where that saves time. The tests of such a
    model as a whole run when those of its clips have run, by the worker that ends last.

    A gate judges all models as one family: on a worker that is ahead of the others it would transcribe again what they
    are about to. Where no test is a model's, tests are shared as `LoadScheduling` does.
    """

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        self._units: dict[int, str] = {}
        """The unit of each test, by its place in the collection; empty where no test is a model's."""
        self._cases: dict[int, str] = {}
        """The parameters of each test of a clip, if its model can be shared, by its place."""
        self._holders: dict[str, WorkerController] = {}
        """Who runs all tests with these parameters, as the transcript is there."""
        self._at: dict[WorkerController, str] = {}
        """The unit that a worker got tests of last."""
        self._paces: dict[str, Pace] = {}
        """Of the units whose tests can be shared."""

    def schedule(self) -> None:
        collection = next(iter(self.node2collection.values()))
        is_new = self.collection is None and any("[" in node_id for node_id in collection)
        models = _models(self.config) if is_new else []
        units = units_of(collection, [spec.id for spec in models])
        if not any(units):
            super().schedule()
        elif self._check_nodes_have_same_collection():
            self._begin(collection, units, _shareable(models, session_of(self.config).suite.settings))

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        unit = self._units.get(item_index, "")
        if unit in self._paces:
            self._paces[unit].took(node, duration)
        super().mark_test_complete(node, item_index, duration)
        if self._units:
            # A worker that waits for the others would not know otherwise.
            for other in self.nodes:
                self.check_schedule(other)

    def remove_node(self, node: WorkerController) -> str | None:
        self._at.pop(node, None)
        self._holders = {case: holder for case, holder in self._holders.items() if holder is not node}
        crashed: str | None = super().remove_node(node)
        return crashed

    def check_schedule(self, node: WorkerController, duration: float = 0) -> None:
        """Send a worker more tests, or the word that there are none, without which it does not run its last one."""
        if not self._units:
            super().check_schedule(node, duration)
            return
        while not node.shutting_down and len(self.node2pending[node]) < _IN_HAND:
            if chosen := self._next_of(node):
                self._send(node, chosen)
            elif self.pending and (self._is_last(node) or self._may_help_later()):
                return
            else:
                node.shutdown()

    def _begin(self, collection: list[str], units: Sequence[str], shareable: Collection[str]) -> None:
        """Hand out the tests for the first time: the largest units first, and one to each worker before any has two."""
        self.collection = collection
        self._units = dict(enumerate(units))
        if len(self.nodes) > 1:
            self._paces = {unit: Pace() for unit in shareable if unit in units}
        parameters = {place: _parameters(node_id) for place, node_id in enumerate(collection)}
        self._cases = {
            place: parameters[place]
            for place, unit in enumerate(units)
            if unit in self._paces and f"[{parameters[place]}]" != unit
        }
        sizes = Counter(units)
        rank = {unit: place for place, unit in enumerate(sorted(sizes, key=lambda unit: -sizes[unit]))}
        self.pending[:] = sorted(
            self._units,
            key=lambda place: (rank[units[place]], units[place] in self._paces and place not in self._cases),
        )
        for node in self.nodes:
            if chosen := self._next_of(node):
                self._send(node, chosen)
        for node in self.nodes:
            self.check_schedule(node)

    def _send(self, node: WorkerController, chosen: Sequence[int]) -> None:
        self._at[node] = self._units[chosen[0]]
        self._holders.update({self._cases[place]: node for place in chosen if place in self._cases})
        sent = set(chosen)
        self.pending[:] = [place for place in self.pending if place not in sent]
        self.node2pending[node].extend(chosen)
        node.send_runtest_some(list(chosen))

    def _next_of(self, node: WorkerController) -> list[int]:
        """The next tests of a worker: of its unit, of one that nobody has, of one to help with, or the gates."""
        if chosen := self._left_of(self._at.get(node, GATES), node):
            return chosen
        at = {self._at[other] for other in self.nodes if other in self._at and not other.shutting_down}
        for unit in dict.fromkeys(map(self._units.__getitem__, self.pending)):
            if unit != GATES and (unit not in at or unit not in self._paces) and (chosen := self._left_of(unit, node)):
                return chosen
        if unit := self._to_help(node):
            return self._left_of(unit, node)
        others = any(tests for other, tests in self.node2pending.items() if other is not node)
        return [] if others else [place for place in self.pending if self._units[place] == GATES]

    def _left_of(self, unit: str, node: WorkerController) -> list[int]:
        """Tests of a unit for a worker: all at once, or as many clips as leave enough for others to help."""
        left = [place for place in self.pending if self._units[place] == unit != GATES]
        if unit not in self._paces:
            return left
        if cases := self._free(left, node):
            return cases[: max(_IN_HAND, len(cases) // (_CHUNKS * max(1, len(self._crew(unit)))))]
        is_open = any(place in self._cases for place in left)
        others = chain.from_iterable(tests for other, tests in self.node2pending.items() if other is not node)
        is_busy = any(self._units[place] == unit for place in others)
        return [] if is_open or is_busy else left

    def _free(self, places: Sequence[int], node: WorkerController) -> list[int]:
        """Tests of clips that no other worker has."""
        cases = ((place, self._cases[place]) for place in places if place in self._cases)
        return [place for place, case in cases if self._holders.get(case, node) is node]

    def _crew(self, unit: str) -> list[WorkerController]:
        return [node for node in self.nodes if self._at.get(node) == unit]

    def _to_help(self, node: WorkerController) -> str:
        """The unit with which the help of a worker saves most; empty if it does not pay."""
        saved = {unit: self._saved_s(unit, node) for unit in self._paces}
        unit = max(saved, key=saved.__getitem__, default="")
        if not unit or saved[unit] < _LEAST_SAVED_S:
            return ""
        busy = sum(bool(tests) for other, tests in self.node2pending.items() if other is not node)
        return unit if has_room(session_of(self.config).ledger.observations, unit[1:-1], busy) else ""

    def _saved_s(self, unit: str, node: WorkerController) -> float:
        left = [place for place in self.pending if self._units[place] == unit]
        pace, crew = self._paces[unit], len(self._crew(unit))
        return pace.saved_s(len(self._free(left, node)), crew) if pace.is_known and crew else 0.0

    def _may_help_later(self) -> bool:
        """Whether a model's pace is to be known before a worker without tests can go."""
        left = {self._units[place] for place in self.pending if place in self._cases}
        return any(not self._paces[unit].is_known for unit in left)

    def _is_last(self, node: WorkerController) -> bool:
        return all(other is node or other.shutting_down for other in self.nodes)


def units_of(node_ids: Sequence[str], models: Collection[str]) -> list[str]:
    """The unit of each test: its model, `GATES` or, where it is not a model's, its module.

    Args:
        node_ids: In the order in which a worker would run them: each model's cases together, then the gates of all.
        models: Ids of the models of the run.

    Returns:
        A name for each test; only empty ones, where no test is a model's.
    """
    owners = [_model_in(node_id, models) for node_id in node_ids]
    if not any(owners):
        return [""] * len(node_ids)
    units: list[str] = []
    seen: list[str] = []
    gates = False
    for node_id, model in zip(node_ids, owners, strict=True):
        if model is None:
            units.append(node_id.partition("::")[0])
            continue
        # A model that comes again after another one comes for its gate.
        gates = gates or model in seen[:-1]
        if model not in seen:
            seen.append(model)
        units.append(GATES if gates else f"[{model}]")
    return units


def _model_in(node_id: str, models: Collection[str]) -> str | None:
    """The model that a test's parameters name: the first, as a clip's id may have another's in it."""
    parameters = f"-{_parameters(node_id)}-"
    named = [(parameters.index(f"-{model}-"), -len(model), model) for model in models if f"-{model}-" in parameters]
    return min(named)[-1] if named else None


def _parameters(node_id: str) -> str:
    return node_id.partition("::")[2].partition("[")[2].removesuffix("]")


def _models(config: pytest.Config) -> Sequence[ModelSpec]:
    """The run's models; none if the configuration is invalid, which the workers report."""
    try:
        return session_of(config).suite.models
    except AsrlabError:
        return []


def _shareable(models: Sequence[ModelSpec], settings: Settings) -> list[str]:
    """The units of the models whose clips several workers may transcribe.

    They hear of each other through the store. The clips of a batch, all passes over a clip and its check on the CPU
    are for one worker.
    """
    if not settings.store or settings.repeat > 1 or settings.self_check:
        return []
    return [f"[{spec.id}]" for spec in models if spec.batch_size == 1]


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
