"""The peak of what Python allocates, as a test of memory by rows needs it."""

import gc
import tracemalloc
from contextlib import contextmanager


@contextmanager
def peak_into(peaks):
    """Adds the peak within the block, in bytes, to a list.

    Garbage that waits to be collected is not counted: it is collected often, whatever other tests have left in memory.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(500, 2, 2)
    tracemalloc.start()
    try:
        yield
        peaks.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
        gc.set_threshold(*usual)
