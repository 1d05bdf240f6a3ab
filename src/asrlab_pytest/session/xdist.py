"""How xdist's workers share the tests: a model's stay on one worker, which loads it once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from xdist.scheduler import LoadScheduling

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.session.current import session_of

if TYPE_CHECKING:
    import pytest
    from xdist.workermanage import WorkerController

GATES = ""
"""The unit of the tests that compare models with something; no other unit has an empty name."""
_IN_HAND = 2
"""How many tests a worker holds so that it goes on: it runs one when it knows the next."""


class ModelScheduling(LoadScheduling):  # type: ignore[misc] # without types
    """Gives a worker all tests of a model at once, and the gates to the last worker, when all other tests have run.

    A gate judges all models as one family: on a worker that is ahead of the others it would transcribe again what they
    are about to. Where no test is a model's, tests are shared as `LoadScheduling` does.
    """

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        self._units: dict[int, str] = {}
        """The unit of each test, by its place in the collection; empty where no test is a model's."""

    def schedule(self) -> None:
        collection = next(iter(self.node2collection.values()))
        is_new = self.collection is None and any("[" in node_id for node_id in collection)
        units = units_of(collection, _models(self.config)) if is_new else []
        if not any(units):
            super().schedule()
        elif self._check_nodes_have_same_collection():
            self._begin(collection, units)

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        super().mark_test_complete(node, item_index, duration)
        if self._units and GATES in map(self._units.get, self.pending):
            # The worker that waits for the others to end would not know otherwise.
            for other in self.nodes:
                self.check_schedule(other)

    def check_schedule(self, node: WorkerController, duration: float = 0) -> None:
        """Send a worker more tests, or the word that there are none, without which it does not run its last one."""
        if not self._units:
            super().check_schedule(node, duration)
            return
        while not node.shutting_down and len(self.node2pending[node]) < _IN_HAND:
            if not self._send_unit(node):
                if self.pending and self._is_last(node):
                    return
                node.shutdown()

    def _begin(self, collection: list[str], units: Sequence[str]) -> None:
        """Hand out the tests for the first time: the largest units first, and one to each worker before any has two."""
        self.collection = collection
        self._units = dict(enumerate(units))
        sizes = {unit: units.count(unit) for unit in dict.fromkeys(units)}
        rank = {unit: place for place, unit in enumerate(sorted(sizes, key=lambda unit: -sizes[unit]))}
        self.pending[:] = sorted(self._units, key=lambda place: rank[units[place]])
        for node in self.nodes:
            self._send_unit(node)
        for node in self.nodes:
            self.check_schedule(node)

    def _send_unit(self, node: WorkerController) -> bool:
        """Send a worker the tests of the next unit; whether there is one that can run now."""
        unit = next((unit for unit in map(self._units.__getitem__, self.pending) if unit != GATES), GATES)
        if unit == GATES and any(pending for other, pending in self.node2pending.items() if other is not node):
            return False
        chosen = [place for place in self.pending if self._units[place] == unit]
        if not chosen:
            return False
        self.pending[:] = [place for place in self.pending if self._units[place] != unit]
        self.node2pending[node].extend(chosen)
        node.send_runtest_some(chosen)
        return True

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
    parameters = f"-{node_id.partition('::')[2].partition('[')[2].removesuffix(']')}-"
    named = [(parameters.index(f"-{model}-"), -len(model), model) for model in models if f"-{model}-" in parameters]
    return min(named)[-1] if named else None


def _models(config: pytest.Config) -> Collection[str]:
    """Ids of the run's models; none if the configuration is invalid, which the workers report."""
    try:
        return [spec.id for spec in session_of(config).suite.models]
    except AsrlabError:
        return []
