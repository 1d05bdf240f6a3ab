"""Times two models clip by clip in turn, so that whatever slows the machine slows both."""

from __future__ import annotations

import gc
import random
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.errors import AsrlabError, ClipError, ModelError, TranscriptionError
from asrlab_pytest.inference.limit import limited, overrun
from asrlab_pytest.inference.loading import RunConditions, lenient_warnings
from asrlab_pytest.inference.on_demand import is_cyclic
from asrlab_pytest.inference.trials import TRIALS
from asrlab_pytest.inference.work import Work
from asrlab_pytest.models.contained import contained, fault_words
from asrlab_pytest.models.engine import Loaded
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.progress import counted
from asrlab_pytest.records.measured import PairedRound, PairedTimes, Times
from asrlab_pytest.tasks import NOUNS
from asrlab_pytest.visible import error_message, error_words, visible

_WORKS_HERE = 0.1
"""Processor time over wall clock below which a model works elsewhere or sleeps: its processor time is then noise."""
_OUT_OF_MEMORY = ("out of memory", "bad_alloc", "cannot allocate memory")
_KINDS_OF_IT = ("MemoryError", "OutOfMemoryError")


@dataclass(frozen=True, slots=True)
class _Place:
    """One clip in one round, for one of the two models."""

    clip: str
    round: int


class SideBySide:
    """Two models in memory, timed in turn: a context manager that loads both and releases both.

    A clip that cannot be read or transcribed, or whose text or speech changes while it is timed, is left out, and is in
    `failed`.

    Args:
        model: The model under test.
        reference: The model that its times are next to.
        clips: What both transcribe, say or answer.
        conditions: Device of the run.
        seed: Of the orders.
        known: What the models wrote or said before, by model and clip; else a clip's first call counts.

    Raises:
        ModelError: on entering: one of them does not load, though there is memory for it.
        ClipError: on entering: no clip can be read.
    """

    def __init__(  # noqa: PLR0913 - keywords
        self,
        model: ModelSpec,
        reference: ModelSpec,
        clips: Sequence[Sample],
        conditions: RunConditions,
        *,
        seed: int,
        known: Mapping[tuple[str, str], Work] | None = None,
    ) -> None:
        self.specs = (model, reference)
        self.failed: dict[str, AsrlabError] = {}
        self.rounds: list[PairedRound] = []
        self.too_large: str | None = None
        """Why both are not in memory at once, in the engine's words; None if they are."""
        self._clips = {clip.id: clip for clip in clips}
        # The warm-up here is on a whole clip.
        self._conditions = replace(conditions, warmup=0)
        self._seed = seed
        self._known = {**(known or {})}
        self._trial = TRIALS[model.task]
        self._read: dict[str, object] = {}
        """What was read of each clip, prompt or dialogue."""
        self._loaded: dict[str, Loaded] = {}

    def __enter__(self) -> Self:
        for clip in self._clips.values():
            try:
                self._read[clip.id] = self._trial.read(clip)
            except ClipError as error:
                self.failed[clip.id] = error
        if not self._read:
            raise next(iter(self.failed.values()), ClipError("no clip is meant for both models"))
        try:
            self._load_both()
        except BaseException:
            release(self._loaded)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        release(self._loaded)

    @property
    def interleaved(self) -> bool:
        """Whether both take turns. Where memory holds only one at a time, all rounds of one come before the other's."""
        return self.too_large is None

    @property
    def times(self) -> PairedTimes:
        """All rounds so far. Processor time is left out where it is not that of the models."""
        rounds = [pair for pair in self.rounds if pair.clip not in self.failed]
        if not _work_here(rounds):
            rounds = [
                replace(pair, model=Times(wall_s=pair.model.wall_s), reference=Times(wall_s=pair.reference.wall_s))
                for pair in rounds
            ]
        return PairedTimes.of(rounds, reference=self.specs[1].id, interleaved=self.interleaved)

    def measure(self, count: int) -> None:
        """Add rounds; their numbers go on. In each, every clip is transcribed once by both, in an order of its own."""
        first = 1 + max((paired.round for paired in self.rounds), default=-1)
        places = [place for number in range(first, first + count) for place in self._order(number)]
        times: dict[tuple[str, _Place], Times] = {}
        with lenient_warnings():
            if self.interleaved:
                for place in counted(places, f"timing {self.specs[0].id} beside {self.specs[1].id}"):
                    for spec in self._turn(place):
                        self._time(spec, place, times)
            else:
                for spec in self.specs:
                    self._load_alone(spec)
                    for place in counted(places, f"timing {spec.id}"):
                        self._time(spec, place, times)
                    release(self._loaded)
        model_id, reference_id = (spec.id for spec in self.specs)
        self.rounds += [
            PairedRound(
                clip=place.clip, round=place.round, model=times[model_id, place], reference=times[reference_id, place]
            )
            for place in places
            if (model_id, place) in times and (reference_id, place) in times
        ]

    def _order(self, number: int) -> list[_Place]:
        clips = list(self._read)
        random.Random(f"{self._seed}/{number}").shuffle(clips)  # noqa: S311 - no secret, and the same in every run
        return [_Place(clip, number) for clip in clips]

    def _turn(self, place: _Place) -> list[ModelSpec]:
        """Both models, in alternating order: the second one finds warm caches."""
        generator = random.Random(f"{self._seed}/{place.round}/{place.clip}")  # noqa: S311
        return generator.sample(self.specs, len(self.specs))

    def _time(self, spec: ModelSpec, place: _Place, times: dict[tuple[str, _Place], Times]) -> None:
        if place.clip in self.failed:
            return
        clip = self._clips[place.clip]
        loaded = self._loaded[spec.id]
        stopwatch = self._trial.clock(spec, loaded, clip, self._read[clip.id])
        try:
            with contained(), limited(overrun(spec, clip.id, self._conditions.timeout_s)):
                stopwatch()
                work = self._trial.work(loaded, stopwatch)
                work.refuse_other(self._known.setdefault((spec.id, clip.id), work), spec, clip, "when it was timed")
        except Exception as error:  # noqa: BLE001 - an engine may raise anything
            self.failed[clip.id] = _in_words(spec, clip, error)
            return
        process_s = stopwatch.cpu_s[0] if loaded.device == "cpu" else None
        times[spec.id, place] = Times(wall_s=stopwatch.latencies_s[0], process_s=process_s)

    def _load_both(self) -> None:
        model, reference = self.specs
        # The reference first: if both do not fit, it is the model under test that fails.
        self._load_alone(reference)
        try:
            self._load_alone(model)
        except (ModelError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            self.too_large = error_message(error).split("\n")[0] or type(error).__name__
            release(self._loaded)

    def _load_alone(self, spec: ModelSpec) -> None:
        """Load a model, and warm it up on the first clip."""
        clip_id, read = next(iter(self._read.items()))
        clip = self._clips[clip_id]
        loaded = self._loaded[spec.id] = self._trial.load(spec, self._conditions, clip, read)
        with lenient_warnings():
            try:
                with contained():
                    self._trial.clock(spec, loaded, clip, read)()
            except Exception as error:
                # A clip that breaks the engine breaks it again in the timed rounds, and is reported then.
                if is_out_of_memory(error):
                    raise ModelError(f"model {spec.id}: {error_words(error)}") from error


def release(models: MutableMapping[str, Loaded]) -> None:
    """Release the weights of loaded models."""
    is_held = any(map(is_cyclic, models.values()))
    while models:
        models.popitem()[1].close()
    if is_held:
        gc.collect()


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error, or what caused it, is an engine's or Python's word for too little memory."""
    cause: BaseException | None = error
    while cause is not None:
        text = error_message(cause).lower()
        if type(cause).__name__ in _KINDS_OF_IT or any(words in text for words in _OUT_OF_MEMORY):
            return True
        cause = cause.__cause__
    return False


def _in_words(spec: ModelSpec, clip: Sample, error: Exception) -> AsrlabError:
    if isinstance(error, AsrlabError):
        return error
    where = f"model {spec.id} failed on {NOUNS[spec.task]} {visible(clip.id)}"
    return TranscriptionError(f"{where}: {fault_words(error)}")


def _work_here(rounds: Sequence[PairedRound]) -> bool:
    """Whether both models compute in this process: an engine may hand its work to another one, or to a device."""
    return all(
        all(time.process_s is not None for time in times)
        and sum(time.process_s or 0.0 for time in times) >= _WORKS_HERE * sum(time.wall_s for time in times)
        for times in ([paired.model for paired in rounds], [paired.reference for paired in rounds])
    )
