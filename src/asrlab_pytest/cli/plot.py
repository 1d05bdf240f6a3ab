"""Draw WER against RTF or, for several runs, each figure over the runs."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence

from asrlab_pytest.cli.project import settings_here
from asrlab_pytest.cli.runs import add_records, read_runs
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.records.outputs import refuse_foreign, refusing_unwritable
from asrlab_pytest.records.run import Run
from asrlab_pytest.records.writing import write_whole
from asrlab_pytest.remote import local_path
from asrlab_pytest.report.charts import measured, wer_against_rtf
from asrlab_pytest.report.charts.svg import Element, stacked, standalone
from asrlab_pytest.report.history import histories_of, numbers_of
from asrlab_pytest.scoring.scorer import Scorer
from asrlab_pytest.settings import Settings
from asrlab_pytest.suite.stored import recorded_settings, rules_of, stored_scorecard, stored_spoken_cards
from asrlab_pytest.wording import many


def add_to(parser: argparse.ArgumentParser) -> None:
    add_records(parser)
    parser.add_argument("-o", "--output", type=local_path, required=True, metavar="SVG", help="the file to write")
    parser.add_argument("--partial", action="store_true", help="accept runs with missing samples")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Draw the chart. Returns 1 if a line, a file or a sample was left out."""
    runs, is_incomplete = read_runs(options.files, partial=options.partial)
    settings = recorded_settings(runs[-1]) or settings_here()
    scorer = Scorer(rules_of(settings), with_alignments=False)
    chart = _history(runs, settings, scorer) if len(runs) > 1 else _front(runs[0], settings, scorer)
    refuse_foreign(options.output, lambda head: b'class="chart"' in head, what="chart", option="-o")
    with refusing_unwritable(options.output, option="-o"):
        write_whole(options.output, standalone(chart))
    print(f"chart {options.output} written")
    return int(is_incomplete)


def _front(run: Run, settings: Settings, scorer: Scorer) -> Element:
    card = stored_scorecard(run, settings, scorer)
    points = measured(card, {row.model: number for number, row in enumerate(card.rows)}) if card else []
    if not any(point.rtf for point in points):
        raise ConfigError(
            f"{run.path} has no model with both a WER and a valid RTF",
            hint=f"see why: asrlab report {shlex.quote(str(run.path))}",
        )
    return wer_against_rtf(points)


def _history(runs: Sequence[Run], settings: Settings, scorer: Scorer) -> Element:
    histories = histories_of(
        (run, stored_scorecard(run, settings, scorer), stored_spoken_cards(run, settings)) for run in runs
    )
    numbers = numbers_of(histories)
    charts = [chart for history in histories for chart in history.charts(numbers)]
    if not charts:
        raise ConfigError("no two records have figures of the same task", hint="choose records of similar runs")
    return stacked(charts, f"Figures of each model over {many(len(runs), 'run')}")
