"""The clock that latencies are measured with."""

from __future__ import annotations

import time


class SteadyClock:
    """Holds the clock in a class: freezegun and others replace `time.perf_counter` in all modules."""

    seconds = staticmethod(time.perf_counter)
    """From any start."""
