"""Print a stored run in full: its scorecard, and the figures behind it."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from asrlab_pytest.cli.corpus.source import manifest_path
from asrlab_pytest.cli.project import settings_and_root, settings_here
from asrlab_pytest.cli.runs import add_records, read_runs, warn, warn_of_damages, warn_of_missing, warn_of_settings
from asrlab_pytest.content import real_path
from asrlab_pytest.errors import AsrlabError, ConfigError
from asrlab_pytest.records.cover import incomplete
from asrlab_pytest.records.outputs import refusing_unwritable
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.records.run import Run
from asrlab_pytest.records.stored_rows import chosen, in_memory
from asrlab_pytest.records.writing import write_whole
from asrlab_pytest.remote import local_path
from asrlab_pytest.report.clips import Observed
from asrlab_pytest.report.details import write_details, write_spoken_details
from asrlab_pytest.report.history import histories_of
from asrlab_pytest.report.html.page import Contents, page, refuse_foreign_page
from asrlab_pytest.report.html.sound import CAP_BYTES, Sounds
from asrlab_pytest.report.markdown import RunReport
from asrlab_pytest.report.scorecard import Scorecard
from asrlab_pytest.report.slices import sliced, write_slices
from asrlab_pytest.report.spoken_card import SpokenCard
from asrlab_pytest.report.terminal import write_scorecard, write_spoken
from asrlab_pytest.report.verdict_terminal import write_verdict
from asrlab_pytest.scoring.scorer import Scorer
from asrlab_pytest.settings import Settings
from asrlab_pytest.suite.items import Samples
from asrlab_pytest.suite.playback import listed_by, locator
from asrlab_pytest.suite.stored import (
    other_rules,
    recorded_settings,
    rules_of,
    states_of,
    stored_scorecard,
    stored_spoken_cards,
)
from asrlab_pytest.suite.stored_verdict import StoredVerdict, stored_verdict
from asrlab_pytest.visible import PlainScreen


def add_to(parser: argparse.ArgumentParser) -> None:
    add_records(parser)
    parser.add_argument(
        "-o",
        "--output",
        type=local_path,
        metavar="HTML",
        help="write an HTML report: the newest run, the others as history",
    )
    parser.add_argument("--no-audio", action="store_true", help="leave audio out of the HTML report")
    parser.add_argument(
        "--by",
        action="append",
        choices=("tag", "language", "group", "duration", "snr"),
        help="also break the figures down by this (repeatable; default: as in the run)",
    )
    parser.add_argument("--partial", action="store_true", help="accept runs with missing samples")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the scorecard, or write the page. Returns 1 if a line is unusable, or a run leaves samples out.

    Raises:
        ConfigError: several runs without -o, which are only shown as HTML.
    """
    if options.output is not None:
        return _write(options)
    several = "several records" if len(options.files) > 1 else f"{options.files[0]} is a folder: its records"
    if len(options.files) > 1 or options.files[0].is_dir():
        raise ConfigError(f"{several} can only be shown in an HTML report", hint="add -o report.html")
    return _print(options.files[0], options)


def _write(options: argparse.Namespace) -> int:
    runs, is_incomplete = read_runs(options.files, partial=options.partial)
    here, root = settings_and_root()
    settings = recorded_settings(runs[-1]) or here
    samples = Samples(settings, root)
    refuse_foreign_page(options.output, "-o")
    contents = _contents(runs, settings, samples)
    if not options.no_audio:
        contents = replace(contents, sounds=Sounds(locator(samples), options.output, CAP_BYTES))
    with refusing_unwritable(options.output, option="-o"):
        write_whole(options.output, page(contents))
    print(f"report {options.output} written")
    return int(is_incomplete)


def _contents(runs: Sequence[Run], settings: Settings, samples: Samples) -> Contents:
    """The page of the newest run, with the others as its history; `runs` are the oldest first, scored alike."""
    # One scorer for all runs: most texts do not change between runs.
    scorer = Scorer(rules_of(settings))
    cards: list[tuple[Run, Scorecard | None, Sequence[SpokenCard]]] = []
    for run in runs:
        newest = replace(run, observations=in_memory(run.observations))
        card = stored_scorecard(newest, settings, scorer)
        spoken = stored_spoken_cards(newest, settings)
        cards.append((run, card, spoken))
    verdict = _verdict(newest, card)
    report = RunReport(card=card, spoken=spoken, environment=newest.environment)
    return Contents(
        title="asrlab report",
        incomplete=incomplete(runs[-1]),
        report=verdict.added_to(report) if verdict else report,
        observed=Observed(
            observations=newest.observations,
            failures=newest.failures,
            states=states_of(newest),
            excluded=newest.excluded,
            listed=listed_by(samples, newest.environment),
        ),
        scorer=scorer,
        findings=verdict.findings if verdict else (),
        is_judged=verdict is not None,
        histories=histories_of(cards),
    )


def _verdict(run: Run, card: Scorecard | None) -> StoredVerdict | None:
    """The verdict of a run; standard error says why it is left out, if it is."""
    verdict, why = stored_verdict(run, card)
    if why:
        warn(f"{run.path}: the verdict of the run is left out: {why}")
    return verdict


def _print(file: Path, options: argparse.Namespace) -> int:
    recorded = read_run(file)
    settings = recorded_settings(recorded)
    if settings is None:
        settings = settings_here()
        warn(f"{recorded.path} has no environment line: scored with the current project's rules")
    damaged = warn_of_damages(recorded)
    warn_of_settings(recorded)
    scorer = Scorer(rules_of(settings), with_alignments=False)
    card = stored_scorecard(recorded, settings, scorer)
    screen = PlainScreen(sys.stdout)
    if card is not None:
        write_scorecard(screen, card)
        write_details(screen, card, _entities_command(recorded, settings))
    for spoken in stored_spoken_cards(recorded, settings):
        write_spoken(screen, spoken)
        write_spoken_details(screen, spoken)
    observations = chosen(recorded.observations, lambda row: row.task == "asr")
    untimed = [model for model, state in recorded.models.items() if state.untimed]
    write_slices(screen, sliced(observations, scorer, options.by or settings.slice, untimed))
    if verdict := _verdict(recorded, card):
        write_verdict(screen, verdict.added_to(RunReport()))
    for then, now in other_rules(recorded, card):
        warn(f"the run was scored by {then}, this scorecard by {now}: its figures may differ")
    return int(damaged or (warn_of_missing(recorded) and not options.partial))


def _entities_command(run: Run, settings: Settings) -> str:
    """The command that lists the entities of a run's clips in their manifest; empty if it has no manifest here."""
    here = settings_here()
    is_default = settings.corpus == here.corpus
    try:
        manifest = manifest_path(None if is_default else settings.corpus)
    except AsrlabError:
        return ""
    name = settings.corpus if settings.corpus in here.corpora else real_path(manifest).parent.name
    corpus = run.environment.corpus if run.environment else None
    if corpus is None or corpus.name != name or not manifest.is_file():
        return ""
    return f"asrlab corpus entities{'' if is_default else ' ' + shlex.quote(settings.corpus)} --write"
