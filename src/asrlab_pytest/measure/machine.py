"""The load of the machine, which says whether a time on it means something by itself, and processor time."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from functools import cache


def load_average() -> float | None:
    """Processes that ran or waited for a core, as the mean of the last minute; None if the system does not say."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def load_per_core() -> float | None:
    """The load average over the number of processors."""
    load = load_average()
    return None if load is None else load / _processors()


def why_shared(load_at_start: float | None) -> str | None:
    """Why a bound on absolute time is doubtful here, in words; None if nothing speaks against it.

    Args:
        load_at_start: The load average when the run began; this is called at its end.
    """
    import psutil

    cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    loads = [load for load in (load_at_start, load_average()) if load is not None]
    reasons = ["CI is set"] if os.environ.get("CI") else []
    if loads and max(loads) > cores:
        reasons.append(f"load {max(loads) / cores:.1f} per core")
    return ", ".join(reasons) or None


@cache
def _processors() -> int:
    """The number of cores, read once because the system reads it from a file."""
    return os.cpu_count() or 1


def processor_seconds(pid: int | None = None) -> float:
    """Processor time, user and system, of all threads of this process and of programs that it called and that ended.

    Windows does not count child processes that have ended, so only this process counts there.

    Args:
        pid: Another process; the result is 0 once it has ended.
    """
    if pid is None:
        return time.process_time() + _of_ended_programs()
    import psutil

    try:
        used = psutil.Process(pid).cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(used.user + used.system)


if sys.platform == "win32":

    def _of_ended_programs() -> float:
        return 0.0

else:
    import resource

    def _of_ended_programs() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime


_M_MMAP_THRESHOLD = -3
_THRESHOLD = 128 * 1024


def return_large_blocks() -> None:
    """Have glibc give each large block back to the system when it is free.

    By default it soon keeps blocks of up to 32 MB, and arrays that grow leave holes among them.
    """
    if sys.platform == "linux":
        # Other C libraries of Linux have no such function.
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_MMAP_THRESHOLD, _THRESHOLD)
