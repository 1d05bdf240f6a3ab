"""From settings to items: which cases are generated, and in which order they run."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from asrlab_pytest.errors import AsrlabError, ConfigError
from asrlab_pytest.session.beginning import begun_session
from asrlab_pytest.session.current import session_of
from asrlab_pytest.session.keys import (
    AUDIT,
    DROPPED,
    GATES,
    MEASURING,
    MODELS,
    NARROWED,
    PARAMETRIZED,
    REFUSAL,
    SAMPLES,
)
from asrlab_pytest.session.planned import plan_of
from asrlab_pytest.session.session import Session
from asrlab_pytest.session.warned import warned
from asrlab_pytest.tasks import LISTS, SPOKEN
from asrlab_pytest.visible import as_id

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

    from asrlab_pytest.models.spec import ModelSpec
    from asrlab_pytest.suite.statuses import Statuses
    from asrlab_pytest.suite.suite import Suite
    from asrlab_pytest.tasks import Task


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Parametrize a test that uses a model, a clip or the like, by id. What the test states itself is left alone.

    Two calls, not one of pairs: pytest then groups a session-scoped model's tests across modules.
    """
    session = begun_session(metafunc.config)
    wanted = [name for name in PARAMETRIZED if name in metafunc.fixturenames]
    wanted = [name for name in wanted if name not in stated_arguments(metafunc.definition)]
    if not wanted:
        return
    try:
        ids = {name: _ids(session.suite, name) for name in wanted}
    except AsrlabError as error:
        session.error = error
        return
    _set_aside(session)
    for name, sample_ids in ids.items():
        parameters: list[Any] = [*sample_ids] or [_nothing(session.suite, PARAMETRIZED[name])]
        metafunc.parametrize(name, parameters, ids=[*map(as_id, sample_ids)] or ["none"], indirect=True)


def _set_aside(session: Session) -> None:
    """Keep the garbage collector from what lasts as long as the run: the loaded code, the corpus, and the items.

    It walks through all of that again and again while thousands of items are made and run, and none of it is garbage.
    """
    if not session.is_set_aside:
        session.is_set_aside = True
        session.guards.callback(gc.unfreeze)
    gc.freeze()


def _ids(suite: Suite, name: str) -> list[str]:
    """What a fixture is parametrized with.

    Raises:
        AsrlabError: the clips, prompts or dialogues that it is evaluated on cannot be read.
    """
    task = PARAMETRIZED[name]
    models = [spec.id for spec in suite.models_of(task)]
    items = [item.id for item in suite.chosen(task)] if models else []
    return items if name in SAMPLES else models


def _nothing(suite: Suite, task: Task) -> ParameterSet:
    """What a test is parametrized with where no chosen model does its task."""
    from asrlab_pytest.suite.mistakes import why_unserved

    return pytest.param(None, marks=pytest.mark.skip(reason=why_unserved(suite, (task,))))


def stated_arguments(definition: pytest.Item) -> set[str]:
    """The argument names that the test's own parametrize marks name."""
    names: set[str] = set()
    for mark in definition.iter_markers("parametrize"):
        argnames = mark.args[0] if mark.args else mark.kwargs["argnames"]
        names.update(part.strip() for part in (argnames.split(",") if isinstance(argnames, str) else argnames))
    return names


def only_meant(config: pytest.Config, items: list[Any]) -> list[Any]:
    """The items of a function, less the cases whose clip is outside what the model is meant for."""
    session = session_of(config)
    return [item for item in items if _is_meant(session, item)]


def _is_meant(session: Session, item: Any) -> bool:
    model_id, item_id = _first(item, MODELS), _first(item, SAMPLES)
    if model_id is None or item_id is None:
        return True
    try:
        suite = session.suite
        spec = suite.registry[model_id]
        chosen = suite.listed(spec.task).by_id.get(item_id)
    except AsrlabError as error:
        session.error = error
        return True
    is_meant = chosen is None or suite.is_meant(spec, chosen)
    if not is_meant:
        session.left_out.add(model_id)
    return is_meant


def _first(item: Any, names: Mapping[str, Task]) -> str | None:
    """The first of these parameters that an item has. Asked several times of each case, and most have two in all."""
    callspec = getattr(item, "callspec", None)
    if callspec is None:
        return None
    values = callspec.params
    first: str | None = None
    for name in values:
        if name in names and isinstance(values[name], str):
            if first is not None:
                return next(value for name in names if isinstance(value := values.get(name), str))
            first = values[name]
    return first


def check(session: Session, items: list[pytest.Item]) -> None:
    """See that there is something to score and to compare with, when all items are known."""
    if session.error is not None:
        from asrlab_pytest.session.mistakes import unread_table

        session.error = unread_table({item.path for item in items}, session.config) or session.error
        return
    try:
        from asrlab_pytest.session.files import refuse_shared_files
        from asrlab_pytest.session.mistakes import refuse_forks, refuse_idle_marks, refuse_unread_tables

        refuse_idle_marks(items)
        if not (session.left_out or any(map(_is_audit, items)) or any(map(is_asr, items))):
            return
        models = set(filter(None, map(model_of, items)))
        tests = {item.path for item in items}
        refuse_unread_tables(tests, session.suite.root)
        refuse_forks(filter(is_asr, items))
        refuse_shared_files(session.config, session.suite, session.collected_tasks, tests)
        if not models and session.left_out:
            from asrlab_pytest.suite.mistakes import refuse_no_sample

            left_out = {session.suite.registry[model].task for model in session.left_out}
            session.suite.statuses.refuse_missing(session.suite.models, left_out, narrowed=bool(session.narrowing))
            _warn(session, refuse_no_sample(session.suite, left_out, narrowed=bool(session.narrowing)))
        if models:
            from asrlab_pytest.session.baseline import refuse_no_baseline
            from asrlab_pytest.session.mistakes import (
                doubts,
                other_judge,
                refuse_misspelt_marks,
                refuse_wrong_marks,
                unknown_failures,
            )
            from asrlab_pytest.suite.judging import refuse_unready_judge
            from asrlab_pytest.suite.mistakes import refuse_no_sample, refuse_unknown_languages
            from asrlab_pytest.suite.recorded_cover import refuse_foreign

            tasks = {session.suite.registry[model].task for model in models}
            refuse_misspelt_marks(filter(is_asr, items))
            refuse_wrong_marks(items)
            session.suite.statuses.refuse_missing(session.suite.models, tasks, narrowed=bool(session.narrowing))
            refuse_unready_judge(session.suite, tasks)
            refuse_foreign(session.suite, tasks)
            refuse_no_baseline(session.suite, tasks, session.narrowing)
            _warn(session, refuse_no_sample(session.suite, tasks, narrowed=bool(session.narrowing)))
            refuse_unknown_languages(session.suite, tasks)
            if session.is_first:
                # The project's table is not about samples that the command line names instead.
                listed = {task for task in tasks if session.config.getoption(f"asr_{LISTS[task]}", None) is None}
                slips = (
                    *doubts(session.suite, tasks),
                    *other_judge(session.suite, tasks),
                    *unknown_failures(session.suite, listed),
                )
                _warn(session, dict.fromkeys(slips))
    except AsrlabError as error:
        session.error = error
    except OSError as error:
        session.error = _unusable(error)


def _unusable(error: OSError) -> ConfigError:
    """What is wrong with a path that a person wrote, such as a name that is too long."""
    return ConfigError(f"{error.filename}: {error.strerror}", hint="choose another path")


def _warn(session: Session, doubts: Iterable[str]) -> None:
    """Warn of what is likely a slip, in one process of the run."""
    for words in doubts:
        if session.is_first:
            warned(session.config, words)


def refuse(session: Session, items: list[pytest.Item]) -> None:
    """End the run with the mistake that was found. A worker of xdist runs nothing, and sends it word for word."""
    from asrlab_pytest.session.files import spare_others

    spare_others(session.config)
    if not session.is_worker:
        raise pytest.UsageError(str(session.error))
    items.clear()
    session.config.workeroutput[REFUSAL] = str(session.error)  # type: ignore[attr-defined]


def deselected(items: Sequence[pytest.Item]) -> None:
    """Note that tests of models were left out; a worker of xdist reports it to its controller."""
    of_models = [item for item in items if is_asr(item)]
    if of_models:
        session = session_of(of_models[0].config)
        session.deselected.update(of_models)
        session.narrowing.has_deselected = True
        if session.is_worker:
            session.config.workeroutput[NARROWED] = True  # type: ignore[attr-defined]


def dropped(session: Session, before: Sequence[pytest.Item], after: Sequence[pytest.Item]) -> None:
    """Note tests of models that were removed from the list without being deselected; a worker of xdist reports it."""
    if session.error is not None:
        return
    remaining = set(after)
    session.dropped += [
        item.nodeid for item in before if item not in remaining and item not in session.deselected and is_asr(item)
    ]
    if session.is_first and session.is_worker:
        session.config.workeroutput[DROPPED] = session.dropped  # type: ignore[attr-defined]


def is_asr(item: pytest.Item) -> bool:
    """Whether an item evaluates a model."""
    return model_of(item) is not None


def model_of(item: pytest.Item) -> str | None:
    """Id of the model that an item evaluates."""
    return _first(item, _SUBJECTS)


_SUBJECTS = {**MODELS, **GATES}


def is_gate(item: pytest.Item) -> bool:
    """Whether an item compares a model with something."""
    return _first(item, GATES) is not None


def prepare(pytest_session: pytest.Session) -> None:
    """Order the cases, fetch what is missing, and begin the record, when all items are known."""
    session = session_of(pytest_session.config)
    models = {item: model for item in pytest_session.items if (model := model_of(item)) is not None}
    session.unserved = {task for item in pytest_session.items for task in _unserved(item)}
    if not models or session.error is not None:
        return
    _group_by_model(pytest_session.items, models)
    session.is_audited = _audit_first(pytest_session.items)
    session.expected.update(item.nodeid for item in models)
    used = set(models.values())
    session.collected_tasks.update(session.suite.registry[model].task for model in used)
    if session.is_looking:
        return
    _set_aside(session)
    if not session.is_worker:
        from asrlab_pytest.session.waiting import show_progress

        show_progress(session.config)
    if session.is_audited and not _is_audit_done(session, pytest_session.items):
        return
    cases = [(item, model, _first(item, SAMPLES)) for item, model in models.items() if _first(item, MEASURING) is None]
    session.planned.by_model = plan_of(session.suite, [(model, sample) for _, model, sample in cases])
    if session.is_worker:
        session.planned.by_test = {item.nodeid: (model, sample) for item, model, sample in cases if sample is not None}
    is_heard = session.suite.recording is None and not session.collected_tasks.isdisjoint(SPOKEN)
    judges = [session.suite.judge] if is_heard else []
    _fetch(
        session.config, session.suite.statuses, [*(spec for spec in session.suite.models if spec.id in used), *judges]
    )
    from asrlab_pytest.session.documents import replace_earlier

    try:
        replace_earlier(session)
        session.start_record()
    except AsrlabError as error:
        raise pytest.UsageError(str(error)) from None
    except OSError as error:
        raise pytest.UsageError(str(_unusable(error))) from None


def _unserved(item: pytest.Item) -> set[Task]:
    """The tasks that an item is to evaluate and that no chosen model does."""
    callspec = getattr(item, "callspec", None)
    parameters = callspec.params if callspec is not None else {}
    return {PARAMETRIZED[name] for name, value in parameters.items() if value is None and name in PARAMETRIZED}


def _group_by_model(items: list[pytest.Item], models: Mapping[pytest.Item, str]) -> None:
    """Bring each model's items together, cases before corpus figures, gates after all; other tests keep their places.

    Plugins that shuffle or put failures first would otherwise load models again and again. A case comes first so that
    its one transcription is the one that pytest-benchmark times. A gate judges all models as one family; gates of a
    module stay together, and take one line of the terminal.

    Args:
        items: Every item of the run, in its order.
        models: The model of each item that evaluates one.
    """
    places = [place for place, item in enumerate(items) if item in models]
    rank = {model: rank for rank, model in enumerate(dict.fromkeys(models.values()))}
    gates = set(filter(is_gate, models))
    modules = {path: place for place, path in enumerate(dict.fromkeys(item.path for item in models if item in gates))}
    ordered = sorted(
        models,
        key=lambda item: (
            item in gates,
            modules[item.path] if item in gates else 0,
            rank[models[item]],
            _first(item, SAMPLES) is None,
        ),
    )
    for place, item in zip(places, ordered, strict=True):
        items[place] = item


def _is_audit_done(session: Session, items: list[pytest.Item]) -> bool:
    """Look at the clips now, so that every worker of xdist sets the same ones aside before it asks a model.

    Returns:
        False on a worker of a run that cannot be audited.
    """
    try:
        session.audit  # noqa: B018
    except AsrlabError as error:
        session.error = error
        refuse(session, items)
        return False
    return True


def _audit_first(items: list[pytest.Item]) -> bool:
    """Bring what looks at the clips themselves before all that looks at models; whether there is any."""
    auditing = [item for item in items if _is_audit(item)]
    audits = {item for item in auditing if not is_asr(item)}
    if not audits:
        return bool(auditing)
    place = next((place for place, item in enumerate(items) if is_asr(item)), 0)
    others = [item for item in items[:place] if item not in audits]
    items[:] = [*others, *filter(audits.__contains__, items), *(item for item in items[place:] if item not in audits)]
    return True


def _is_audit(item: pytest.Item) -> bool:
    return AUDIT in getattr(item, "fixturenames", ())


def _fetch(config: pytest.Config, statuses: Statuses, models: list[ModelSpec]) -> None:
    """Download missing weights, with the progress bar on the screen."""
    missing = [spec for spec in models if statuses.can_fetch(spec)]
    if not missing:
        return
    capture: Any = config.pluginmanager.getplugin("capturemanager")
    for spec in missing:
        with capture.global_and_fixture_disabled():
            statuses.fetch(spec)
