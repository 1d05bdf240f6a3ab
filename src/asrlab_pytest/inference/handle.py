"""One model in one session: observes each clip once a pass, and releases its weights."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.errors import AsrlabError, ModelError, TranscriptionError
from asrlab_pytest.inference.on_demand import Timer, call_rounds
from asrlab_pytest.models.contained import fault_words
from asrlab_pytest.models.spec import Device, ModelSpec
from asrlab_pytest.records.model import LoadedModel
from asrlab_pytest.records.observation import FIRST, Observation, Pass
from asrlab_pytest.records.state import SelfCheck
from asrlab_pytest.visible import visible

EXACT: tuple[Device, str] = ("cpu", "float32")
"""Device and compute type that a self-check compares with."""
SAMPLE = 20
"""How many clips are transcribed in another order, at most."""


def exact_twin(spec: ModelSpec) -> ModelSpec:
    """The same model on the CPU in float32, one clip at a time."""
    device, compute_type = EXACT
    return replace(spec, device=device, compute_type=compute_type, batch_size=1)


class Source(Protocol):
    """Where a model's observations come from: the model itself, or a record. Each task has items of its own."""

    @property
    def spec(self) -> ModelSpec: ...
    @property
    def loaded(self) -> LoadedModel | None: ...
    @property
    def load_error(self) -> ModelError | None: ...
    @property
    def remarks(self) -> Sequence[str]: ...
    def observe(self, clip: Any, timer: Timer, pass_: Pass = FIRST) -> Observation: ...
    def close(self) -> None: ...


class Plan(Protocol):
    """Says which clips are transcribed again."""

    def after_the_first(self, clips: Sequence[Sample]) -> Iterator[tuple[Sample, Pass]]:
        """What to transcribe after the first pass, clip by clip."""


@dataclass(frozen=True, slots=True)
class Passes:
    """How many passes there are.

    The passes are interleaved: all clips once, then all again, so that a drift of the machine or of the model shows as
    a difference between passes. Where there is more than one, a sample is transcribed in another order after the last:
    a model that carries something from clip to clip gives other texts there.
    """

    count: int = 1
    seed: int = 0
    """Of the sample and its order."""

    def after_the_first(self, clips: Sequence[Sample]) -> Iterator[tuple[Sample, Pass]]:
        """What to transcribe after the first pass, clip by clip."""
        for repeat in range(1, self.count):
            for clip in clips:
                yield clip, Pass(repeat)
        if self.count > 1:
            sample = random.Random(self.seed).sample(list(clips), min(SAMPLE, len(clips)))  # noqa: S311
            yield from ((clip, Pass(order="shuffled")) for clip in sample)


@dataclass
class ModelHandle:
    """A model under test.

    Nothing is loaded before the first clip is asked for. `close` empties the handle: what a failed test's traceback
    still refers to is then an empty shell.
    """

    source: Source
    clips: Sequence[Sample]
    """The chosen clips, prompts or dialogues that the model is meant for."""
    listeners: Sequence[Callable[[Observation], None]] = ()
    """Called with each observation as it is made."""
    passes: Plan = field(default_factory=Passes)
    """The passes over the clips: how many, and in which order."""
    twin: ModelHandle | None = None
    """The same model on the CPU in float32, clip by clip, to compare texts with; None if no self-check is asked for."""
    self_checks: dict[str, SelfCheck] = field(default_factory=dict)
    """How the twin compares, by clip id."""
    errors: dict[str, AsrlabError] = field(default_factory=dict, repr=False)
    """Why a clip gave no observation, by clip id."""
    _observations: dict[str, Observation] = field(default_factory=dict, repr=False)
    _again: set[tuple[str, Pass]] = field(default_factory=set, repr=False)

    @property
    def spec(self) -> ModelSpec:
        return self.source.spec

    @property
    def id(self) -> str:
        return self.source.spec.id

    @property
    def loaded(self) -> LoadedModel | None:
        """How it was loaded; None before that, and where its texts are recorded."""
        return self.source.loaded

    @property
    def load_error(self) -> ModelError | None:
        """Why it did not load."""
        return self.source.load_error

    @property
    def remarks(self) -> Sequence[str]:
        """Settings that have no effect on it, in words."""
        return self.source.remarks

    @property
    def progress(self) -> tuple[object, ...]:
        """Changes whenever something other than an observation becomes known about the model."""
        return self.loaded, self.load_error, len(self.self_checks), len(self.errors)

    def has_observed(self, clip: Sample) -> bool:
        """Whether the clip was transcribed before in this session."""
        return clip.id in self._observations

    def observe(self, clip: Sample, timer: Timer = call_rounds) -> Observation:
        """Transcribe a clip, or return what was observed when it was transcribed before.

        Raises:
            ClipError: the clip's audio cannot be used.
            ModelError: the model does not load.
            TranscriptionError: the engine failed on this clip.
        """
        if clip.id not in self._observations:
            if clip.id in self.errors:
                raise self.errors[clip.id]
            try:
                self._observations[clip.id] = self.source.observe(clip, timer)
            except AsrlabError as error:
                self.errors[clip.id] = error
                raise
            except Exception as error:
                # Whatever an engine's code raises, the record and the end of the run must include the clip.
                name = visible(clip.id)
                self.errors[clip.id] = TranscriptionError(f"model {self.id} failed on {name}: {fault_words(error)}")
                raise self.errors[clip.id] from error
            self._tell(self._observations[clip.id])
            self._compare_with_twin(clip)
        return self._observations[clip.id]

    def give_up(self, error: ModelError) -> None:
        """Take the error of a model that does not load as that of every clip without an observation."""
        for clip in self.clips:
            if clip.id not in self._observations:
                self.errors.setdefault(clip.id, error)

    def repeat(self) -> None:
        """Go over the clips that were transcribed again, in the passes that are asked for and are not made yet.

        A clip that fails in a later pass is in `errors`; its first observation stays.
        """
        observed = [clip for clip in self.clips if clip.id in self._observations]
        for clip, pass_ in self.passes.after_the_first(observed):
            if (clip.id, pass_) in self._again or clip.id in self.errors:
                continue
            self._again.add((clip.id, pass_))
            try:
                again = self.source.observe(clip, call_rounds, pass_)
            except AsrlabError as error:
                self.errors[clip.id] = error
            else:
                self._tell(again)

    def close(self) -> None:
        """Release the weights, and of the twin's."""
        if self.twin is not None:
            self.twin.close()
        self.source.close()

    def _tell(self, observation: Observation) -> None:
        for listener in self.listeners:
            listener(observation)

    def _compare_with_twin(self, clip: Sample) -> None:
        observation = self._observations[clip.id]
        if self.twin is None or (
            (observation.device, observation.compute_type) == EXACT and observation.batch_size == 1
        ):
            return
        other = self.twin.observe(clip)
        assert observation.latency_s is not None
        assert other.latency_s is not None
        self.self_checks[clip.id] = SelfCheck(
            clip=clip.id,
            same_text=observation.hypothesis == other.hypothesis,
            speedup=other.latency_s / observation.latency_s if observation.batch_size == 1 else None,
        )
