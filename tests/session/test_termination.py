"""A signal that ends a run does not break off what the run keeps."""

import os
import signal
import sys

import pytest

from asrlab_pytest.session.signals import undisturbed
from asrlab_pytest.session.termination import ended_by_sigterm

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM that a process could handle")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_within(number):
    """A signal within ends the run when the outermost part is done, and the handlers are those of before."""
    done = []
    before = signal.getsignal(number)

    def act():
        with ended_by_sigterm(lambda: None), undisturbed():
            with undisturbed():
                os.kill(os.getpid(), number)
                done.append("inner")
            done.append("outer")

    with pytest.raises(KeyboardInterrupt):
        act()

    assert done == ["inner", "outer"]
    assert signal.getsignal(number) is before
