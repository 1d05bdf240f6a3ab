"""Peak memory of the process, sampled while something runs, and the processor time it took."""

from __future__ import annotations

import threading
from contextlib import suppress
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
        self._process = psutil.Process(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="asrlab-resources", daemon=True)
        self.peak_rss_bytes = 0
        self.cpu_seconds = 0.0

    def __enter__(self) -> Self:
        self._record()
        self._cpu_start = processor_seconds(self._pid)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cpu_seconds = max(0.0, processor_seconds(self._pid) - self._cpu_start)
        self._stop.set()
        self._thread.join()
        self._record()

    def _sample(self) -> None:
        while not self._stop.wait(SAMPLING_SECONDS):
            self._record()

    def _record(self) -> None:
        with suppress(psutil.NoSuchProcess):
            self.peak_rss_bytes = max(self.peak_rss_bytes, self._process.memory_info().rss)
