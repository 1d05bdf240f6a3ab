"""What a run is to observe, which the controller of xdist learns from the first report of a worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NotRequired, TypedDict


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
    _is_sent: bool = False

    def to_send(self) -> Sent:
        """What a worker's report carries of it: all with its first, and then nothing."""
        if self._is_sent:
            return {}
        self._is_sent = True
        return {"planned": self.by_model or {}, "tests": self.by_test}

    def take(self, sent: Sent) -> None:
        """Take in the first that a worker sends: every worker collects the same tests."""
        if self.by_model is None and "planned" in sent:
            self.by_model, self.by_test = sent["planned"], sent["tests"]
