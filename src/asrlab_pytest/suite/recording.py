"""The contents of a record that is scored: its models and their cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.registry import Registry
from asrlab_pytest.suite.paths import input_at

if TYPE_CHECKING:
    from asrlab_pytest.models.spec import ModelSpec
    from asrlab_pytest.records.observation import Observation
    from asrlab_pytest.records.run import Run
    from asrlab_pytest.settings import Settings
    from asrlab_pytest.tasks import Task


def read_recording(settings: Settings, root: Path) -> Run | None:
    """The record that `--asr-rescore` names; None without that option."""
    if settings.rescore is None:
        return None
    from asrlab_pytest.records.reading import read_observed

    return read_observed(input_at(settings.rescore, root))


def recorded_tables(observations: Mapping[str, Observation]) -> dict[str, dict[str, object]]:
    """Tables of models that are known only from a record.

    Args:
        observations: One of each, by model id.
    """
    tables: dict[str, dict[str, object]] = {}
    tasks: dict[str, list[Task]] = {}
    for model, observation in observations.items():
        task = observation.task
        name = model.removesuffix(f":{task}")
        known = tasks.get(name, [])
        # The first task is the one whose id is the name.
        tasks[name] = list(dict.fromkeys([task, *known] if model == name else [*(known or ["asr"]), task]))
        table = tables.setdefault(name, {"engine": observation.engine, "weights": "recorded"})
        table["tasks"] = tasks[name]
    return tables


def recorded_models(recording: Run, registry: Registry, named: Iterable[str]) -> list[ModelSpec]:
    """The requested models of the record, in its order; all if none is named.

    Raises:
        ModelError: the record has none of that name.
    """
    ids = list(dict.fromkeys(row.model for row in recording.first_pass))
    chosen: set[str] = set()
    for pattern in named:
        matched = ids_of(registry, pattern) & {*ids}
        chosen |= matched
        if not matched:
            raise ModelError(f"{recording.path} has no transcript by {pattern!r}", hint=f"choose from {', '.join(ids)}")
    return [registry[model] for model in ids if not named or model in chosen]


def recorded_cases(recording: Run, registry: Registry) -> frozenset[tuple[str, str]]:
    """Model and sample of each case. A model whose task has changed since has no cases."""
    return frozenset((row.model, row.clip) for row in recording.first_pass if registry[row.model].task == row.task)


def ids_of(registry: Registry, pattern: str) -> set[str]:
    """Ids of the models that a pattern names, for each of their tasks; empty if there are none."""
    with suppress(ModelError):
        return {spec.id for spec in registry.select((pattern,))}
    return set()
