"""A thread that an engine leaves behind does not keep the process from ending."""

import threading

import pytest

from asrlab_pytest.models import left_threads

TABLE = """
[tool.asrlab.models.m]
engine = "wicked"
weights = "here"
options = { does = "linger", on = "good night" }
"""
TOLD = (
    "asrlab: 2 threads of an engine are still running and will not be waited for: "
    "'poller' of wicked_engine, 'poller' of wicked_engine"
)
"""One of the warm-up, one of the clip."""


@pytest.fixture
def lingering(project):
    """A project whose engine leaves a thread that never ends."""
    project.configure('model = ["m"]\n', models=(), tables=TABLE)
    project.clip("c0", "good night")
    project.evals("accuracy", "memory")
    return project


def test_pytest_ends(lingering):
    """The process ends with the status of the run, and a line after all else names the thread and its module.

    So does the process that measures the memory.
    """
    passed = lingering.run_apart("-p", "no:cacheprovider")
    (lingering.path / "clips" / "manifest.jsonl").write_text("")
    lingering.clip("c0", "good evening", says="good night")
    lingering.configure('model = ["m"]\n', models=(), tables=TABLE + "[tool.asrlab.thresholds]\nwer = 0.1\n")
    failed = lingering.run_apart("-p", "no:cacheprovider", "test_accuracy.py")

    assert (passed.ret, failed.ret) == (0, 1)
    for result in (passed, failed):
        assert TOLD in result.stderr.str().splitlines()
    assert passed.outlines[-1].startswith("===")


def test_a_program_that_calls_pytest_goes_on(lingering, monkeypatch):
    """A run within another program ends nothing: the program goes on, and its status is its own."""
    armed = []
    monkeypatch.setattr(left_threads, "end_without_threads", armed.append)
    monkeypatch.setattr(threading.Thread, "start", lambda thread: None)

    assert lingering.run("test_accuracy.py").ret == 0

    assert armed == []


def test_threads_that_end_by_themselves():
    """Only threads of engines count that Python would wait for, for as long as they run."""
    go_on = threading.Event()
    with left_threads.noting_threads():
        ours = [threading.Thread(target=go_on.wait, daemon=daemon) for daemon in (True, False)]
        for thread in ours:
            thread.start()
    other = threading.Thread(target=go_on.wait)
    other.start()

    assert {ours[1]} == set(left_threads.left_threads()) & {*ours, other}
    assert not left_threads._is_shutting_down()
    go_on.set()
    for thread in (*ours, other):
        thread.join()
    assert ours[1] not in left_threads.left_threads()


def test_a_command_ends(lingering, tmp_path):
    """A command of asrlab that ran the engine ends, too."""
    result = lingering.pytester.run("asrlab", "audit", "clips", "--witness", "m", timeout=60)

    assert result.ret in {0, 1}
    assert "of an engine is still running and will not be waited for: 'poller' of wicked_engine" in result.stderr.str()
