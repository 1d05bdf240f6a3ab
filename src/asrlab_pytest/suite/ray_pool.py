"""The actors of one model on a Ray cluster: each holds it on a node, and gets clips in batches.

Ray places the actors, transfers clips and observations, and says when a process or a node is lost. What was lost is
tried again after a pause that grows, which Ray does not offer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from asrlab_pytest import progress
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ModelError
from asrlab_pytest.inference.asr import LiveModel
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.inference.transcriber import chunked, transcribed
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.suite.transcribing import Line

BATCH = 16
"""Clips in a batch. The batches of a lost node are transcribed again."""
WAITING = 2
"""Batches that are queued for an actor, so that it need not wait for the next one."""
TRIES = 3
"""How often a batch is tried whose actor is lost, before its clips are tried one by one, each as often."""
PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before the second try of a batch, doubled before each further one, and the most."""
LOST_IN_A_ROW = 10
"""Clips that a model may lose with no transcript in between."""


class ModelActor:
    """Holds a model in a process of a node.

    Args:
        spec: The model.
        conditions: Device and limits of the run.
    """

    def __init__(self, spec: ModelSpec, conditions: RunConditions) -> None:
        self._model = LiveModel(spec, conditions)

    def node(self) -> str:
        """The id of its node, once it is placed."""
        import ray

        return str(ray.get_runtime_context().get_node_id())

    def transcribe(self, clips: Sequence[Clip]) -> tuple[list[Line], Sequence[str]] | ModelError:
        """The result of each clip, and settings that have no effect; or why the model does not load."""
        try:
            return list(transcribed(self._model, clips)), self._model.remarks
        except ModelError as error:
            return error


@dataclass(frozen=True, slots=True)
class Place:
    """The resources that an actor takes."""

    cpus: float
    gpus: float

    def count(self, nodes: Iterable[dict[str, Any]]) -> int:
        """How many such actors fit on the nodes."""
        return sum(self._on(node["Resources"]) for node in nodes if node["Alive"])

    def _on(self, resources: dict[str, float]) -> int:
        by_cores = resources.get("CPU", 0.0) // self.cpus
        return int(min(by_cores, resources.get("GPU", 0.0) // self.gpus) if self.gpus else by_cores)


@dataclass(slots=True, eq=False)
class _Actor:
    handle: Any
    node: str
    load: int = 0
    """Batches that it has; `WAITING` where it may have no other."""


class _Batch(NamedTuple):
    clips: Sequence[Clip]
    losses: int = 0
    """How often the actor that had it was lost."""
    due: float = 0.0
    """When it may be tried, by the monotonic clock."""


class _Task(NamedTuple):
    actor: _Actor
    batch: _Batch
    load: int


class Pool:
    """The actors of one model, and the batches of each."""

    def __init__(self, ray: Any, spec: ModelSpec, conditions: RunConditions, place: Place) -> None:
        self._ray = ray
        self._spec = spec
        self._place = place
        self.remarks: dict[str, None] = {}
        self.nodes: set[str] = set()
        """Ids of the nodes that transcribed."""
        kind = ray.remote(ModelActor).options(
            num_cpus=place.cpus, num_gpus=place.gpus, max_restarts=0, scheduling_strategy="SPREAD"
        )
        self._start: Callable[[], Any] = lambda: kind.remote(spec, conditions)
        self._starting: dict[Any, Any] = {}
        """Actors that Ray has not placed yet, by the reference of their node."""
        self._failed_starts = 0
        self._start_at = 0.0
        """When the next one may be started, by the monotonic clock."""
        self._actors: list[_Actor] = []
        self._running: dict[Any, _Task] = {}
        """By the reference of the result."""
        self._fresh: Iterator[_Batch] = iter(())
        self._next: _Batch | None = None
        """The first of the fresh batches, if it is known."""
        self._again: list[_Batch] = []
        """Batches whose actor was lost."""
        self._lost_in_a_row = 0

    def transcribe(self, clips: Iterable[Clip]) -> Iterator[Line]:
        """The result of each clip.

        Raises:
            ModelError: the model does not load, or the cluster cannot run it.
        """
        self._fresh = map(_Batch, chunked(clips, max(BATCH, self._spec.batch_size)))
        while self._feed():
            for answer in self._answers():
                if answer in self._starting:
                    self._welcome(answer)
                else:
                    yield from self._lines(answer)

    def close(self) -> None:
        """Release the resources."""
        self._cancel_starts()
        while self._actors:
            self._ray.kill(self._actors.pop().handle)

    def _feed(self) -> bool:
        """Give batches to actors while they have room; whether there are any left or unanswered."""
        while batch := self._due():
            actor = min(self._actors, key=lambda actor: actor.load, default=None)
            # A batch that was lost gets an actor to itself, as it may end the process with everything queued there.
            load = 1 if batch is self._next else WAITING
            if actor is None or actor.load + load > WAITING:
                self._start_more()
                return True
            if batch is self._next:
                self._next = None
            else:
                self._again.remove(batch)
            self._running[actor.handle.transcribe.remote(batch.clips)] = _Task(actor, batch, load)
            actor.load += load
        self._cancel_starts()
        return bool(self._running or self._again)

    def _due(self) -> _Batch | None:
        """The batch to be given next: one that was lost, after its pause, or the next fresh one."""
        now = time.monotonic()
        lost = next((batch for batch in self._again if batch.due <= now), None)
        if lost is None and self._next is None:
            self._next = next(self._fresh, None)
        return lost or self._next

    def _answers(self) -> Sequence[Any]:
        """The reference that is ready next; none if a pause ends before."""
        now = time.monotonic()
        pauses = [end - now for end in (*(batch.due for batch in self._again), self._start_at) if end > now]
        awaited = [*self._running, *self._starting]
        if not awaited:
            time.sleep(min(pauses, default=0.0))
            return ()
        if not self._actors:
            progress.tell(f"{self._spec.id}: waiting for the cluster to start it")
        ready: Sequence[Any] = self._ray.wait(awaited, num_returns=1, timeout=min(pauses, default=None))[0]
        return ready

    def _start_more(self) -> None:
        """Start as many actors as the cluster has room for, or one more, which Ray places when a node joins.

        An autoscaler adds a node for it.
        """
        if self._starting or time.monotonic() < self._start_at:
            return
        for _ in range(max(1, self._place.count(self._ray.nodes()) - len(self._actors))):
            handle = self._start()
            self._starting[handle.node.remote()] = handle

    def _cancel_starts(self) -> None:
        while self._starting:
            self._ray.kill(self._starting.popitem()[1])

    def _welcome(self, answer: Any) -> None:
        """Add an actor that was placed.

        Raises:
            ModelError: it could not be started, as none could.
        """
        from ray.exceptions import RayError

        handle = self._starting.pop(answer)
        try:
            self._actors.append(_Actor(handle, self._ray.get(answer)))
        except _losses() as error:
            self._failed_starts += 1
            self._start_at = time.monotonic() + pause_after(self._failed_starts)
            if not (self._actors or self._starting) and self._failed_starts >= TRIES:
                raise self._unable(error) from error
            self.remarks[f"{self._spec.id}: not every process could be started: {_last_line(error)}"] = None
        except RayError as error:
            raise self._unable(error) from error
        else:
            self._failed_starts = 0

    def _lines(self, answer: Any) -> Sequence[Line]:
        """The results of a batch; none yet if it will be tried again.

        Raises:
            ModelError: the model does not load, or the cluster cannot run it.
        """
        from ray.exceptions import RayError

        actor, batch, load = self._running.pop(answer)
        actor.load -= load
        try:
            result: tuple[list[Line], Sequence[str]] | ModelError = self._ray.get(answer)
        except _losses():
            self._dismiss(actor)
            return self._lost(batch)
        except RayError as error:
            raise self._unable(error) from error
        if isinstance(result, ModelError):
            raise result
        self._lost_in_a_row = 0
        self.nodes.add(actor.node)
        lines, remarks = result
        self.remarks.update(dict.fromkeys(remarks))
        return lines

    def _dismiss(self, actor: _Actor) -> None:
        if actor in self._actors:
            self._actors.remove(actor)
            self._ray.kill(actor.handle)

    def _lost(self, batch: _Batch) -> Sequence[Line]:
        """Try a batch again after a pause, then its clips one by one; then the clip has failed.

        Raises:
            ModelError: the model lost clip after clip.
        """
        losses, (clip, *more) = batch.losses + 1, batch.clips
        if losses < TRIES:
            self._again.append(_Batch(batch.clips, losses, time.monotonic() + pause_after(losses)))
            return ()
        if more:
            self._again.extend(_Batch([clip]) for clip in batch.clips)
            return ()
        self._lost_in_a_row += 1
        if self._lost_in_a_row >= LOST_IN_A_ROW:
            raise ModelError(
                f"model {self._spec.id}: its process ended on each of the last {LOST_IN_A_ROW} clips",
                hint=f"run it in one process to see why: asrlab transcribe --model {self._spec.id} --clip {clip.id}",
            )
        problem = f"model {self._spec.id} on clip {clip.id}: its process ended {TRIES} times"
        return [Failure(task=self._spec.task, model=self._spec.id, clip=clip.id, problem=problem)]

    def _unable(self, error: Exception) -> ModelError:
        return ModelError(f"model {self._spec.id}: Ray cannot run it: {error}")


def pause_after(losses: int) -> float:
    """Seconds to wait after so many losses."""
    return min(LONGEST_PAUSE, PAUSE * 2.0 ** (losses - 1))


def _last_line(error: Exception) -> str:
    return str(error).rstrip().rpartition("\n")[2]


def _losses() -> tuple[type[Exception], ...]:
    """What Ray raises where a process or a node is lost, and with it an actor, its work or a result."""
    from ray.exceptions import NodeDiedError, ObjectLostError, OutOfMemoryError, RayActorError, WorkerCrashedError

    return (RayActorError, WorkerCrashedError, NodeDiedError, OutOfMemoryError, ObjectLostError)
