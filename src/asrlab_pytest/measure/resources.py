"""Peak memory of the process, sampled while something runs, and the processor time it took."""

from __future__ import annotations

import _thread
import os
from contextlib import suppress
from functools import cache
from types import TracebackType
from typing import Self

import psutil

from asrlab_pytest.measure.processor import processor_seconds

SAMPLING_SECONDS = 0.02


class ResourceMonitor:
    """Context manager: samples the process's resident memory in a thread of its own.

    After the block `peak_rss_bytes` is the largest sample, and `cpu_seconds` the processor time that was spent in it.

    Args:
        pid: The process, where it is not this one; one that ends has no samples from then on.
    """

    def __init__(self, pid: int | None = None) -> None:
        self._pid = pid
        self._process = _own_process(os.getpid()) if pid is None else psutil.Process(pid)
        self._running = _thread.allocate_lock()
        self._sampling = _thread.allocate_lock()
        self.peak_rss_bytes = 0
        self.cpu_seconds = 0.0

    def __enter__(self) -> Self:
        self._record()
        self._running.acquire()
        self._sampling.acquire()
        self._cpu_start = processor_seconds(self._pid)
        # One for each transcription: a `threading.Thread` waits until it runs, which takes longer than a short clip.
        _thread.start_new_thread(self._sample, ())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cpu_seconds = max(0.0, processor_seconds(self._pid) - self._cpu_start)
        self._running.release()
        self._sampling.acquire()
        self._record()

    def _sample(self) -> None:
        try:
            while not self._running.acquire(timeout=SAMPLING_SECONDS):
                self._record()
        finally:
            self._sampling.release()

    def _record(self) -> None:
        with suppress(psutil.NoSuchProcess):
            self.peak_rss_bytes = max(self.peak_rss_bytes, self._process.memory_info().rss)


@cache
def _own_process(number: int) -> psutil.Process:
    """The process that calls, looked up once."""
    return psutil.Process(number)
