"""Runs models on a Ray cluster: one actor per GPU, or per number of cores, holds a model."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.environment import Cluster
from asrlab_pytest.suite.ray_pool import Place, Pool
from asrlab_pytest.suite.transcribing import Line, Workers

CORES = 4
"""Default number of cores of an actor without a GPU."""
CONNECTING = 10.0
"""Seconds in which a cluster must answer."""


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
        self._nodes: dict[str, int] = {}
        _refuse_silence(address)
        with _own_signals():
            self._ray.init(
                address=address,
                log_to_driver=False,
                logging_level="WARNING",
                ignore_reinit_error=True,
                include_dashboard=False,
            )

    def nodes(self, model: str) -> int | None:
        """On how many nodes a model ran."""
        return self._nodes.get(model)

    def describe(self) -> Cluster:
        """The cluster."""
        resources = self._ray.cluster_resources()
        return Cluster(
            engine=f"ray {self._ray.__version__}",
            nodes=sum(node["Alive"] for node in self._ray.nodes()),
            cpu=resources.get("CPU", 0.0),
            gpu=resources.get("GPU", 0.0),
        )

    def transcribe(self, spec: ModelSpec, conditions: RunConditions, clips: Iterable[Clip]) -> Iterator[Line]:
        """The result of each clip, in order of completion."""
        place = self._place(spec, conditions)
        pool = Pool(self._ray, spec, conditions, place)
        try:
            yield from pool.transcribe(clips)
            self.remarks.update(pool.remarks)
        finally:
            self._nodes[spec.id] = len(pool.nodes)
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
