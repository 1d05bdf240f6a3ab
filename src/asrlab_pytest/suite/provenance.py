"""What a record says of a run before its first observation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from asrlab_pytest.records.environment import Environment, Listing
from asrlab_pytest.tasks import LISTS, TASKS

if TYPE_CHECKING:
    from pathlib import Path

    from asrlab_pytest.protocols.normalization.choice import Normalizations
    from asrlab_pytest.settings import Settings
    from asrlab_pytest.suite.suite import Suite
    from asrlab_pytest.tasks import Task


def run_environment(suite: Suite, plan: Mapping[str, Sequence[str]] | None, tasks: Collection[Task]) -> Environment:
    """Machine, software, settings, corpus, protocols and plan of a run.

    Args:
        suite: What is evaluated.
        plan: Ids of the clips that each model is to transcribe; None if they are not known.
        tasks: What the run evaluates.
    """
    from asrlab_pytest.records.plain import plain
    from asrlab_pytest.records.private import without_folder

    texts = {(item.language, item.normalization) for task in tasks for item in suite.chosen(task)}
    first_line = {
        **scored_here(suite.root, suite.settings, suite.normalizations, texts),
        "corpus": None,
        **{LISTS[task]: _listed(suite, task) for task in TASKS if task in tasks},
        "plan": plain(plan),
        **({"excluded": without_folder(suite.excluded, suite.root)} if suite.excluded else {}),
        "seeds": {"order": suite.settings.seed},
    }
    return Environment.model_validate(first_line)


def scored_here(
    root: Path, settings: Settings, normalizations: Normalizations, texts: Collection[tuple[str | None, str | None]]
) -> dict[str, object]:
    """What a record says of a run whatever was evaluated: machine, software, settings and protocols, as plain JSON.

    Args:
        root: The project's folder.
        settings: The project's.
        normalizations: The rules to choose from.
        texts: Language and stated normalization of each text that is scored.
    """
    from asrlab_pytest.measure.environment import environment
    from asrlab_pytest.protocols.entities import signature
    from asrlab_pytest.records.plain import plain
    from asrlab_pytest.records.upgrading import SCHEMA
    from asrlab_pytest.secrets import redacted_settings

    return {
        "kind": "environment",
        "schema": SCHEMA,
        **environment(root),
        "settings": redacted_settings(plain(asdict(settings))),
        "protocols": {
            "normalization": sorted({normalizations.choose(*text).signature for text in texts}),
            "entities": sorted({signature(language, settings.entities) for language, _ in texts}),
        },
    }


def _listed(suite: Suite, task: Task) -> Listing:
    """Name, digest and numbers of what lists the samples of a task."""
    samples, models = suite.listed(task), suite.models_of(task)
    chosen = sum(any(suite.is_meant(spec, item) for spec in models) for item in suite.selected(task))
    return Listing(name=samples.name, manifest_sha256=samples.sha256, listed=len(samples.by_id), chosen=chosen)
