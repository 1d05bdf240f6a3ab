"""The ``asrlab`` command."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from importlib.metadata import version
from typing import TextIO, cast

from asrlab_pytest.cli import (
    audit,
    compare,
    corpus,
    entities,
    github,
    init,
    merge,
    models,
    normalize,
    plot,
    protocol,
    pull,
    record,
    report,
    reproduce,
    rescore,
    score,
    show,
    store,
    transcribe,
)
from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.visible import HarmlessStream

UNUSABLE_INPUT = 2
COMMANDS = (
    *(models, pull, init, corpus, transcribe, audit, normalize, entities, protocol),
    *(score, record, report, show, plot, rescore, merge, reproduce, compare, store, github),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Exit status 0: done; 1: done, with a failure; 2: the input cannot be used."""
    parser = argparse.ArgumentParser(prog="asrlab", description="Evaluate speech-recognition models with pytest.")
    parser.add_argument("--version", action="version", version=f"asrlab-pytest {version('asrlab-pytest')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(commands)
    # A terminal of another encoding than UTF-8, or a pipe of Windows, gets escapes for what it has no letters for.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    options = parser.parse_args(arguments)
    if not hasattr(options, "run"):
        parser.print_help()
        return 0
    # A filter may read forever, so it stops; other commands continue without a reader, for their exit status counts.
    is_filter: bool = getattr(options, "is_filter", False)
    stream = HarmlessStream(sys.stdout) if is_filter else LastingStream(sys.stdout)
    try:
        with redirect_stdout(cast("TextIO", stream)):
            status: int = options.run(options)
            sys.stdout.flush()
            _end_without_threads(status)
    except BrokenPipeError:
        if not is_filter:
            raise
        discard_output(sys.stdout)
        return 0
    except AsrlabError as error:
        print(f"asrlab: {error}", file=sys.stderr)
        return UNUSABLE_INPUT
    return status


def _end_without_threads(status: int) -> None:
    """Keep engine threads from blocking the exit of the command; a program that called it continues."""
    left = sys.modules.get("asrlab_pytest.models.left_threads")
    if left is not None and sys._getframe(2).f_globals.get("__name__") == "__main__":
        left.end_without_threads(lambda: status)


class LastingStream(HarmlessStream):
    """Discards what is written once the reader is gone, as behind `head`; the command exits with its own status."""

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
