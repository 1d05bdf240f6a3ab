"""One skip is enough for a model that cannot run: a glob may choose ten such models, each with a thousand clips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asrlab_pytest.session.collecting import model_of, stated_arguments
from asrlab_pytest.session.keys import MODELS

if TYPE_CHECKING:
    import pytest

    from asrlab_pytest.session.session import Session
    from asrlab_pytest.suite.suite import Suite


def skip_once(session: Session, items: list[pytest.Item]) -> None:
    """Leave one test of each function for a model that cannot run: the others would be skipped for the same reason.

    All tests stay if they are only listed, or if the weights will be downloaded.
    """
    if session.error is not None or session.is_looking:
        return
    models = {item: model for item in items if (model := model_of(item)) is not None}
    unready = {model for model in {*models.values()} if _cannot_run(session.suite, model)}
    if unready:
        seen: set[tuple[object, str, str]] = set()
        items[:] = [item for item in items if models.get(item) not in unready or _is_new(item, models[item], seen)]


def _cannot_run(suite: Suite, model: str) -> bool:
    """Whether a model cannot run, and its weights cannot be downloaded."""
    spec = suite.registry[model]
    return not suite.statuses.of(spec).is_ready and not suite.statuses.can_fetch(spec)


def _is_new(item: pytest.Item, model: str, seen: set[tuple[object, str, str]]) -> bool:
    """Whether an item is the first of its function for a model; one whose test names its models itself always is."""
    key = (item.parent, getattr(item, "originalname", item.name), model)
    is_new = key not in seen or not stated_arguments(item).isdisjoint(MODELS)
    seen.add(key)
    return is_new
