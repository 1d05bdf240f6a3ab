"""What closing a model costs: the garbage collector runs where cycles may hold the weights, and nowhere else."""

import gc
import weakref
from dataclasses import replace

import pytest

from asrlab_pytest.errors import TranscriptionError
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.inference.on_demand import OnDemand, call_rounds
from asrlab_pytest.inference.side_by_side import release
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.registry import Registry


class Item:
    id = "one"


class Weights:
    """Weights that hold themselves, as those of a framework of tensors do."""

    def __init__(self):
        self.itself = self


@pytest.fixture
def parrot():
    return Registry({"polly": {"engine": "parrot", "weights": "here"}})["polly"]


@pytest.fixture
def collections(monkeypatch):
    """Calls of the garbage collector so far; it does its work."""
    calls = []
    collect = gc.collect
    monkeypatch.setattr(gc, "collect", lambda *arguments: calls.append(1) or collect(*arguments))
    return calls


@pytest.fixture
def model(parrot):
    model = OnDemand(parrot, RunConditions(corpus="here"))
    model.ready(lambda _: 0.0)
    return model


@pytest.mark.parametrize(("says", "times"), [(False, 0), (True, 1)])
def test_cycles(model, collections, says, times):
    """Garbage is collected where the engine says that cycles may hold the weights."""
    model._weights.is_cyclic = says

    model.close()

    assert len(collections) == times


def test_an_engine_that_does_not_say(parrot, collections):
    """Garbage is collected where a loaded model of another package says nothing of cycles, and the weights go."""

    class Silent:
        def __init__(self):
            self.weights = Weights()

        def close(self):
            del self.weights

    held = Silent()
    weights = weakref.ref(held.weights)
    model = OnDemand(parrot, RunConditions(corpus="here"))
    model._weights = held

    model.close()

    assert weights() is None
    assert len(collections) == 1


def test_after_a_failure(model, collections):
    """Garbage is collected where the engine failed at work, as the traceback of that may hold the weights."""

    class Clock:
        latencies_s = cpu_s = ()

        def __call__(self):
            raise RuntimeError

    with pytest.raises(TranscriptionError):
        model.timed(Item, Clock(), call_rounds)

    model.close()

    assert len(collections) == 1


@pytest.mark.parametrize(("says", "times"), [((False, False), 0), ((False, True), 1)])
def test_two_models(parrot, collections, says, times):
    """Models that were timed in turn are closed alike."""
    models = {}
    for place, one in enumerate(says):
        models[str(place)] = loaded = engine("parrot").load(replace(parrot, id=str(place)), "cpu")
        loaded.is_cyclic = one

    release(models)

    assert models == {}
    assert len(collections) == times
