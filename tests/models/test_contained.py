"""A call into an engine can neither end the process with status 0 nor skip a test, however deep it is."""

import os
import threading

import pytest

from asrlab_pytest.models.contained import EngineQuit, contained, uninterrupted


@pytest.fixture
def end():
    return os._exit


def test_a_call_within_a_call(end):
    """A call within a call is guarded by the outer one, which goes on when the inner one is over."""
    with contained():
        outer = os._exit
        with contained():
            assert os._exit is outer
        with pytest.raises(EngineQuit):
            os._exit(0)

    assert outer is not end
    assert os._exit is end


def test_two_calls_in_turn(end):
    """A call is guarded also where one before it is over, or has failed."""
    for _ in range(2):
        with pytest.raises(EngineQuit), contained():
            os._exit(0)
        assert os._exit is end


def test_a_call_in_another_thread():
    """A call in a thread of its own is guarded by itself: the call beside it may be over first."""
    guards = []

    def call():
        with contained():
            guards.append(os._exit)

    with contained():
        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
        guards.append(os._exit)

    assert guards[0] is not guards[1]


def test_a_call_of_an_uninterrupted_run(end):
    """Within a run that is guarded as a whole, a call is guarded by it in every thread, and alone again after it."""
    told = []

    def call():
        with contained():
            told.append(os._exit)

    with uninterrupted():
        guard = os._exit
        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
        with pytest.raises(EngineQuit), contained():
            os._exit(0)
    assert told == [guard]
    with pytest.raises(EngineQuit), contained():
        os._exit(0)
    assert os._exit is end
