"""A screen without pytest: plain lines on a stream."""

from __future__ import annotations

import shutil
from typing import TextIO

from asrlab_pytest.visible import harmless


class PlainScreen:
    """Writes what a report says to a stream, without colour.

    Args:
        stream: Where to.
        width: Columns of a title's rule; the terminal's, or 80, where it is None.
    """

    def __init__(self, stream: TextIO, width: int | None = None) -> None:
        self._stream = stream
        self._width = width or shutil.get_terminal_size((80, 24)).columns

    def section(self, title: str, sep: str = "=", **markup: bool) -> None:  # noqa: ARG002 - no colour here
        """A title in the middle of a rule."""
        self.write_line(f" {harmless(title)} ".center(self._width, sep))

    def write_line(self, line: str, **markup: bool) -> None:  # noqa: ARG002
        """A line."""
        self._stream.write(f"{harmless(line)}\n")
