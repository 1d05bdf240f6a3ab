"""A record is held by the run that writes it, and by no process that the run leaves behind."""

import os
import signal

import pytest

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.records.outputs import held

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


@pytest.fixture
def child(tmp_path):
    """The held record, and a process that was forked meanwhile and lives on."""
    path = tmp_path / "run.jsonl"
    with held(path, option="-o") as file:
        reader, writer = os.pipe()
        pid = os.fork()
        if not pid:
            os.write(writer, b"begun")
            signal.pause()
            os._exit(0)
        os.read(reader, 1)
        yield path, file
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(reader)
    os.close(writer)


@needs_fork
def test_a_child_that_outlives_a_run(child):
    """A record can be held again when its run has ended, also while a child that it forked lives."""
    path, file = child

    file.close()

    held(path, option="-o").close()


@needs_fork
def test_a_child_of_a_run_at_work(child):
    """A record stays held by its run when a child has been forked and has let it go."""
    path, _ = child

    with pytest.raises(ConfigError, match="is being written by another run"):
        held(path, option="-o")
