"""One line on what a run evaluates: in the header, or below the count of tests if it depends on them."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from asrlab_pytest.errors import AsrlabError, ConfigError
from asrlab_pytest.options import asked_for
from asrlab_pytest.tasks import LISTS, SPOKEN

if TYPE_CHECKING:
    import pytest

    from asrlab_pytest.session.session import Session

DEFAULTS: Mapping[str, str] = {
    "corpus": "fixtures/audio",
    "prompts": "fixtures/prompts",
    "dialogues": "fixtures/dialogues",
    "device": "auto",
}
"""What holds where nothing is asked for: of `Settings`, which is too heavy for a run that evaluates nothing."""
_RECOGNITION = frozenset({"asr"})


def at_the_start(session: Session) -> str | None:
    """The header's line; None if nothing is evaluated, or if it depends on the tests."""
    asked = _asked(session.config)
    if asked is None:
        return None
    tasks = _tasks_of(asked)
    # Workers of xdist collect the tests, and the controller learns too late what they collected.
    return _line(session, asked, tasks) if tasks <= _RECOGNITION or session.is_controller else None


def when_collected(session: Session) -> str | None:
    """The same where a chosen model speaks: what the tests of this run evaluate, and its judge."""
    config = session.config
    asked = _asked(config)
    is_quiet = config.get_verbosity() < 0 or getattr(config.option, "no_header", False)
    if asked is None or is_quiet or not session.collected_tasks or _tasks_of(asked) <= _RECOGNITION:
        return None
    return _line(session, asked, session.collected_tasks)


def _asked(config: pytest.Config) -> Mapping[str, Any] | None:
    """What the command line and the project ask for; None if that is nothing, or nonsense."""
    try:
        asked = asked_for(config)
    except ConfigError:
        return None
    return asked if asked and isinstance(asked.get("model", []), list) else None


def _line(session: Session, asked: Mapping[str, Any], tasks: AbstractSet[str]) -> str:
    every = [str(model) for model in asked.get("model", [])]
    models = [model for model in every if {*tasks} & _tasks(model, asked)] if tasks else every
    keys = [LISTS[task] for task in LISTS if task in tasks] or ["corpus"]
    parts = [f"{key} {asked.get(key, DEFAULTS[key])}" for key in (*keys, "device")]
    if asked.get("shard") is not None:
        parts.insert(-1, f"shard {asked['shard']}")
    if not tasks.isdisjoint(SPOKEN):
        parts.insert(-1, f"judge {asked.get('judge') or _default_judge(session)}")
    return f"asrlab: models {', '.join(models) or 'default set'}; {'; '.join(parts)}"


def _default_judge(session: Session) -> str:
    """The judge of a run that names none; a run that is wrong says so elsewhere."""
    try:
        return session.suite.judge.id
    except AsrlabError:
        return "default"


def _tasks_of(asked: Mapping[str, Any]) -> set[str]:
    """The tasks of the chosen models, by unchecked tables. The default models are ASR models."""
    return {task for model in asked.get("model", []) for task in _tasks(str(model), asked)}


def _tasks(pattern: str, asked: Mapping[str, Any]) -> set[str]:
    """The tasks of the models that an id or a glob names, with or without a task behind it."""
    from asrlab_pytest.models.catalog import catalog

    model_tables = asked.get("models")
    tables = {**catalog(), **(model_tables if isinstance(model_tables, dict) else {})}
    tasks = set()
    for name, table in tables.items():
        listed = table.get("tasks", catalog().get(name, {}).get("tasks")) if isinstance(table, dict) else None
        for task in listed if isinstance(listed, list) else ["asr"]:
            if pattern == name or fnmatchcase(name, pattern) or fnmatchcase(f"{name}:{task}", pattern):
                tasks.add(str(task))
    return tasks
