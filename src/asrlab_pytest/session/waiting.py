"""Shows on a terminal what a run is doing, behind the dots, and takes it away again; a log gets none of it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, TextIO

import pytest

from asrlab_pytest import progress
from asrlab_pytest.visible import visible


@dataclass(eq=False, repr=False)
class WaitingLine:
    """A note at the end of the terminal's current line."""

    config: pytest.Config
    stream: TextIO
    _shown: str = ""

    def __call__(self, text: str) -> None:
        """Show a text in the place of the one before; none where it is empty or there is no room."""
        capture: Any = self.config.pluginmanager.getplugin("capturemanager")
        note = self._fitting(text)
        if note == self._shown:
            return
        back, blank = "\b" * len(self._shown), " " * len(self._shown)
        with capture.global_and_fixture_disabled():
            self.stream.write(f"{back}{blank}{back}{note}")
            self.stream.flush()
        self._shown = note

    def _fitting(self, text: str) -> str:
        reporter: Any = self.config.pluginmanager.getplugin("terminalreporter")
        room = reporter._tw.fullwidth - reporter._tw.width_of_current_line - 2  # noqa: SLF001 - no public name
        return f" {visible(text)[: room - 1]}" if text and room > 1 else ""


def show_progress(config: pytest.Config) -> None:
    """Show progress where a person looks at a terminal; the run of before shows no more."""
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    stream = sys.__stdout__
    is_seen = stream is not None and stream.isatty() and getattr(reporter, "isatty", False)
    progress.listeners[:] = [WaitingLine(config, stream)] if is_seen and config.get_verbosity() >= 0 and stream else []
