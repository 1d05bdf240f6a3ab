"""The last words of a run that ends at once: what ended it, and how to go on."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from asrlab_pytest.session.ledger import Failed
from asrlab_pytest.visible import harmless

if TYPE_CHECKING:
    import pytest

    from asrlab_pytest.inference.limit import Overrun

_STANDARD_ERROR = 2
_ISOLATE = (
    "let it run in a process of its own, so that it costs one clip: isolate = true in [tool.asrlab.models]; "
    "what was transcribed is kept: --asr-resume"
)


def tell_of_ends(config: pytest.Config, failed: Callable[[Failed], None]) -> None:
    """From now on, say why where the process ends within a call into an engine.

    Args:
        config: The run's.
        failed: Takes in the clip of a call that hangs.
    """
    from asrlab_pytest.inference.limit import ending
    from asrlab_pytest.models.c_exit import exiting

    ending[:] = [lambda overrun: _tell_of_hang(config, failed, overrun)]
    exiting[:] = [lambda: _tell_of_exit(config)]


def _tell_of_hang(config: pytest.Config, failed: Callable[[Failed], None], overrun: Overrun) -> None:
    """Write to the store, the record and the terminal what hangs. The test that hangs is in another thread."""
    with suppress(Exception):
        failed(Failed(overrun.model, overrun.item, str(overrun)))
    last_words(
        config,
        f"{overrun}: the run ends here\n  hint: give it longer with --asr-timeout, or {_ISOLATE}",
    )


def _tell_of_exit(config: pytest.Config) -> None:
    last_words(
        config,
        f"an engine called exit() of the C library: the run ends here\n  hint: {_ISOLATE}",
    )


def last_words(config: pytest.Config, words: str) -> None:
    """Write to the terminal what ends the process, past the capture of a test's output."""
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture is not None:
        # What is written from here on reaches the terminal, and the file that captures the test's output does not.
        capture.suspend_global_capture(in_=True)
    os.write(_STANDARD_ERROR, f"\n{harmless(f'asrlab: {words}')}\n".encode("utf-8", "backslashreplace"))
