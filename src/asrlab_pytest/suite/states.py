"""What a run knows about its models besides their observations."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from asrlab_pytest.tasks import NOUNS

if TYPE_CHECKING:
    from asrlab_pytest.records.state import ModelState
    from asrlab_pytest.suite.suite import Suite


def model_states(suite: Suite, known: Mapping[str, ModelState], observed: Collection[str]) -> dict[str, ModelState]:
    """Status and load times of every chosen model of the tasks that are in use, and of those that a test named.

    Args:
        suite: What is evaluated.
        known: What is known about the models that tests requested, by model id.
        observed: Ids of the models that transcribed.
    """
    states: dict[str, ModelState] = {}
    tasks = {suite.registry[model].task for model in known}
    chosen = (spec.id for spec in suite.models if spec.task in tasks)
    for model in dict.fromkeys([*chosen, *known]):
        spec = suite.registry[model]
        status = suite.statuses.of(spec)
        plain: ModelState = {"status": status.readiness.value, "reason": status.reason, "hint": status.hint}
        states[model] = {"task": spec.task, **known.get(model, plain)}
        if model not in observed and status.is_ready and not suite.samples_for(spec):
            states[model] = {**states[model], "status": f"no {NOUNS[spec.task]}s for it"}
    return states
