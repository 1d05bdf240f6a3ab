"""The results of a run: observations, errors, gates, times, memory and the states of models.

Each process keeps a ledger. What its tests add travels in their reports to the ledger of the process that reports,
which is the same one where a run has no workers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, NotRequired, TypedDict

from asrlab_pytest.grouping import grouped
from asrlab_pytest.session.judgements import JudgedTest, Judgements
from asrlab_pytest.wording import many

if TYPE_CHECKING:
    from asrlab_pytest.gates.result import GateResult
    from asrlab_pytest.records.measured import PairedTimes, PeakMemory
    from asrlab_pytest.records.observation import Observation
    from asrlab_pytest.records.state import ModelState
    from asrlab_pytest.settings import Settings
    from asrlab_pytest.tasks import Task


class Failed(NamedTuple):
    """A clip that gave no observation."""

    model: str
    clip: str
    problem: str


class News(NamedTuple):
    """The new contents of a report."""

    observations: Sequence[Observation]
    failures: Sequence[Failed]


class Payload(TypedDict):
    """What a report carries. Between processes, all of it is plain JSON."""

    observations: list[Observation]
    models: dict[str, ModelState]
    """What is new of them."""
    gates: list[GateResult]
    times: dict[str, PairedTimes]
    """Times that gates measured, by model id."""
    memory: dict[str, PeakMemory]
    """Peak memory that gates measured, by model id."""
    remarks: Sequence[str]
    excluded: dict[str, str]
    is_audited: bool
    judged_rtf: NotRequired[bool]
    checked: NotRequired[JudgedTest]
    """What the test judged, added when its report is complete."""


@dataclass(slots=True)
class Pending:
    """What this process has made and not yet reported."""

    observations: list[Observation] = field(default_factory=list)
    gates: list[GateResult] = field(default_factory=list)
    times: dict[str, PairedTimes] = field(default_factory=dict)
    memory: dict[str, PeakMemory] = field(default_factory=dict)


class Ledger:
    """Results of the tests of this process or, under xdist, of all workers."""

    def __init__(self) -> None:
        self.observations: list[Observation] = []
        self.models: dict[str, ModelState] = {}
        """By model id."""
        self.failures: dict[tuple[str, str], str] = {}
        """Why a clip gave no observation, by model and clip id."""
        self.gates: list[GateResult] = []
        """What the gates decided."""
        self.times: dict[str, PairedTimes] = {}
        """Times paired with the reference model's, by model id, from a speed gate."""
        self.memory: dict[str, PeakMemory] = {}
        """Peak memory by model id, as a memory gate measured it."""
        self.excluded: dict[str, str] = {}
        """Why clips are not judged, by id: what an audit found of level error."""
        self.is_audited = False
        """Whether the clips were audited."""
        self.is_audit_expected = False
        """Whether a test of the audit is marked `xfail`, and failed."""
        self.unheard: list[str] = []
        """Which witnesses of the audit failed on clips, in words."""
        self.remarks: list[str] = []
        """What speech could not be kept, in words."""
        self.judged_rtf = False
        """Whether a time was judged by a bound that knows nothing of the machine's other work."""
        self.judgements = Judgements()
        """What the tests of the run judged."""
        self.first_of: dict[str, dict[str, Observation]] = {}
        """First-pass observations of this process, by model and clip id."""
        self._seen: set[tuple[str, str, int, str]] = set()
        self._pending = Pending()
        self._reported: dict[str, ModelState] = {}
        """States of models as last reported by this process, by model id."""

    @property
    def first_pass(self) -> list[Observation]:
        """One observation for each case: that of the first pass in the given order."""
        return [observation for observation in self.observations if observation.is_first_pass]

    @property
    def evaluated(self) -> set[str]:
        """Ids of the models that a test evaluated, also where it came to nothing."""
        observed = {observation.model for observation in self.observations} | {model for model, _ in self.failures}
        loaded = {model for model, state in self.models.items() if state.load_s is not None}
        timed = {model for model, times in self.times.items() for model in (model, times.reference)}
        return observed | loaded | timed | {gate.model for gate in self.gates} | {*self.memory}

    def of_options(self, settings: Settings) -> list[str]:
        """What a self-check compared with nothing, and what a resumed run took from the store, in words."""
        checked = self._exact_already if settings.self_check else []
        return [*checked, *(self._reused if settings.resume and settings.rescore is None else [])]

    @property
    def _exact_already(self) -> list[str]:
        """The models that a self-check compares with nothing, in words."""
        places = {row.model: (row.device, row.compute_type) for row in self.of_task("asr") if not row.recorded}
        return [
            f"{model}: --asr-self-check compared nothing, as it runs on the CPU in float32 already"
            for model, where in places.items()
            if where == ("cpu", "float32") and model in self.models and not self.models[model].self_check
        ]

    @property
    def _reused(self) -> list[str]:
        """How many results no model made in this run, in words."""
        reused = sum(row.recorded for row in self.first_pass)
        return [f"{reused} of {many(len(self.first_pass), 'result')} reused from earlier runs"] if reused else []

    def of_task(self, task: Task) -> list[Observation]:
        """The observations of one task, of every pass."""
        return [observation for observation in self.observations if observation.task == task]

    def passes(self, model_id: str) -> list[Observation]:
        """The observations of a model in every pass, of this process."""
        return [
            observation
            for observation in [*self.observations, *self._pending.observations]
            if observation.model == model_id
        ]

    def states(self, known: Mapping[str, ModelState], *, in_parallel: bool) -> dict[str, ModelState]:
        """Status and load times of every model of the run, in its order, as the scorecard shows them.

        Args:
            known: The status of each, by model id.
            in_parallel: Whether several processes ran models at once.
        """
        from asrlab_pytest.report.validity import why_untimed

        first = grouped((observation.model, observation) for observation in self.first_pass)
        states: dict[str, ModelState] = {}
        for model, state in known.items():
            untimed = why_untimed(first.get(model, ()), in_parallel=in_parallel)
            failed = {clip: problem for (of, clip), problem in self.failures.items() if of == model}
            states[model] = state.model_copy(update={"untimed": untimed, "unread": {**state.unread, **failed}})
            if model in self.times:
                states[model].times = self.times[model]
            if model in self.memory:
                states[model].memory = self.memory[model]
        return states

    def observed(self, observation: Observation) -> None:
        """Add an observation as it is made, to be sent with the next report."""
        self._pending.observations.append(observation)
        if observation.is_first_pass:
            self.first_of.setdefault(observation.model, {})[observation.clip] = observation

    def judged(self, result: GateResult) -> None:
        """Add the result of a gate, to be sent with the next report."""
        self._pending.gates.append(result)

    def timed(self, model_id: str, times: PairedTimes) -> None:
        """Add the times that a gate measured, for the baseline that this run writes."""
        self._pending.times[model_id] = times

    def measured(self, model_id: str, memory: PeakMemory) -> None:
        """Add the memory that a gate measured, for the baseline that this run writes."""
        self._pending.memory[model_id] = memory

    def payload(self, model_id: str, state_of: Callable[[str], ModelState], remarks: Sequence[str] = ()) -> Payload:
        """What a report of a test of this model carries to the process that reports.

        Args:
            model_id: The model.
            state_of: Gives the state of a model by its id.
            remarks: What speech could not be kept so far, and which settings have no effect, in words.
        """
        new, self._pending = self._pending, Pending()
        states: dict[str, ModelState] = {}
        for model in dict.fromkeys([model_id, *(observation.model for observation in new.observations)]):
            state, last = state_of(model), self._reported.get(model)
            if state is not last and state != last:
                states[model] = self._reported[model] = state
        return {
            "observations": new.observations,
            "models": states,
            "gates": new.gates,
            "times": new.times,
            "memory": new.memory,
            "remarks": remarks,
            "excluded": self.excluded,
            "is_audited": self.is_audited,
        }

    def merge(self, payload: Payload) -> News:
        """Add what a report carried. For a case that two workers transcribed, the first observation counts.

        Args:
            payload: What `payload` made, with what the test judged.
        """
        observations = list(self._unseen(payload["observations"]))
        self.observations += observations
        self.gates += payload["gates"]
        self.excluded.update(payload["excluded"])
        self.is_audited |= payload["is_audited"]
        self.remarks += [remark for remark in payload["remarks"] if remark not in self.remarks]
        self.judged_rtf |= payload["judged_rtf"]
        self.judgements.take(payload["checked"])
        self.times.update(payload["times"])
        self.memory.update(payload["memory"])
        return News(observations, [failed for item in payload["models"].items() for failed in self._state(*item)])

    def _unseen(self, observations: Sequence[Observation]) -> Iterator[Observation]:
        for observation in observations:
            case = (observation.model, observation.clip, observation.repeat, observation.order)
            if case not in self._seen:
                self._seen.add(case)
                yield observation

    def _state(self, model_id: str, state: ModelState) -> list[Failed]:
        """Add what is now known about a model; returns the clips that newly failed."""
        from asrlab_pytest.inference.state import joined

        self.models[model_id] = joined(self.models[model_id], state) if model_id in self.models else state
        failures = (Failed(model_id, clip, problem) for clip, problem in state.unread.items())
        return [failure for failure in failures if self.failed(failure)]

    def failed(self, failed: Failed) -> bool:
        """Take in that a clip gave no observation; whether that is new."""
        is_new = (failed.model, failed.clip) not in self.failures
        if is_new:
            self.failures[failed.model, failed.clip] = failed.problem
        return is_new
