"""The ``asrlab`` command."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Container, Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from typing import NoReturn, TextIO, cast

from asrlab_pytest.errors import AsrlabError

UNUSABLE_INPUT = 2
INTERRUPTED = 130
COMMANDS = {
    "models": "list the models, with their status",
    "pull": "download the weights of models",
    "init": "create a starter project",
    "corpus": "inspect a corpus, and edit its manifest",
    "transcribe": "transcribe a large corpus without pytest",
    "audit": "find clips whose audio does not match their text",
    "normalize": "normalize each line of standard input",
    "entities": "find the entities in each line of standard input",
    "protocol": "validate the scoring rules, and show what normalization does",
    "score": "score existing transcripts",
    "record": "validate stored runs, or print their schema",
    "report": "print a stored run with all details",
    "show": "show what each model wrote for a clip",
    "plot": "draw WER against RTF, or over several runs",
    "rescore": "score a stored run with several normalizations",
    "merge": "merge the records of shards or machines",
    "reproduce": "run the cases of a stored run again",
    "compare": "compare two runs",
    "store": "show what is in the store, or delete old records",
    "github": "run the steps of the GitHub action",
}
"""What each command does. The module of the same name is imported when it is called."""
ALIASES = {"report": ("scorecard",)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Exit status 0: done; 1: done, with a failure; 2: the input cannot be used; 130: interrupted by Ctrl-C.
    """
    try:
        status = _run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        print("asrlab: interrupted", file=sys.stderr)
        status = INTERRUPTED
    _end_without_threads(status)
    return status


def _run(arguments: Sequence[str]) -> int:
    parser = parser_of(arguments)
    # A terminal of another encoding than UTF-8, or a pipe of Windows, gets escapes for what it has no letters for.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        options = parser.parse_args(arguments)
        if hasattr(options, "run"):
            return _called(options)
    except AsrlabError as error:
        print(f"asrlab: {error}", file=sys.stderr)
        return UNUSABLE_INPUT
    parser.print_help()
    return 0


def _called(options: argparse.Namespace) -> int:
    """Run the command that was called."""
    # What is imported here and not above may be broken off without a traceback.
    from asrlab_pytest.cli.lasting_output import LastingStream, discard_output
    from asrlab_pytest.visible import DiscreetStream, HarmlessStream, visible

    # A filter may read forever, so it stops; other commands continue without a reader, for what else they do counts.
    is_filter: bool = getattr(options, "is_filter", False)
    stream = HarmlessStream(sys.stdout) if is_filter else LastingStream(sys.stdout)
    try:
        errors = cast("TextIO", DiscreetStream(sys.stderr))
        with redirect_stdout(cast("TextIO", stream)), redirect_stderr(errors):
            status: int = options.run(options)
            sys.stdout.flush()
            if isinstance(stream, LastingStream) and stream.is_incomplete:
                status = UNUSABLE_INPUT
    except OSError as error:
        if not is_filter and error.filename is None:
            raise
        if is_filter:
            discard_output(sys.stdout)
        if is_filter and isinstance(error, BrokenPipeError):
            return 0
        where = "standard input or output" if error.filename is None else visible(str(error.filename))
        print(f"asrlab: {where}: {error.strerror}", file=sys.stderr)
        return UNUSABLE_INPUT
    return status


def parser_of(called: Container[str]) -> argparse.ArgumentParser:
    """The parser of all commands, with the options of those that are called."""
    from importlib.metadata import version

    parser = _Parser(prog="asrlab", description="Evaluate speech-recognition models with pytest.")
    parser.add_argument("--version", action="version", version=f"asrlab-pytest {version('asrlab-pytest')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, purpose in COMMANDS.items():
        names = (name, *ALIASES.get(name, ()))
        command = commands.add_parser(name, aliases=names[1:], help=purpose)
        if any(each in called for each in names):
            module = import_module(f"{__name__}.{name}")
            command.description = module.__doc__
            module.add_to(command)
    return parser


class _Parser(argparse.ArgumentParser):
    """A parser, and those of its commands, whose errors quote what was given without its secrets."""

    def error(self, message: str) -> NoReturn:
        from asrlab_pytest.visible import harmless

        super().error(harmless(message))


def _end_without_threads(status: int) -> None:
    """Keep engine threads from blocking the exit of the command; a program that called it continues."""
    left = sys.modules.get("asrlab_pytest.models.left_threads")
    if left is not None and sys._getframe(2).f_globals.get("__name__") == "__main__":
        left.end_without_threads(lambda: status)
