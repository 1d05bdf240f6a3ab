"""What a run reports about a model besides its observations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.spec import Status
from asrlab_pytest.records.model import LoadedModel
from asrlab_pytest.records.state import ModelState, SelfCheck


class Problem(Protocol):
    """Why a clip has no observation."""

    @property
    def in_one_line(self) -> str: ...


class Known(Protocol):
    """The outcome of a model in a run."""

    @property
    def loaded(self) -> LoadedModel | None: ...
    @property
    def load_error(self) -> ModelError | None: ...
    @property
    def self_checks(self) -> Mapping[str, SelfCheck]: ...
    @property
    def errors(self) -> Mapping[str, Problem]: ...


def model_state(status: Status, handle: Known | None) -> ModelState:
    """Status, load times, self-check and clips without observation.

    Args:
        status: What was known before it loaded.
        handle: Its outcome; None if no test requested it.
    """
    loaded = handle.loaded if handle else None
    failure = handle.load_error if handle else None
    return ModelState(
        status="broken" if failure else status.readiness.value,
        reason=failure.problem if failure else status.reason,
        hint=failure.hint if failure else status.hint,
        load_s=loaded.load_s if loaded else None,
        warmup_s=loaded.warmup_s if loaded else None,
        self_check=list(handle.self_checks.values()) if handle else [],
        unread={clip_id: error.in_one_line for clip_id, error in handle.errors.items()} if handle else {},
    )


def joined(old: ModelState, new: ModelState) -> ModelState:
    """What two workers, or one at two times, know of a model."""
    state = old if old.status == "broken" else new
    return ModelState(
        status=state.status,
        reason=state.reason,
        hint=state.hint,
        load_s=old.load_s if new.load_s is None else new.load_s,
        warmup_s=old.warmup_s if new.warmup_s is None else new.warmup_s,
        self_check=list({check.clip: check for check in [*old.self_check, *new.self_check]}.values()),
        unread={**old.unread, **new.unread},
    )
