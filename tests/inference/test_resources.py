"""Memory and processor time of a stretch of work."""

import _thread
import os
import subprocess
import sys
import threading
import time

import pytest

from asrlab_pytest.inference.fresh import Programs
from asrlab_pytest.measure import resources as resources_module
from asrlab_pytest.measure.machine import processor_seconds
from asrlab_pytest.measure.resources import ResourceMonitor, sampled


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


HOLDS = "block = b'x' * {size}; import time; time.sleep({seconds}); del block; print('ready', flush=True); {then}"
"""A program that holds so many bytes for so long."""


def in_own_process(code):
    """What a process prints that has not run any program before."""
    head = (
        "import subprocess, sys; from asrlab_pytest.inference.fresh import Programs; "
        "from asrlab_pytest.measure.resources import sampled\n"
    )
    found = subprocess.run([sys.executable, "-c", head + code], check=True, capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


def test_peak_of_programs():
    """The peak of a process holds that of a program that runs for it, as that of a server of the engine `command`."""
    program = HOLDS.format(size=200_000_000, seconds=0, then="input()")
    before, programs = Programs().peak_rss_bytes(), Programs()
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        with sampled(programs):
            pass
        process.communicate(b"\n")

    assert programs.peak_rss_bytes() > before + 200_000_000


@pytest.mark.parametrize("middle", ["", "sh -c"], ids=["child", "grandchild"])
def test_peak_of_programs_that_ended(middle):
    """The peak also holds that of a program that ran for a while and ended, and of one that it ran."""
    program = HOLDS.format(size=200_000_000, seconds=0.4, then="0").replace("'", '"')
    started = [sys.executable, "-c", program] if not middle else ["sh", "-c", f"{sys.executable} -c '{program}'; true"]

    before, after = in_own_process(
        f"programs = Programs()\nprint(programs.peak_rss_bytes())\n"
        f"with sampled(programs):\n    subprocess.run({started!r}, check=True, stdout=subprocess.DEVNULL)\n"
        "print(programs.peak_rss_bytes())"
    )

    assert after > before + 200_000_000


def test_peak_of_a_short_program():
    """A program that ended between two samples counts where it had more than the process that ran it."""
    program = HOLDS.format(size=300_000_000, seconds=0, then="0")

    before, after = in_own_process(
        "programs = Programs()\nprint(programs.peak_rss_bytes())\n"
        f"subprocess.run([sys.executable, '-c', {program!r}], check=True, stdout=subprocess.DEVNULL)\n"
        "print(programs.peak_rss_bytes())"
    )

    assert after > before + 300_000_000


def test_processor_time_of_all_threads():
    """Work in a thread counts, and sleep does not."""

    def work():
        end = time.thread_time() + 0.2
        while time.thread_time() < end:
            pass

    before = processor_seconds()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    worked = processor_seconds()
    time.sleep(0.2)

    assert 0.15 < worked - before < 1.0
    assert processor_seconds() - worked < 0.15


def test_processor_time_of_programs():
    """Work of a program that was called and has ended counts."""
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    before = processor_seconds()
    subprocess.run([sys.executable, "-c", burn], check=True)

    assert 0.25 < processor_seconds() - before < 3.0


FORK = """
import os
from asrlab_pytest.measure.resources import ResourceMonitor, sampled
with ResourceMonitor() as before:
    pass
if os.fork() == 0:
    block = bytearray(200_000_000)
    block[::4096] = b"x" * len(block[::4096])
    with ResourceMonitor() as forked:
        pass
    os._exit(forked.peak_rss_bytes < before.peak_rss_bytes + 150_000_000)
_, status = os.wait()
raise SystemExit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="runs where a process can fork, as on Linux and macOS")
def test_memory_of_a_fork():
    """A forked process samples its own memory, and not that of the process that it was forked from."""
    subprocess.run([sys.executable, "-c", FORK], check=True)


def test_no_thread_is_left(monkeypatch):
    """The sampling thread ends soon after the last block, also after an error."""
    monkeypatch.setattr(resources_module, "IDLE_SECONDS", 0.01)
    before = _thread._count()
    with pytest.raises(ZeroDivisionError), ResourceMonitor():
        1 / 0  # noqa: B018

    end = time.monotonic() + 20
    while _thread._count() > before and time.monotonic() < end:
        time.sleep(0.01)

    assert _thread._count() <= before


def test_blocks_share_a_thread(monkeypatch):
    """Blocks that follow each other start one thread between them, and each has its own peak."""
    started = []
    start = _thread.start_new_thread
    monkeypatch.setattr(_thread, "start_new_thread", lambda *args: [started.append(1), start(*args)])
    resources_module._sampler.cache_clear()
    peaks = []
    for size in (0, 200_000_000, 0):
        with ResourceMonitor() as resources:
            block = bytearray(size)
            block[::4096] = b"x" * len(block[::4096])
            time.sleep(0.1)
            del block
        peaks.append(resources.peak_rss_bytes)

    assert len(started) == 1
    assert min(peaks[1] - peaks[0], peaks[1] - peaks[2]) > 150_000_000
