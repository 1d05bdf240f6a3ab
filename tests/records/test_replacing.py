"""What a process that was killed leaves beside the file that it was writing."""

import os
import subprocess
import sys

import pytest

from asrlab_pytest.content import replacing

KILLED = """
import os, signal, sys
from pathlib import Path
from asrlab_pytest.content import replacing

with replacing(Path(sys.argv[1])) as file:
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no process is killed that way")
def test_a_killed_process(tmp_path):
    """The next write of a file removes what a killed one left, and nothing that lives, is fresh or is of others."""
    path = tmp_path / "baseline.jsonl"
    path.write_text("older")
    killed = subprocess.Popen([sys.executable, "-c", KILLED, str(path)])
    killed.wait()
    left = tmp_path / f".baseline.jsonl.asrlab-{killed.pid}"
    others = [
        tmp_path / f".{name}.asrlab-{process}"
        for name, process in [("baseline.jsonl", os.getppid()), ("other.jsonl", killed.pid), ("baseline.jsonl", "bak")]
    ]
    others.append(tmp_path / f".baseline.jsonl.{killed.pid}")
    fresh = tmp_path / f".baseline.jsonl.asrlab-{killed.pid + 10**8}"
    for other in [*others, fresh]:
        other.touch()
    for old in [left, *others]:
        os.utime(old, (0, 0))

    with replacing(path) as file:
        file.write(b"newer")

    assert path.read_text() == "newer"
    assert not left.exists()
    assert all(other.exists() for other in [*others, fresh])
