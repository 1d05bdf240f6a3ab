"""Inspect a corpus, import it as a manifest, and edit the manifest."""

from __future__ import annotations

import argparse

from asrlab_pytest.cli.corpus import add, entities, importing, info, lock, sample
from asrlab_pytest.cli.quiet import quiet_libraries

ACTIONS = {
    "info": (info, "show hours, clips, speakers, languages and lengths"),
    "import": (importing, "write a manifest for a corpus in any format"),
    "add": (add, "add a clip to a manifest"),
    "lock": (lock, "pin the audio files by their hashes"),
    "sample": (sample, "draw a representative sample"),
    "entities": (entities, "propose entities for the references"),
}


def add_to(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for name, (module, purpose) in ACTIONS.items():
        module.add_to(actions.add_parser(name, help=purpose, description=module.__doc__))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    with quiet_libraries():
        status: int = options.action(options)
    return status
