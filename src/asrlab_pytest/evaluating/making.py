"""What the fixtures of every task are made of: a handle for the session, cases, pools, and the bounds that apply."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol, TypeVar

import pytest

from asrlab_pytest.hints import hint
from asrlab_pytest.models.spec import NOUNS
from asrlab_pytest.running.keys import CASE, CHECKED, session_of

if TYPE_CHECKING:
    from asrlab_pytest.corpus.samples import Sample
    from asrlab_pytest.evaluating.case import Case
    from asrlab_pytest.evaluating.evaluation import Pool
    from asrlab_pytest.evaluating.memory import AsrMemory
    from asrlab_pytest.evaluating.regression import AsrRegression
    from asrlab_pytest.evaluating.speed import AsrSpeed
    from asrlab_pytest.gates.judge import Layer
    from asrlab_pytest.measure.handle import ModelHandle
    from asrlab_pytest.measure.on_demand import Timer
    from asrlab_pytest.models.spec import ModelSpec, Status, Task
    from asrlab_pytest.running.session import Session
    from asrlab_pytest.thresholds import AnyThresholds

    class Bounded(Sample, Protocol):
        """An item that can have thresholds of its own."""

        @property
        def thresholds(self) -> AnyThresholds: ...

    AnyCase = TypeVar("AnyCase", bound=Case)
    AnyPool = TypeVar("AnyPool", bound=Pool)


def session_model(session: Session, model_id: str) -> Iterator[ModelHandle]:
    """A model under test while its cases run; loaded when its first is asked for. One that is not ready is skipped."""
    spec = session.suite.registry[model_id]
    status = session.suite.status(spec)
    skip_unready(spec, status)
    if spec.task == "recognition":
        session.dismiss_judge()
    handle = session.handles[spec.id] = session.handle(spec)
    yield handle
    handle.repeat()
    handle.close()


def skip_unready(spec: ModelSpec, status: Status) -> None:
    """Skip a test of a model that is not ready, with the same words whatever the test is, so that pytest folds them."""
    if not status.is_ready:
        pytest.skip(f"{spec.id}: {status}" + (f" (hint: {hint(status.mend)})" if status.mend else ""))


def case_of(
    kind: type[AnyCase], request: pytest.FixtureRequest, model: ModelHandle, item: Bounded, timer: Timer
) -> AnyCase:
    """A case of the test that asks, under the bounds of its marks, the item, the model and the project."""
    from asrlab_pytest.gates.judge import Layer

    suite = session_of(request.config).suite
    spec = model.spec
    case = kind(
        model,
        item,
        layers=[
            *_marked(request.node, spec.task),
            Layer(NOUNS[spec.task], item.thresholds),
            Layer("model", spec.case_bounds),
            Layer("project", suite.settings.bounds_of(spec.task).thresholds),
        ],
        timer=timer,
        known_failure=suite.settings.known_failure(model.id, item.id),
        rules=suite.rules,
    )
    request.node.stash[CASE] = case
    request.node.stash.setdefault(CHECKED, []).append(case)
    return case


def pool_of(kind: type[AnyPool], request: pytest.FixtureRequest, model: ModelHandle) -> AnyPool:
    """The pooled figures of a model, under the bounds of the test's marks, the model and the project."""
    from asrlab_pytest.gates.judge import Layer

    suite = session_of(request.config).suite
    spec = model.spec
    pool = kind(
        model,
        layers=[
            *_marked(request.node, spec.task),
            Layer("model", spec.pooled_bounds),
            Layer("project", suite.settings.bounds_of(spec.task).corpus_thresholds),
        ],
        rules=suite.rules,
    )
    request.node.stash.setdefault(CHECKED, []).append(pool)
    return pool


def regression_of(request: pytest.FixtureRequest) -> AsrRegression:
    """The accuracy gate of the model that the test is parametrized with."""
    from asrlab_pytest.evaluating.regression import AsrRegression, regression_gate

    session = session_of(request.config)
    return AsrRegression(regression_gate(session, request.param), session.suite.settings.undecided, request.node)


def speed_of(request: pytest.FixtureRequest) -> AsrSpeed:
    """The speed gate of the model that the test is parametrized with."""
    from asrlab_pytest.evaluating.speed import AsrSpeed, speed_gate

    session = session_of(request.config)
    return AsrSpeed(speed_gate(session, request.param), session.suite.settings.undecided, request.node)


def memory_of(request: pytest.FixtureRequest) -> AsrMemory:
    """The memory gate of the model that the test is parametrized with."""
    from asrlab_pytest.evaluating.memory import AsrMemory, memory_gate

    session = session_of(request.config)
    return AsrMemory(memory_gate(session, request.param), session.suite.settings.undecided, request.node)


def _marked(item: pytest.Item, task: Task) -> list[Layer]:
    """The thresholds of the item's `asr` marks, the closest first."""
    from asrlab_pytest.gates.judge import Layer
    from asrlab_pytest.thresholds import OF_TASK

    layers = []
    for mark in item.iter_markers("asr"):
        try:
            OF_TASK[task].refuse_unknown(mark.kwargs)
            layers.append(Layer("mark", OF_TASK[task](*mark.args, **mark.kwargs)))
        except (TypeError, ValueError) as error:
            raise pytest.fail.Exception(f"{item.nodeid}: @pytest.mark.asr: {error}", pytrace=False) from None
    return layers
