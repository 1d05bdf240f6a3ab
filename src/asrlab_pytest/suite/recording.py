"""The contents of a record that is scored: its models and their cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrlab_pytest.errors import ConfigError, ModelError
from asrlab_pytest.models.registry import Registry, is_glob

if TYPE_CHECKING:
    from asrlab_pytest.models.spec import ModelSpec
    from asrlab_pytest.records.cover import Present
    from asrlab_pytest.records.observation import Observation
    from asrlab_pytest.records.reading import Run
    from asrlab_pytest.settings import Settings
    from asrlab_pytest.suite.suite import Suite
    from asrlab_pytest.tasks import Task


def read_recording(settings: Settings, root: Path) -> Run | None:
    """The record that `--asr-rescore` names; None without that option."""
    if settings.rescore is None:
        return None
    from asrlab_pytest.records.reading import read_observed

    return read_observed(root / Path(settings.rescore).expanduser())


def recorded_tables(observations: Mapping[str, Observation]) -> dict[str, dict[str, Any]]:
    """Tables of models that are known only from a record.

    Args:
        observations: One of each, by model id.
    """
    tables: dict[str, dict[str, Any]] = {}
    for model, observation in observations.items():
        task = observation.task
        name = model.removesuffix(f":{task}")
        table = tables.setdefault(name, {"engine": observation.engine, "weights": "recorded", "tasks": []})
        # The first task is the one whose id is the name.
        tasks = [task, *table["tasks"]] if model == name else [*(table["tasks"] or ["asr"]), task]
        table["tasks"] = list(dict.fromkeys(tasks))
    return tables


def recorded_models(recording: Run, registry: Registry, named: Iterable[str]) -> list[ModelSpec]:
    """The requested models of the record, in its order; all if none is named.

    Raises:
        ModelError: the record has none of that name.
    """
    ids = list(dict.fromkeys(row.model for row in recording.first_pass))
    chosen: set[str] = set()
    for pattern in named:
        matched = _ids(registry, pattern) & {*ids}
        chosen |= matched
        if not matched:
            raise ModelError(f"{recording.path} has no transcript by {pattern!r}", hint=f"choose from {', '.join(ids)}")
    return [registry[model] for model in ids if not named or model in chosen]


def recorded_cases(recording: Run, registry: Registry) -> frozenset[tuple[str, str]]:
    """Model and sample of each case. A model whose task has changed since has no cases."""
    return frozenset((row.model, row.clip) for row in recording.first_pass if registry[row.model].task == row.task)


def uncovered(suite: Suite, tasks: Collection[Task]) -> list[str]:
    """The samples of a scored record that the corpus does not have, in words."""
    if suite.recording is None:
        return []
    from asrlab_pytest.records.cover import removed

    sentences = [*suite.recording.left_out(tail=True), *removed(suite.recording, _present(suite, tasks))]
    absent = _absent(suite, tasks)
    return [*sentences, f"{suite.recording.path} has no transcript by {', '.join(absent)}"] if absent else sentences


def untranscribed(suite: Suite, tasks: Collection[Task]) -> list[str]:
    """The chosen samples without a transcript in a scored record, in words."""
    if suite.recording is None:
        return []
    from asrlab_pytest.records import cover

    return cover.untranscribed(suite.recording, _present(suite, tasks))


def refuse_foreign(suite: Suite, tasks: Collection[Task]) -> None:
    """Fail early if there is nothing to score.

    Args:
        suite: What is evaluated.
        tasks: Those of the run.

    Raises:
        AsrlabError: the record has none of the chosen samples.
    """
    if suite.recording is not None and not any(suite.samples_for(spec) for spec in suite.models if spec.task in tasks):
        manifests = " or ".join(str(suite.listed(task).manifest) for task in sorted(tasks))
        raise ConfigError(
            f"{suite.recording.path} has no transcript of any chosen clip of {manifests}",
            hint="choose the corpus of the record with --asr-corpus, --asr-prompts or --asr-dialogues",
        )


def _absent(suite: Suite, tasks: Collection[Task]) -> list[str]:
    """Models that the project names for these tasks and the record that is scored does not have."""
    recorded = {model for model, _ in suite.recorded}
    named = [_ids(suite.registry, pattern) for pattern in suite.settings.model if not is_glob(pattern)]
    return sorted(model for ids in named if not ids & recorded for model in ids if suite.registry[model].task in tasks)


def _present(suite: Suite, tasks: Collection[Task]) -> dict[Task, Present]:
    """The current samples of each task."""
    from asrlab_pytest.records.cover import Present

    return {
        task: Present(suite.models_of(task), suite.chosen(task), suite.listed(task).by_id, suite.listed(task).manifest)
        for task in sorted(tasks)
    }


def _ids(registry: Registry, pattern: str) -> set[str]:
    """Ids of the models that a pattern names, for each of their tasks; empty if there are none."""
    with suppress(ModelError):
        return {spec.id for spec in registry.select((pattern,))}
    return set()
