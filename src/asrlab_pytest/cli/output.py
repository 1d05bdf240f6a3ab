"""Standard output of a command whose reader may close the pipe, as `head` does."""

from __future__ import annotations

import os
from typing import TextIO

from asrlab_pytest.visible import HarmlessStream


class LastingStream(HarmlessStream):
    """Discards what is written once nobody reads, so that a command goes on and exits with its own status."""

    def write(self, text: str) -> int:
        """Write a part of a line, or lines."""
        try:
            return super().write(text)
        except BrokenPipeError:
            discard_output(self._stream)
            return len(text)

    def flush(self) -> None:
        """Write what is buffered."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            discard_output(self._stream)


def discard_output(stream: TextIO) -> None:
    """Redirect a stream to nowhere, because Python would complain again when it closes a broken pipe."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
