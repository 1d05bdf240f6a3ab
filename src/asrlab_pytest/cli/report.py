"""``asrlab report``: a stored run in full: the scorecard that it printed, and all figures behind it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from asrlab_pytest.visible import harmless

if TYPE_CHECKING:
    from asrlab_pytest.cli.types import SubParsers


def add_to(commands: SubParsers) -> None:
    parser = commands.add_parser(
        "report", aliases=["scorecard"], help="print a stored run in full", description=__doc__
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="of --asr-record or --benchmark-json")
    parser.add_argument(
        "--by",
        action="append",
        choices=("tag", "language", "group", "duration"),
        help="also break the figures down by this (repeatable; default: as in the run)",
    )
    parser.add_argument("--partial", action="store_true", help="accept runs that leave samples out")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the scorecard. 1 where a line of the file could not be used, or the run leaves samples out."""
    from asrlab_pytest.cli.damages import warn_of_damages, warn_of_left_out, warn_of_settings
    from asrlab_pytest.cli.project import settings_here
    from asrlab_pytest.records.checking import HAS_END
    from asrlab_pytest.records.reading import read_run
    from asrlab_pytest.report.details import write_details, write_spoken_details
    from asrlab_pytest.report.plain import PlainScreen
    from asrlab_pytest.report.slices import write_slices
    from asrlab_pytest.report.spoken_terminal import write_spoken
    from asrlab_pytest.report.terminal import write_scorecard
    from asrlab_pytest.suite.stored import (
        other_rules,
        recorded_settings,
        rules_of,
        stored_scorecard,
        stored_spoken_cards,
    )

    found = read_run(options.file)
    settings = recorded_settings(found)
    if settings is None:
        settings = settings_here()
        _warn(f"{found.path} has no environment line: scored by the present project's rules")
    damaged = warn_of_damages(found)
    warn_of_settings(found)
    card = stored_scorecard(found, settings)
    screen = PlainScreen(sys.stdout)
    if card is not None:
        write_scorecard(screen, card)
        write_details(screen, card)
    for spoken in stored_spoken_cards(found, settings):
        write_spoken(screen, spoken)
        write_spoken_details(screen, spoken)
    heard = [row for row in found.observations if row.task == "asr"]
    untimed = [model for model, state in found.models.items() if state.get("untimed")]
    write_slices(screen, heard, rules_of(settings), options.by or settings.slice, untimed)
    for then, now in other_rules(found, card):
        _warn(f"the run was scored by {then}, this scorecard by {now}: its figures may differ")
    if not found.is_ended and found.version >= HAS_END:
        _warn(f"{found.path}: the run did not finish")
    return int(damaged or (warn_of_left_out(found) and not options.partial))


def _warn(text: str) -> None:
    print(f"asrlab: {harmless(text)}", file=sys.stderr)
