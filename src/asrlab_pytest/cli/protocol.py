"""Check that the installed scoring rules are the validated ones, and show each step."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from asrlab_pytest.cli.project import settings_here
from asrlab_pytest.protocols.entities import protocol as entities
from asrlab_pytest.protocols.normalization import PROFILES, Normalizations, normalization
from asrlab_pytest.protocols.normalization.goldens import goldens, mismatches

SHOWN_MISMATCHES = 5


def add_to(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    check = actions.add_parser("validate", help="run the golden vectors on the installed package")
    check.set_defaults(run=validate)
    steps = actions.add_parser("show", help="print what each step does to a text")
    steps.add_argument("text")
    steps.add_argument("--profile", help="a profile such as en (default), de or und, or the project's own")
    steps.set_defaults(run=show)


def validate(options: argparse.Namespace) -> int:
    """Print each protocol's signature and result. 1 where the installed rules give something else than the goldens."""
    del options
    failed = False
    of_entities = (entities.signature(), len(entities.golden_vectors()), entities.failures())
    for signature, count, faults in (*_normalization(), of_entities):
        failed = failed or bool(faults)
        result = f"{len(faults)} of {count} golden vectors FAIL" if faults else f"{count} golden vectors pass"
        print(f"{signature}  {result}")
        for mismatch in faults[:SHOWN_MISMATCHES]:
            print(f"  {mismatch}")
    return int(failed)


def _normalization() -> Iterator[tuple[str, int, Sequence[object]]]:
    """Signature, number of golden vectors and those that fail, of each profile."""
    for profile in PROFILES:
        yield normalization(profile).signature, len(goldens(profile)), mismatches(profile)


def show(options: argparse.Namespace) -> int:
    """Print the text after each step that changes it."""
    settings = settings_here()
    rules = Normalizations(own=settings.normalizations).named(options.profile or settings.normalization or "en")
    print(rules.signature)
    width = max(len(step.name) for step in rules.steps)
    print(f"{'text':{width}}  {options.text}")
    before = options.text
    for step, text in rules.trace(options.text):
        print(f"{step.name:{width}}  {'-' if text == before else text}")
        before = text
    print(f"{'tokens':{width}}  {' | '.join(rules.tokens(options.text))}")
    return 0
