"""From settings to items: which cases are generated, and in which order they run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.running.session import SESSION, Session
from asrlab_pytest.visible import as_id

if TYPE_CHECKING:
    from asrlab_pytest.models.spec import ModelSpec, Task
    from asrlab_pytest.running.suite import Suite

MODELS: Mapping[str, Task] = {
    "asr_model": "recognition",
    "tts_model": "synthesis",
    "conversation_model": "conversation",
}
"""Fixtures that are a model under test, and its task."""
ITEMS: Mapping[str, Task] = {
    "asr_clip": "recognition",
    "tts_prompt": "synthesis",
    "conversation_dialogue": "conversation",
}
"""Fixtures that are what a model of a task is evaluated on."""
MEASURING: Mapping[str, Task] = {
    "asr_speed": "recognition",
    "asr_memory": "recognition",
    "tts_speed": "synthesis",
    "tts_memory": "synthesis",
    "conversation_speed": "conversation",
    "conversation_memory": "conversation",
}
"""Fixtures that measure a model in a way of their own, and observe nothing."""
GATES: Mapping[str, Task] = {
    "asr_regression": "recognition",
    "tts_regression": "synthesis",
    "conversation_regression": "conversation",
    **MEASURING,
}
"""Fixtures that compare a model with something; a test that uses one comes after all cases."""
PARAMETRIZED: Mapping[str, Task] = {**MODELS, **ITEMS, **GATES}
AUDIT = "asr_audit"
"""The fixture that looks at the clips themselves."""
REFUSAL = "asrlab_refusal"
"""Key of what a worker of xdist sends when it ends."""


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Parametrize a test that uses a model, a clip or the like, by id. What the test states itself is left alone.

    Two calls, not one of pairs: pytest then groups a session-scoped model's tests across modules.
    """
    wanted = [name for name in PARAMETRIZED if name in metafunc.fixturenames]
    wanted = [name for name in wanted if name not in _stated(metafunc.definition)]
    if not wanted:
        return
    session = metafunc.config.stash[SESSION]
    try:
        ids = {name: _ids(session.suite, name) for name in wanted}
    except AsrlabError as error:
        session.error = error
        return
    for name, own in ids.items():
        nothing = pytest.mark.skip(reason=_no_model(PARAMETRIZED[name]))
        parameters: list[Any] = [*own] or [pytest.param(None, marks=nothing)]
        metafunc.parametrize(name, parameters, ids=[*map(as_id, own)] or ["none"], indirect=True)


def _ids(suite: Suite, name: str) -> list[str]:
    """What a fixture is parametrized with.

    Raises:
        AsrlabError: the clips, prompts or dialogues that it is evaluated on cannot be read.
    """
    task = PARAMETRIZED[name]
    models = [spec.id for spec in suite.models_of(task)]
    items = [item.id for item in suite.items_of(task)] if models else []
    return items if name in ITEMS else models


def _no_model(task: Task) -> str:
    return f"no model of {task} is chosen (mend: --asr-model, or model in [tool.asrlab]; see: asrlab models)"


def _stated(definition: pytest.Item) -> set[str]:
    """The argument names that the test's own parametrize marks name."""
    names: set[str] = set()
    for mark in definition.iter_markers("parametrize"):
        argnames = mark.args[0] if mark.args else mark.kwargs["argnames"]
        names.update(part.strip() for part in (argnames.split(",") if isinstance(argnames, str) else argnames))
    return names


def only_meant(config: pytest.Config, made: list[Any]) -> list[Any]:
    """The items of a function, less the cases whose clip is outside what the model is meant for."""
    return [item for item in made if _is_meant(config, item)]


def _is_meant(config: pytest.Config, item: Any) -> bool:
    model_id, item_id = _first(item, MODELS), _first(item, ITEMS)
    if model_id is None or item_id is None:
        return True
    session = config.stash[SESSION]
    try:
        suite = session.suite
        spec = suite.registry[model_id]
        chosen = suite.by_id_of(spec.task).get(item_id)
    except AsrlabError as error:
        session.error = error
        return True
    return chosen is None or suite.is_meant(spec, chosen)


def _first(item: Any, names: Iterable[str]) -> str | None:
    """The first of these parameters that an item has."""
    return next((found for name in names if (found := parameter(item, name)) is not None), None)


def parameter(item: Any, name: str) -> str | None:
    """The id that an item was parametrized with."""
    callspec = getattr(item, "callspec", None)
    value = callspec.params.get(name) if callspec is not None else None
    return value if isinstance(value, str) else None


def check(session: Session, items: list[pytest.Item]) -> None:
    """See that there is something to score and to compare with, when all items are known."""
    if session.error is not None:
        return
    try:
        registry = session.suite.registry if any(map(model_of, items)) else None
        if registry is not None:
            from asrlab_pytest.running.hearing import refuse_deaf

            tasks = {registry[model].task for model in filter(None, map(model_of, items))}
            session.suite.refuse_missing(tasks)
            refuse_deaf(session.suite, tasks)
            session.suite.refuse_foreign(tasks)
    except AsrlabError as error:
        session.error = error


def refuse(session: Session, items: list[pytest.Item]) -> None:
    """End the run with the mistake that was found. A worker of xdist runs nothing, and sends it word for word."""
    if not session.is_worker:
        raise pytest.UsageError(str(session.error))
    items.clear()
    session.config.workeroutput[REFUSAL] = str(session.error)  # type: ignore[attr-defined]


def is_asr(item: pytest.Item) -> bool:
    """Whether an item evaluates a model."""
    return model_of(item) is not None


def model_of(item: pytest.Item) -> str | None:
    """Id of the model that an item evaluates."""
    return _first(item, (*MODELS, *GATES))


def is_gate(item: pytest.Item) -> bool:
    """Whether an item compares a model with something."""
    return _first(item, GATES) is not None


def prepare(pytest_session: pytest.Session) -> None:
    """Order the cases, fetch what is missing, and begin the record, when all items are known."""
    session = pytest_session.config.stash[SESSION]
    items = [item for item in pytest_session.items if is_asr(item)]
    session.unserved = {task for item in pytest_session.items for task in _unserved(item)}
    if not items or session.error is not None:
        return
    _group_by_model(pytest_session.items)
    session.is_audited = _audit_first(pytest_session.items)
    session.expected.update(item.nodeid for item in items)
    session.collected_tasks.update(session.suite.registry[model].task for model in filter(None, map(model_of, items)))
    if session.is_looking:
        return
    if session.is_audited:
        _audit(session)
    session.plan = _plan(session, items)
    used = {model_of(item) for item in items}
    is_heard = session.suite.recording is None and {"synthesis", "conversation"} & session.collected_tasks
    judges = [session.suite.judge] if is_heard else []
    _fetch(session, [*(spec for spec in session.suite.models if spec.id in used), *judges])
    try:
        session.refuse_foreign_outputs()
        session.start_record()
    except AsrlabError as error:
        raise pytest.UsageError(str(error)) from None


def _unserved(item: pytest.Item) -> set[Task]:
    """The tasks that an item is to evaluate and that no chosen model does."""
    callspec = getattr(item, "callspec", None)
    parameters = callspec.params if callspec is not None else {}
    return {task for name, task in PARAMETRIZED.items() if parameters.get(name, "") is None}


def _plan(session: Session, items: list[pytest.Item]) -> dict[str, list[str]]:
    """Ids of the clips that each model is to transcribe, in the order of the corpus."""
    suite = session.suite
    wanted: dict[str, set[str]] = {}
    for item in items:
        model_id, item_id = model_of(item), _first(item, ITEMS)
        assert model_id is not None
        if _first(item, MEASURING) is not None:
            continue
        if suite.status(suite.registry[model_id]).is_ready:
            wanted.setdefault(model_id, set()).update(_to_observe(suite, suite.registry[model_id], item_id))
    return {
        model: [one for one in suite.by_id_of(suite.registry[model].task) if one in ids - suite.excluded_of(model)]
        for model, ids in wanted.items()
    }


def _to_observe(suite: Suite, spec: ModelSpec, item_id: str | None) -> set[str]:
    """Ids of what a test observes a model on: one item, or all, less what the judge is not meant for."""
    from asrlab_pytest.running.hearing import heard_items, why_left_out

    if item_id is None:
        return {item.id for item in heard_items(suite, spec)}
    item = suite.by_id_of(spec.task).get(item_id)
    return set() if item is None or why_left_out(suite, item, spec.task) is not None else {item_id}


def _group_by_model(items: list[pytest.Item]) -> None:
    """Bring each model's items together, cases before corpus figures, gates after all; other tests keep their places.

    Plugins that shuffle or put failures first would otherwise load models again and again. A case comes first so that
    its one transcription is the one that pytest-benchmark times. A gate judges all models as one family.
    """
    places = [place for place, item in enumerate(items) if is_asr(item)]
    asr_items = [items[place] for place in places]
    rank = {model: rank for rank, model in reversed([*enumerate(map(model_of, asr_items))])}
    asr_items.sort(key=lambda item: (is_gate(item), rank[model_of(item)], _first(item, ITEMS) is None))
    for place, item in zip(places, asr_items, strict=True):
        items[place] = item


def _audit(session: Session) -> None:
    """Look at the clips now, so that every worker of xdist sets the same ones aside before it asks a model."""
    try:
        session.audit  # noqa: B018
    except AsrlabError as error:
        raise pytest.UsageError(str(error)) from None


def _audit_first(items: list[pytest.Item]) -> bool:
    """Bring what looks at the clips themselves before all that looks at models; whether there is any."""
    audits = [item for item in items if AUDIT in getattr(item, "fixturenames", ()) and not is_asr(item)]
    place = next((place for place, item in enumerate(items) if is_asr(item)), 0)
    others = [item for item in items[:place] if item not in audits]
    items[:] = [*others, *audits, *(item for item in items[place:] if item not in audits)]
    return any(AUDIT in getattr(item, "fixturenames", ()) for item in items)


def _fetch(session: Session, models: list[ModelSpec]) -> None:
    """Download missing weights, with the progress bar on the screen."""
    suite = session.suite
    lacking = [spec for spec in models if suite.can_fetch(spec)]
    if not lacking:
        return
    capture: Any = session.config.pluginmanager.getplugin("capturemanager")
    for spec in lacking:
        with capture.global_and_fixture_disabled():
            suite.fetch(spec)
