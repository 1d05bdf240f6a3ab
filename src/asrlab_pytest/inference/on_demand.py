"""Weights that are loaded when they are first needed, once, whatever the model does."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Generic, Protocol, TypeAlias, TypeVar

from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.errors import AsrlabError, ModelError, TranscriptionError
from asrlab_pytest.inference.fingerprint import configuration, model_fingerprint
from asrlab_pytest.inference.limit import limited, overrun
from asrlab_pytest.inference.loading import RunConditions, lenient_warnings, load
from asrlab_pytest.inference.observing import Case, Costs
from asrlab_pytest.measure.clock import SteadyClock
from asrlab_pytest.measure.machine import load_per_core, processor_seconds
from asrlab_pytest.models.contained import EngineQuit, contained, fault_words
from asrlab_pytest.models.engine import Loaded
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.model import LoadedModel
from asrlab_pytest.records.observation import Observation, Pass
from asrlab_pytest.tasks import NOUNS
from asrlab_pytest.visible import visible

AnyLoaded = TypeVar("AnyLoaded", bound=Loaded)
_Result = TypeVar("_Result")


class Clock(Protocol):
    """A call that times itself; each call adds to both lists."""

    latencies_s: list[float]
    cpu_s: list[float]

    def __call__(self) -> None: ...


Timer: TypeAlias = Callable[[Callable[[], None], int], None]
"""Calls the first argument as many times as the second says, and may time it in its own way too."""
Recall: TypeAlias = Callable[[str, Pass], Observation | None]
"""Finds what a store has under a key; None if it has nothing."""


class Stopwatch(Generic[_Result]):
    """A call into a model that times itself. Decoding the audio file lies outside."""

    def __init__(self, model: Loaded, call: Callable[[], _Result]) -> None:
        self._model = model
        self._call = call
        self.result: _Result | None = None
        self.latencies_s: list[float] = []
        self.cpu_s: list[float] = []

    def __call__(self) -> None:
        self._model.synchronize()
        pid = getattr(self._model, "pid", None)
        start, cpu_start = SteadyClock.seconds(), processor_seconds(pid)
        self.result = self._call()
        self._model.synchronize()
        self.latencies_s.append(SteadyClock.seconds() - start)
        self.cpu_s.append(processor_seconds(pid) - cpu_start)


def call_rounds(target: Callable[[], None], rounds: int) -> None:
    """Call the target once a round, and leave the timing to the clock inside it."""
    for _ in range(rounds):
        target()


def is_cyclic(weights: Loaded) -> bool:
    """Whether cycles may hold a model's weights; so it is where the engine does not say."""
    return bool(getattr(weights, "is_cyclic", True))


@dataclass(eq=False, repr=False)
class OnDemand(Generic[AnyLoaded]):
    """A model of the run. One that did not load is not tried again."""

    spec: ModelSpec
    conditions: RunConditions
    recall: Recall | None = None
    """Looks up what the store has when a run is resumed; None to ask the model for everything."""
    loaded: LoadedModel | None = field(default=None, init=False)
    load_error: ModelError | None = field(default=None, init=False)
    has_failed: bool = field(default=False, init=False)
    """Whether it failed at work: the traceback of that may hold its weights."""
    remarks: Sequence[str] = field(default=(), init=False)
    """Settings that have no effect on it, in words."""
    _weights: AnyLoaded | None = field(default=None, init=False)

    def close(self) -> None:
        """Release the weights. Where the engine fails in this it is warned of, and no other model is disturbed."""
        weights, self._weights = self._weights, None
        if weights is None:
            return
        try:
            with contained():
                weights.close()
        except Exception as error:  # noqa: BLE001 - whatever the engine raises, its results are kept
            self.has_failed = True
            with lenient_warnings():
                sentence = f"model {self.spec.id}: engine {self.spec.engine} failed in close: {error!r}"
                warnings.warn(sentence, RuntimeWarning, stacklevel=2)
        is_held = self.has_failed or is_cyclic(weights)
        del weights
        if is_held:
            gc.collect()

    @cached_property
    def fingerprint(self) -> Mapping[str, object] | None:
        """What its output depends on, other than the input; None if its weights cannot be identified.

        Raises:
            ModelError: the weights are missing or corrupt.
        """
        return self._remembering(lambda: model_fingerprint(self.spec, self.conditions))

    @cached_property
    def configuration(self) -> str:
        """Digest of what the project and the engine's code decide of its output.

        Raises:
            ModelError: the weights are missing or corrupt.
        """
        return self._remembering(lambda: configuration(self.spec, self.conditions.root))

    def ready(self, make_ready: Callable[[AnyLoaded], float]) -> tuple[AnyLoaded, LoadedModel]:
        """The loaded model, and how it was loaded.

        Args:
            make_ready: Called once, when it is loaded; warms it up, and returns the seconds of that.

        Raises:
            ModelError: it does not load.
        """
        if self._weights is None or self.loaded is None:
            self._weights, loaded = self._remembering(lambda: load(self.spec, self.conditions, make_ready))
            self.loaded = replace(loaded, configuration=self.configuration)
        return self._weights, self.loaded

    def recalled(self, key: str | None, pass_: Pass) -> Observation | None:
        """What the store has under a key; None if it has nothing, or is not to be asked."""
        observation = self.recall(key, pass_) if self.recall and key else None
        # What is under the same key may have been asked for in other words: a language of the clip, or of the model.
        return observation and replace(observation, configuration=self.configuration)

    def case(self, sample: Sample, key: str | None, made_in: Pass) -> Case:
        """A sample in one pass."""
        return Case(task=self.spec.task, sample=sample, corpus=self.conditions.corpus, key=key, made_in=made_in)

    def timed(self, item: Sample, clock: Clock, timer: Timer, clips: int = 1) -> Costs:
        """Run the rounds; what they cost.

        Args:
            item: The item to process, or the first of a batch.
            clock: One round.
            timer: Runs the rounds.
            clips: How many clips a round transcribes; each adds one time limit.

        Raises:
            TranscriptionError: the engine failed on the item.
        """
        from asrlab_pytest.measure.resources import ResourceMonitor

        assert self._weights is not None
        limit_s = self.conditions.timeout_s
        limit = overrun(self.spec, item.id, None if limit_s is None else limit_s * self.conditions.rounds * clips)
        # The calls into the engine are contained as one: each by itself would cost a short clip more.
        with contained():
            # A process of its own that was lost is started again, before anything is timed.
            self.guarded(item, self._weights.synchronize)
            pid = getattr(self._weights, "pid", None)
            with lenient_warnings(), limited(limit), ResourceMonitor(pid) as resources:
                self.guarded(item, lambda: timer(clock, self.conditions.rounds))
        return Costs(
            latencies_s=tuple(clock.latencies_s),
            cpu_s=tuple(clock.cpu_s),
            cpu_percent=100 * sum(clock.cpu_s) / sum(clock.latencies_s),
            load_per_core=load_per_core(),
            peak_rss_bytes=resources.peak_rss_bytes,
            device_memory_bytes=self._weights.device_memory_bytes(),
        )

    def guarded(self, item: Sample, call: Callable[[], _Result]) -> _Result:
        """The result of a call; an error of the engine names the item.

        Raises:
            TranscriptionError: the engine failed on the item.
        """
        try:
            with contained():
                return call()
        except AsrlabError:
            self.has_failed = True
            raise
        except Exception as error:
            self.has_failed = True
            noun = NOUNS[self.spec.task]
            name = visible(item.id)
            raise TranscriptionError(
                f"model {self.spec.id} failed on {noun} {name}: {fault_words(error)}",
                hint=f"try the {noun} alone: add --asr-model {self.spec.id} --asr-{noun} {name}",
            ) from error

    def _remembering(self, call: Callable[[], _Result]) -> _Result:
        if self.load_error is not None:
            raise self.load_error
        try:
            with contained():
                return call()
        except ModelError as error:
            self.load_error = error
            raise
        except EngineQuit as error:
            self.load_error = ModelError(f"model {self.spec.id}: engine {self.spec.engine} quits: {error}")
            raise self.load_error from error
