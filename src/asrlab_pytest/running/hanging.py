"""The last words of a run that a model hangs: which model, on what, and how to go on."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from asrlab_pytest.visible import harmless

if TYPE_CHECKING:
    from asrlab_pytest.measure.limit import Overrun
    from asrlab_pytest.running.session import Session

_STANDARD_ERROR = 2


def tell_of_hang(session: Session, overrun: Overrun) -> None:
    """Write to the store, the record and the terminal what hangs. The test that hangs is in another thread.

    Args:
        session: The run.
        overrun: What hangs.
    """
    with suppress(Exception):
        session.failed(overrun.model, [(overrun.item, str(overrun))])
    capture = session.config.pluginmanager.getplugin("capturemanager")
    if capture is not None:
        # What is written from here on reaches the terminal, and the file that captures the test's output does not.
        capture.suspend_global_capture(in_=True)
    text = harmless(
        f"asrlab: {overrun}: the run ends here\n"
        "  mend: give it longer by --asr-timeout, or let it run in a process of its own, so that it costs one clip: "
        "isolate = true in [tool.asrlab.models]; what was transcribed is kept: --asr-resume"
    )
    os.write(_STANDARD_ERROR, f"\n{text}\n".encode("utf-8", "backslashreplace"))
