"""Standard output of a command, which continues when its reader is gone."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from asrlab_pytest.visible import HarmlessStream


class LastingStream(HarmlessStream):
    """Discards what is written once the reader is gone, as behind `head`, or the disk is full."""

    is_incomplete = False
    """Whether a reader that was still there missed some of it."""

    def write(self, text: str) -> int:
        """Write a part of a line, or lines."""
        try:
            return super().write(text)
        except OSError as error:
            self._end(error)
            return len(text)

    def flush(self) -> None:
        """Write what is buffered."""
        try:
            self.stream.flush()
        except OSError as error:
            self._end(error)

    def _end(self, error: OSError) -> None:
        discard_output(self.stream)
        if not isinstance(error, BrokenPipeError):
            self.is_incomplete = True
            print(f"asrlab: standard output cannot be written: {error.strerror}", file=sys.stderr)


def discard_output(stream: TextIO) -> None:
    """Redirect a stream to nowhere, because Python would complain again when it closes a broken pipe."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
