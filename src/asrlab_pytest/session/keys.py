"""What a run of other tests needs to know of ours: which fixtures make a test an evaluation, and keys of what we keep.

Every pytest run in the environment imports this file, and a run that evaluates nothing imports no other of this folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from asrlab_pytest.tasks import NOUNS, TASKS, Task

if TYPE_CHECKING:
    from asrlab_pytest.scoring.score import Score
    from asrlab_pytest.session.judgements import Checked

MODELS: Mapping[str, Task] = {f"{task}_model": task for task in TASKS}
"""Fixtures that are a model under test, and its task."""
SAMPLES: Mapping[str, Task] = {f"{task}_{NOUNS[task]}": task for task in TASKS}
"""Fixtures that are what a model of a task is evaluated on."""
MEASURING: Mapping[str, Task] = {f"{task}_{kind}": task for task in TASKS for kind in ("speed", "memory")}
"""Fixtures that measure a model in a way of their own, and observe nothing."""
GATES: Mapping[str, Task] = {**{f"{task}_regression": task for task in TASKS}, **MEASURING}
"""Fixtures that compare a model with something; a test that uses one comes after all cases."""
PARAMETRIZED: Mapping[str, Task] = {**MODELS, **SAMPLES, **GATES}
AUDIT = "asr_audit"
"""The fixture that looks at the clips themselves."""
EVALUATING = frozenset({*PARAMETRIZED, AUDIT})
"""Fixtures that make a test an evaluation."""
REFUSAL = "asrlab_refusal"
"""Key of what a worker of xdist sends when it ends."""
DROPPED = "asrlab_dropped"
"""Key of the tests of models that a worker of xdist misses, among what it sends when it ends."""
NARROWED = "asrlab_narrowed"
"""Key under which the controller of xdist tells its workers what narrows the run, and a worker the controller."""


class PublishedCase(Protocol):
    """A case as the files that others write take it."""

    @property
    def is_observed(self) -> bool: ...
    @property
    def METRICS(self) -> Mapping[str, Callable[[Any], float | None]]: ...  # noqa: N802
    @property
    def score(self) -> Score: ...
    def as_json(self) -> dict[str, object]: ...


class PublishedPool(Protocol):
    """Pooled figures for pytest-benchmark's JSON and JUnit files."""

    @property
    def is_observed(self) -> bool: ...
    @property
    def wer(self) -> float | None: ...
    @property
    def cer(self) -> float | None: ...
    @property
    def rtf(self) -> float | None: ...


SETTLED: pytest.StashKey[bool] = pytest.StashKey()
"""Whether the end of the run has been settled."""
CASE: pytest.StashKey[PublishedCase] = pytest.StashKey()
POOL: pytest.StashKey[PublishedPool] = pytest.StashKey()
CHECKED: pytest.StashKey[list[Checked]] = pytest.StashKey()
"""What a test may judge: its cases and pooled figures."""
