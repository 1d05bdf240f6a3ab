"""Inspect a corpus, import it as a manifest, and edit the manifest."""

from __future__ import annotations

import argparse

from asrlab_pytest.cli.corpus import add, entities, importing, info, lock, sample
from asrlab_pytest.cli.quiet import quiet_libraries


def add_to(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for action in (info, importing, add, lock, sample, entities):
        action.add_to(actions)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    with quiet_libraries():
        status: int = options.action(options)
    return status
