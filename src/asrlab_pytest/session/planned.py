"""What a run is to observe, which the controller of xdist learns from the first report of a worker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NotRequired, TypedDict

if TYPE_CHECKING:
    from asrlab_pytest.models.spec import ModelSpec
    from asrlab_pytest.suite.suite import Suite


class Sent(TypedDict):
    """What a worker's report carries of it. Between processes, all of it is plain JSON."""

    planned: NotRequired[dict[str, list[str]]]
    tests: NotRequired[dict[str, tuple[str, str]]]


@dataclass
class Planned:
    """The cases of a run."""

    by_model: dict[str, list[str]] | None = None
    """Ids of the samples that each model is to be evaluated on; None if this process does not know."""
    by_test: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Model and sample of each test that evaluates one sample, by node id; of a worker or its controller."""
    has_crashed: bool = False
    """Whether a worker's process ended during a test."""
    _is_sent: bool = False

    @property
    def is_unknown(self) -> bool:
        """Whether a worker may have ended before it could send this."""
        return self.has_crashed and self.by_model is None

    def to_send(self) -> Sent:
        """What a worker's report carries of it: all with its first, and then nothing."""
        if self._is_sent:
            return {}
        self._is_sent = True
        return {"planned": self.by_model or {}, "tests": self.by_test}

    def take(self, sent: Sent) -> bool:
        """Take in the first that a worker sends, and say whether this is it: every worker collects the same tests."""
        is_first = self.by_model is None and "planned" in sent
        if is_first:
            self.by_model, self.by_test = sent["planned"], sent["tests"]
        return is_first


def plan_of(suite: Suite, tests: Iterable[tuple[str, str | None]]) -> dict[str, list[str]]:
    """Ids of the samples that each model is to be evaluated on, in the order of the corpus.

    Args:
        suite: What is evaluated.
        tests: The model of each test, and its sample; None if it is of all samples.
    """
    wanted: dict[str, set[str]] = {}
    for model, sample in tests:
        spec = suite.registry[model]
        if suite.statuses.of(spec).is_ready:
            wanted.setdefault(model, set()).update(_to_observe(suite, spec, sample))
    return {model: _in_order(suite, suite.registry[model], ids) for model, ids in wanted.items()}


def _in_order(suite: Suite, spec: ModelSpec, ids: set[str]) -> list[str]:
    planned = ids - suite.excluded_of(spec.task)
    return [sample for sample in suite.listed(spec.task).by_id if sample in planned]


def _to_observe(suite: Suite, spec: ModelSpec, sample: str | None) -> set[str]:
    """Ids of what a test observes a model on: one item, or all, less what the judge is not meant for."""
    from asrlab_pytest.suite.judging import judgeable_samples, why_left_out

    if sample is None:
        return {item.id for item in judgeable_samples(suite, spec)}
    item = suite.listed(spec.task).by_id.get(sample)
    return set() if item is None or why_left_out(suite, item, spec.task) is not None else {sample}
