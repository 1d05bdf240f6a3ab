"""What reports tell of a model beside its observations."""

from types import SimpleNamespace

import pytest

from asrlab_pytest.errors import ClipError, ModelError
from asrlab_pytest.inference.handle import ModelHandle
from asrlab_pytest.models.spec import Readiness, Status
from asrlab_pytest.records.state import SelfCheck
from asrlab_pytest.suite.sources import Sources


@pytest.fixture
def handle():
    source = SimpleNamespace(loaded=None, load_error=None, spec=SimpleNamespace(id="polly"))
    return ModelHandle(source, clips=())


@pytest.fixture
def sources(handle):
    suite = SimpleNamespace(
        registry={"polly": "polly"}, statuses=SimpleNamespace(of=lambda _spec: Status(Readiness.READY))
    )
    sources = Sources(suite, None, [print])
    sources.handles["polly"] = handle
    return sources


def test_all_that_becomes_known_is_told(sources, handle):
    """A state tells of each clip that fails, of each self-check and of how the model loads, when it is known."""
    states = [sources.state("polly")]
    handle.errors["one"] = ClipError("no file")
    states.append(sources.state("polly"))
    handle.errors["two"] = ClipError("no sound")
    states.append(sources.state("polly"))
    handle.self_checks["three"] = SelfCheck(clip="three", same_text=True, speedup=2.0)
    states.append(sources.state("polly"))
    handle.source.loaded = SimpleNamespace(load_s=1.5, warmup_s=0.5)
    states.append(sources.state("polly"))
    handle.source.load_error = ModelError("no weights")
    states.append(sources.state("polly"))

    assert [sorted(state.unread) for state in states[:3]] == [[], ["one"], ["one", "two"]]
    assert states[3].self_check == [("three", True, 2.0)]
    assert [states[3].load_s, states[4].load_s] == [None, 1.5]
    assert [states[4].status, states[5].status] == ["ready", "broken"]


def test_a_model_that_is_asked_for_again(sources, handle):
    """Another handle of the model has a state of its own, however alike the two are."""
    handle.errors["one"] = ClipError("no file")
    first = sources.state("polly")
    sources.handles["polly"] = ModelHandle(handle.source, clips=(), errors={"two": ClipError("no file")})

    assert [sorted(first.unread), sorted(sources.state("polly").unread)] == [["one"], ["two"]]


def test_a_model_that_nobody_asked_for(sources):
    """A model without a handle has its status, and changes when it is asked for."""
    handle = sources.handles.pop("polly")
    handle.errors["one"] = ClipError("no file")
    before = sources.state("polly")
    sources.handles["polly"] = handle

    assert (before.status, before.unread) == ("ready", {})
    assert sources.state("polly").unread == {"one": "no file"}
