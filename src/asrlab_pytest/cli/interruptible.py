"""Commands that run models: how they end within a call into an engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from asrlab_pytest.inference import limit
from asrlab_pytest.inference.limit import Overrun
from asrlab_pytest.models import c_exit
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.records.recorder import Recorder
from asrlab_pytest.session.termination import ended_by_sigterm
from asrlab_pytest.visible import harmless

_AGAIN = (
    "isolate = true in [tool.asrlab.models] runs the model in a separate process, so that only this clip is lost; "
    "run the same command again to continue"
)


@contextmanager
def interruptible(recorder: Recorder, longer: str) -> Iterator[None]:
    """Treat SIGTERM like Ctrl-C, and record which clip ended the process.

    Args:
        recorder: Takes in the clip.
        longer: What gives a clip more time.
    """
    before = limit.ending[:], c_exit.exiting[:]
    limit.ending[:] = [lambda overrun: _tell_of_hang(recorder, overrun, longer)]
    c_exit.exiting[:] = [lambda: _last_words(f"an engine called the C library's exit()\n  hint: {_AGAIN}")]
    try:
        with ended_by_sigterm(
            lambda: _last_words("stopped by SIGTERM\n  hint: run the same command again to continue")
        ):
            yield
    finally:
        limit.ending[:], c_exit.exiting[:] = before


def _tell_of_hang(recorder: Recorder, overrun: Overrun, longer: str) -> None:
    with suppress(Exception):
        failure = Failure(model=overrun.model, clip=overrun.item, problem=str(overrun))
        recorder.to_record(failure)
        recorder.to_store(failure)
    _last_words(f"{overrun}: the run stops here\n  hint: allow more time with {longer}; {_AGAIN}")


def _last_words(words: str) -> None:
    os.write(2, f"\n{harmless(f'asrlab: {words}')}\n".encode("utf-8", "backslashreplace"))
