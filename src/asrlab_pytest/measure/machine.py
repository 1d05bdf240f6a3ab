"""How busy the machine is, and so whether a time on it says something by itself."""

from __future__ import annotations

import os
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
