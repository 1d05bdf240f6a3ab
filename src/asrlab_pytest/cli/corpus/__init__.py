"""Inspect a corpus, import it as a manifest, and edit the manifest."""

from __future__ import annotations

import argparse

from asrlab_pytest.cli.corpus import add, entities, importing, info, lock, sample
from asrlab_pytest.cli.quiet import quiet_libraries
from asrlab_pytest.cli.types import SubParsers


def add_to(commands: SubParsers) -> None:
    parser = commands.add_parser("corpus", help="inspect a corpus, and edit its manifest", description=__doc__)
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for action in (info, importing, add, lock, sample, entities):
        action.add_to(actions)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    with quiet_libraries():
        status: int = options.action(options)
    return status
