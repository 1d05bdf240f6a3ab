"""Peak memory of the process, sampled while something runs."""

from __future__ import annotations

import _thread
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Protocol, Self

import psutil

SAMPLING_SECONDS = 0.02
_OWN_PAGES = "/proc/self/statm"
"""Linux's counts of the pages of a process: total, and resident."""
_PAGES_BYTES = 128
"""Room for seven such counts."""
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
IDLE_SECONDS = 1.0
"""How long the sampling thread waits for the next block before it ends."""


class Sampled(Protocol):
    """What is sampled while it is open."""

    def sample(self) -> None:
        """Take a sample."""


@contextmanager
def sampled(monitor: Sampled) -> Iterator[None]:
    """Sample in another thread during a block, and at both ends of it."""
    sampler = _sampler(os.getpid())
    monitor.sample()
    sampler.add(monitor)
    try:
        yield
    finally:
        sampler.remove(monitor)
        monitor.sample()


class ResourceMonitor:
    """Context manager: the process's resident memory is sampled in another thread.

    After the block `peak_rss_bytes` is the largest sample.

    Args:
        pid: The process, where it is not this one; one that ends has no samples from then on.
    """

    def __init__(self, pid: int | None = None) -> None:
        this = os.getpid()
        self._pages = _own_pages(this) if pid is None else None
        self._process = psutil.Process(pid) if self._pages is None else None
        self._sampler = _sampler(this)
        self.peak_rss_bytes = 0

    def __enter__(self) -> Self:
        self.sample()
        self._sampler.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._sampler.remove(self)
        self.sample()

    def sample(self) -> None:
        """Sample the resident memory."""
        resident = self._of_others() if self._pages is None else _resident_bytes(self._pages)
        self.peak_rss_bytes = max(self.peak_rss_bytes, resident)

    def _of_others(self) -> int:
        """Of a process that psutil must ask the system for; 0 once it has ended."""
        assert self._process is not None
        resident = 0
        with suppress(psutil.NoSuchProcess):
            resident = self._process.memory_info().rss
        return resident


def _resident_bytes(pages: int) -> int:
    """Of this process, in a hundredth of the time of psutil, twice a clip."""
    return int(os.pread(pages, _PAGES_BYTES, 0).split(None, 2)[1]) * _PAGE_BYTES


class _Sampler:
    """The thread that samples for all blocks of a process, one after the other.

    A thread per block would take longer to start and stop than a short clip, and compete with it for the interpreter.
    """

    def __init__(self) -> None:
        self._lock = _thread.allocate_lock()
        self._open: list[Sampled] = []
        self._is_running = False

    def add(self, monitor: Sampled) -> None:
        with self._lock:
            self._open.append(monitor)
            if not self._is_running:
                self._is_running = True
                _thread.start_new_thread(self._run, ())

    def remove(self, monitor: Sampled) -> None:
        """Stop sampling for a block; no sample arrives afterwards."""
        with self._lock:
            self._open.remove(monitor)

    def _run(self) -> None:
        idle_s = 0.0
        try:
            while self._is_running:
                time.sleep(SAMPLING_SECONDS)
                with self._lock:
                    for monitor in self._open:
                        monitor.sample()
                    idle_s = 0.0 if self._open else idle_s + SAMPLING_SECONDS
                    self._is_running = idle_s < IDLE_SECONDS
        finally:
            self._is_running = False


@cache
def _own_pages(_number: int) -> int | None:
    """An open file with the pages of the calling process: a fork has its own. None if the system has no such file.

    It stays open, as opening it takes most of the time of a sample.
    """
    with suppress(OSError):
        return os.open(_OWN_PAGES, os.O_RDONLY)
    return None


@cache
def _sampler(_number: int) -> _Sampler:
    """The sampler of the calling process: threads do not survive a fork."""
    return _Sampler()
