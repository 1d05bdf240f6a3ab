"""Memory and processor time of a stretch of work."""

import subprocess
import sys
import threading
import time

import pytest

from asrlab_pytest.measure.resources import ResourceMonitor


def test_memory_that_comes_and_goes_is_seen():
    """The peak holds memory that was let go again before the end."""
    with ResourceMonitor() as quiet:
        pass
    with ResourceMonitor() as resources:
        block = bytearray(200_000_000)
        block[::4096] = b"x" * len(block[::4096])
        time.sleep(0.2)
        del block

    assert resources.peak_rss_bytes > quiet.peak_rss_bytes + 150_000_000


def test_processor_time_of_all_threads():
    """Work in a thread counts, and sleep does not."""

    def work():
        end = time.thread_time() + 0.2
        while time.thread_time() < end:
            pass

    with ResourceMonitor() as busy:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    with ResourceMonitor() as idle:
        time.sleep(0.2)

    assert 0.15 < busy.cpu_seconds < 1.0
    assert idle.cpu_seconds < 0.15


def test_processor_time_of_programs():
    """Work of a program that was called and has ended counts."""
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    with ResourceMonitor() as called:
        subprocess.run([sys.executable, "-c", burn], check=True)

    assert 0.25 < called.cpu_seconds < 3.0


def test_no_thread_is_left():
    """The sampling thread ends with the block, also after an error."""
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError), ResourceMonitor():
        1 / 0  # noqa: B018

    assert threading.active_count() == before
