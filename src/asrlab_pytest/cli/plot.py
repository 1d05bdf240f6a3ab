"""``asrlab plot RECORD -o FILE.svg``: error against time as an SVG file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from asrlab_pytest.errors import ConfigError

if TYPE_CHECKING:
    from asrlab_pytest.cli.types import SubParsers


def add_to(commands: SubParsers) -> None:
    parser = commands.add_parser("plot", help="draw WER against RTF", description=__doc__)
    parser.add_argument("file", type=Path, metavar="RECORD", help="file of --asr-record or --benchmark-json")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="SVG", help="the file to write")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from asrlab_pytest.cli.project import settings_here
    from asrlab_pytest.records.outputs import refuse_foreign
    from asrlab_pytest.records.reading import read_observed
    from asrlab_pytest.records.writing import write_whole
    from asrlab_pytest.report.html.charts import wer_against_rtf
    from asrlab_pytest.report.html.summary import measured
    from asrlab_pytest.report.html.svg import standalone
    from asrlab_pytest.suite.stored import recorded_settings, stored_scorecard

    read = read_observed(options.file)
    card = stored_scorecard(read, recorded_settings(read) or settings_here())
    numbers = {row.model: number for number, row in enumerate(card.rows)} if card else {}
    points = measured(card, numbers) if card else []
    if not points:
        raise ConfigError(
            f"{options.file} has no model with both a WER and a valid RTF",
            hint=f"see why: asrlab report {options.file}",
        )
    refuse_foreign(options.output, lambda head: b'class="chart"' in head, what="chart", option="-o")
    try:
        write_whole(options.output, standalone(wer_against_rtf(points)))
    except OSError as error:
        raise ConfigError(f"{options.output} cannot be written: {error.strerror}", hint="name another file") from None
    print(f"chart {options.output} written")
    return 0
