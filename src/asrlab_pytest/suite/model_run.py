"""The outcome of one model in a run, in a few numbers no matter how many clips it transcribed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from asrlab_pytest.errors import ModelError
from asrlab_pytest.inference.handle import SelfCheck
from asrlab_pytest.records.earlier import Earlier
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.records.model import LoadedModel
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.report.validity import Times


@dataclass
class ModelRun:
    """What a run knows about a model besides the lines of its record.

    Args:
        model: Its id.
        earlier: What the record had before.
    """

    model: str
    earlier: Earlier
    loaded: LoadedModel | None = None
    load_error: ModelError | None = None
    self_checks: Mapping[str, SelfCheck] = field(default_factory=dict)
    errors: dict[str, Failure] = field(init=False)
    """Clips without an observation, by id."""
    observed: int = field(init=False)
    """Clips with one, from this call or before."""
    _times: Times = field(default_factory=Times)

    def __post_init__(self) -> None:
        self.errors = {
            clip: Failure(model=model, clip=clip, problem=problem)
            for (model, clip), problem in self.earlier.failures.items()
            if model == self.model
        }
        self.observed = sum(model == self.model for model, _ in self.earlier.observed)

    def take(self, line: Observation | Failure) -> None:
        """Count a clip."""
        if isinstance(line, Failure):
            self.errors[line.clip] = line
            return
        self.observed += 1
        self._times.add(line)
        if self.loaded is None and not line.recorded:
            self.loaded = line

    def why_untimed(self, *, in_parallel: bool) -> str:
        """Why its times are not valid, in words; empty if they are."""
        return self._times.why_untimed(in_parallel=in_parallel)
