"""Runs models on a Ray cluster: one actor per GPU, or per number of cores, holds a model and gets clips in batches.

Ray places the actors, transfers clips and observations, restarts an actor if its process or node is lost, and
repeats its unfinished work.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ConfigError, ModelError
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.inference.transcriber import Transcriber, chunked
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.environment import Cluster
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.suite.transcribing import Line, Workers

CORES = 4
"""Default number of cores of an actor without a GPU."""
BATCH = 16
"""Clips in a batch. The batches of a lost node are transcribed again."""
WAITING = 2
"""Batches that are queued for an actor, so that it need not wait for the next one."""
CONNECTING = 10.0
"""Seconds in which a cluster must answer."""
RETRIES = 2
"""How often Ray repeats a batch whose actor is lost, before its clips are retried one by one."""


class ModelActor:
    """Holds a model in a process of a node.

    Args:
        spec: The model.
        conditions: Device and limits of the run.
    """

    def __init__(self, spec: ModelSpec, conditions: RunConditions) -> None:
        self._transcriber = Transcriber(spec, conditions)

    def transcribe(self, clips: Sequence[Clip]) -> tuple[list[Line], Sequence[str]] | ModelError:
        """The result of each clip, and settings that have no effect; or why the model does not load."""
        try:
            return list(self._transcriber.transcribe(clips)), self._transcriber.remarks
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


class RayWorkers(Workers):
    """Runs models on the nodes of a Ray cluster.

    Args:
        address: Of the cluster; None for the one that this machine belongs to, or a local one.
        cores: Of an actor; None for `CORES`, or fewer if a node has fewer.

    Raises:
        ConfigError: Ray is not installed, or no cluster answers.
    """

    def __init__(self, address: str | None, cores: int | None) -> None:
        self._ray = ray_module()
        self._cores = cores
        self.remarks: dict[str, None] = {}
        _refuse_silence(address)
        with _own_signals():
            self._ray.init(
                address=address,
                log_to_driver=False,
                logging_level="WARNING",
                ignore_reinit_error=True,
                include_dashboard=False,
            )

    def describe(self) -> Cluster:
        """The cluster, as plain JSON."""
        resources = self._ray.cluster_resources()
        return {
            "engine": f"ray {self._ray.__version__}",
            "nodes": sum(node["Alive"] for node in self._ray.nodes()),
            "cpu": resources.get("CPU", 0.0),
            "gpu": resources.get("GPU", 0.0),
        }

    def transcribe(self, spec: ModelSpec, conditions: RunConditions, clips: Iterable[Clip]) -> Iterator[Line]:
        """The result of each clip, in order of completion."""
        place = self._place(spec, conditions)
        pool = _Pool(self._ray, spec, conditions, place, max(1, place.count(self._ray.nodes())))
        try:
            yield from pool.transcribe(clips)
            self.remarks.update(pool.remarks)
        finally:
            pool.close()

    def close(self) -> None:
        """Disconnect from the cluster."""
        self._ray.shutdown()

    def _place(self, spec: ModelSpec, conditions: RunConditions) -> Place:
        """A GPU if the model can use one and the cluster has one; otherwise cores."""
        most = max((node["Resources"].get("CPU", 0.0) for node in self._ray.nodes() if node["Alive"]), default=1.0)
        requested = spec.device or conditions.device
        takes_gpu = requested in {"auto", "cuda"} and "cuda" in engine(spec.engine).devices
        if takes_gpu and self._ray.cluster_resources().get("GPU"):
            return Place(cpus=float(self._cores or 1), gpus=1.0)
        return Place(cpus=float(self._cores or min(CORES, most)), gpus=0.0)


@dataclass(slots=True)
class _Actor:
    handle: Any
    load: int = 0
    """Batches that it has; `WAITING` where it may have no other."""


class _Task(NamedTuple):
    actor: _Actor
    clips: Sequence[Clip]
    load: int


class _Pool:
    """The actors of one model, and the batches of each."""

    def __init__(self, ray: Any, spec: ModelSpec, conditions: RunConditions, place: Place, size: int) -> None:
        self._ray = ray
        self._spec = spec
        self.remarks: dict[str, None] = {}
        kind = ray.remote(ModelActor).options(
            num_cpus=place.cpus,
            num_gpus=place.gpus,
            max_restarts=-1,
            max_task_retries=RETRIES,
            scheduling_strategy="SPREAD",
        )
        self._actors = [_Actor(kind.remote(spec, conditions)) for _ in range(size)]
        self._running: dict[Any, _Task] = {}
        """By the reference of the result."""
        self._again: deque[Sequence[Clip]] = deque()
        """Clips that are retried one by one."""

    def transcribe(self, clips: Iterable[Clip]) -> Iterator[Line]:
        batches = chunked(clips, max(BATCH, self._spec.batch_size))
        while True:
            self._feed(batches)
            if not self._running:
                return
            (answer, *_), _ = self._ray.wait(list(self._running), num_returns=1)
            task = self._running.pop(answer)
            task.actor.load -= task.load
            yield from self._lines(answer, task.clips)

    def close(self) -> None:
        """Release the resources."""
        while self._actors:
            self._ray.kill(self._actors.pop().handle)

    def _feed(self, batches: Iterator[list[Clip]]) -> None:
        """Give a batch to each actor that has room; if none is left, stop idle actors.

        An actor that lost its node waits for resources, which the last stopped actor frees. A clip that is retried
        alone gets an actor to itself, as it may end the process with everything that is queued there.
        """
        while (actor := min(self._actors, key=lambda actor: actor.load)).load < WAITING:
            if self._again and actor.load:
                return
            if self._again:
                self._give(actor, self._again.popleft(), WAITING)
            elif batch := next(batches, None):
                self._give(actor, batch, 1)
            else:
                self._dismiss_idle()
                return

    def _give(self, actor: _Actor, batch: Sequence[Clip], load: int) -> None:
        self._running[actor.handle.transcribe.remote(batch)] = _Task(actor, batch, load)
        actor.load += load

    def _dismiss_idle(self) -> None:
        for actor in [actor for actor in self._actors if not actor.load]:
            if len(self._actors) > 1:
                self._actors.remove(actor)
                self._ray.kill(actor.handle)

    def _lines(self, answer: Any, batch: Sequence[Clip]) -> Sequence[Line]:
        """The results of a batch; none yet if its clips will be retried one by one.

        Raises:
            ModelError: the model does not load, or the cluster cannot run it.
        """
        from ray.exceptions import RayActorError, RayError

        try:
            result: tuple[list[Line], Sequence[str]] | ModelError = self._ray.get(answer)
        except RayActorError:
            if len(batch) > 1:
                self._again.extend([clip] for clip in batch)
                return []
            problem = f"model {self._spec.id} on clip {batch[0].id}: its process ended {RETRIES + 1} times"
            return [Failure(task=self._spec.task, model=self._spec.id, clip=batch[0].id, problem=problem)]
        except RayError as error:
            raise ModelError(f"model {self._spec.id}: Ray cannot run it: {error}") from error
        if isinstance(result, ModelError):
            raise result
        lines, remarks = result
        self.remarks.update(dict.fromkeys(remarks))
        return lines


def _refuse_silence(address: str | None) -> None:
    """Refuse an address where nothing listens: Ray itself would wait for minutes.

    Raises:
        ConfigError: nothing listens there.
    """
    host, _, port = (address or "").rpartition("//")[2].rpartition(":")
    if not host or not port.isdecimal():
        return
    try:
        socket.create_connection((host, int(port)), timeout=CONNECTING).close()
    except OSError as error:
        raise ConfigError(
            f"no Ray cluster answers at {address}: {error.strerror or error}",
            hint="start one with: ray start --head; then pass the address that it prints with --address",
        ) from None


@contextmanager
def _own_signals() -> Iterator[None]:
    """Keep the handler of SIGTERM, which Ray replaces."""
    handler = signal.getsignal(signal.SIGTERM)
    yield
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, handler)


def ray_module() -> Any:
    """Import Ray, so that actors run in the environment of their node.

    Raises:
        ConfigError: it is not installed.
    """
    # Under "uv run", Ray would run each actor with "uv run" in a copy of the working directory, and wait forever if
    # that fails. It reads the variable when it is imported.
    os.environ.setdefault("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")
    try:
        import ray
    except ImportError:
        raise ConfigError(
            "Ray is not installed", hint='install the extra: uv add "asrlab-pytest[ray]", on every node'
        ) from None
    return ray
