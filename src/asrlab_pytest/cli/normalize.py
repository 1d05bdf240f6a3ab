"""Print each line of standard input normalized."""

from __future__ import annotations

import argparse
import sys

from asrlab_pytest.cli.project import settings_here
from asrlab_pytest.cli.standard_input import input_lines
from asrlab_pytest.protocols.normalization import Normalizations


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--profile", help="a profile such as en, de or und, or the project's own (default: the project's, or en)"
    )
    parser.add_argument("--signature", action="store_true", help="print the profile's signature and read nothing")
    parser.set_defaults(run=run, is_filter=True)


def run(options: argparse.Namespace) -> int:
    settings = settings_here()
    rules = Normalizations(own=settings.normalizations).named(options.profile or settings.normalization or "en")
    if options.signature:
        print(rules.signature)
        return 0
    for line in input_lines():
        sys.stdout.buffer.write(rules.apply(line).encode("utf-8", errors="replace") + b"\n")
        sys.stdout.buffer.flush()
    return 0
