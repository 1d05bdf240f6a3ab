"""Processor time: what a model costs, no matter what else runs on the machine."""

from __future__ import annotations

import sys
import time


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
