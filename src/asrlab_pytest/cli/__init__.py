"""The ``asrlab`` command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version

from asrlab_pytest.cli import compare, corpus, entities, init, models, normalize, protocol, pull, rescore
from asrlab_pytest.errors import AsrlabError

UNUSABLE_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Exit status 0: done; 1: done, with a failure; 2: the input cannot be used; 3: undecided."""
    parser = argparse.ArgumentParser(prog="asrlab", description="Evaluate speech-recognition models with pytest.")
    parser.add_argument("--version", action="version", version=f"asrlab-pytest {version('asrlab-pytest')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in (models, pull, init, corpus, normalize, entities, protocol, rescore, compare):
        command.add_to(commands)
    options = parser.parse_args(arguments)
    try:
        status: int = options.run(options)
    except AsrlabError as error:
        print(f"asrlab: {error}", file=sys.stderr)
        return UNUSABLE_INPUT
    return status
