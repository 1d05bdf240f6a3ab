"""Processor time: what a model costs, whoever else is at work on the machine."""

from __future__ import annotations

import sys
import time


def processor_seconds() -> float:
    """Processor time, user and system, of all threads of this process and of programs that it called and that ended.

    Windows does not tell of programs that ended: there it is of this process alone.
    """
    return time.process_time() + _of_ended_programs()


if sys.platform == "win32":

    def _of_ended_programs() -> float:
        return 0.0

else:
    import resource

    def _of_ended_programs() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
