"""The lines above the tests: what the run evaluates, and how to continue one that did not finish."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrlab_pytest.errors import AsrlabError, ConfigError
from asrlab_pytest.options import asked_for
from asrlab_pytest.secrets import without_secrets
from asrlab_pytest.tasks import LISTS, SPOKEN
from asrlab_pytest.wording import many

if TYPE_CHECKING:
    import pytest

    from asrlab_pytest.records.run import Run
    from asrlab_pytest.session.session import Session

DEFAULTS: Mapping[str, str] = {
    "corpus": "fixtures/audio",
    "prompts": "fixtures/prompts",
    "dialogues": "fixtures/dialogues",
    "device": "auto",
}
"""What holds where nothing is asked for: of `Settings`, which is too heavy for a run that evaluates nothing."""
_RECOGNITION = frozenset({"asr"})
_TAIL = 65_536
"""Bytes in which the last line of a record that finished begins."""


def at_the_start(session: Session) -> str | None:
    """What a run evaluates, in the header; None if that is nothing, or depends on the tests."""
    asked = _asked(session.config)
    if asked is None:
        return None
    tasks = _tasks_of(asked)
    # Workers of xdist collect the tests, and the controller learns too late what they collected.
    return _line(session, asked, tasks) if tasks <= _RECOGNITION or session.is_controller else None


def when_collected(session: Session) -> str | None:
    """The same below the count of tests, where a chosen model speaks: what they evaluate, and the judge."""
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
    if asked.get("rescore"):
        parts[-1] = f"texts of {asked['rescore']}, no model is run"
    if not tasks.isdisjoint(SPOKEN):
        parts.insert(-1, f"judge {asked.get('judge') or _default_judge(session)}")
    return without_secrets(f"asrlab: models {', '.join(models) or 'default set'}; {'; '.join(parts)}")


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
    """The tasks of the models that an id or a glob names, with or without a task after it."""
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


def unfinished(session: Session) -> str | None:
    """How to continue the last run, if it did not finish, such as by a crash; None if this one resumes it."""
    if not session.collected_tasks or session.is_looking:
        return None
    with suppress(AsrlabError, OSError):
        settings = session.suite.settings
        if settings.resume or settings.rescore is not None:
            return None
        paths = session.store.paths() if session.store is not None else []
        return _sentence(paths[-1]) if paths else None
    return None


def _sentence(path: Path) -> str | None:
    from asrlab_pytest.records.store import begun

    if begun(path) is None or _is_ended(path):
        return None
    from asrlab_pytest.records.pruning import has_process
    from asrlab_pytest.records.reading import read_run

    if has_process(path):
        return None
    last = read_run(path, empty=True, ambiguous=True)
    cases = {(row.model, row.clip) for row in last.first_pass}
    if not cases or _is_complete(last, len(cases)):
        return None
    return (
        f"asrlab: the last run did not finish: {many(len(cases), 'transcript')} "
        f"{'is' if len(cases) == 1 else 'are'} kept, and --asr-resume continues from there\n"
        "  hint: if a model crashed it, isolate = true in [tool.asrlab.models] lets a crash cost one clip"
    )


def _is_ended(path: Path) -> bool:
    """Whether a record has its last line."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    return tail.rstrip(b"\n").rpartition(b"\n")[2].startswith(b'{"kind": "end"')


def _is_complete(run: Run, cases: int) -> bool:
    """Whether nothing of what was planned is missing, so that there is nothing to continue."""
    plan = run.environment.plan if run.environment else None
    return plan is not None and sum(map(len, plan.values())) <= cases
