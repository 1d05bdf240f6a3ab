"""The runs passed to a command, as files and folders of files, and what it had to leave out of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from asrlab_pytest.errors import AsrlabError, ConfigError
from asrlab_pytest.records.cover import UNPLANNED, holes, is_unplanned, missing_parts, stopped
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.records.run import Run
from asrlab_pytest.remote import input_file
from asrlab_pytest.suite.stored import unknown_settings
from asrlab_pytest.visible import harmless
from asrlab_pytest.wording import many, some

ENDINGS = ("*.jsonl", "*.json")
"""Name patterns of records and pytest-benchmark files in a folder."""


def add_records(parser: argparse.ArgumentParser) -> None:
    """The files and folders of `read_runs` as arguments."""
    help = "file of --asr-record or --benchmark-json, or a folder"  # noqa: A001 - as argparse has it
    parser.add_argument("files", type=input_file, nargs="+", metavar="RECORD", help=help)


def read_runs(paths: Iterable[Path], *, partial: bool) -> tuple[list[Run], bool]:
    """Read records, and all records in folders; problems are printed to standard error.

    Args:
        paths: Files and folders.
        partial: Whether runs with missing samples are accepted.

    Returns:
        At least one run, the oldest first; and whether a line of a file, a file of a folder or a sample was left out.

    Raises:
        RecordError: a named file is not a record.
        ConfigError: a folder has no record.
    """
    runs: list[Run] = []
    problems: list[str] = []
    for path in paths:
        runs += _of_folder(path, problems) if path.is_dir() else [read_run(path)]
    for problem in problems:
        warn(problem)
    damaged = [warn_of_damages(run) for run in runs]
    missing = [warn_of_missing(run) for run in runs]
    is_incomplete = any(damaged) or bool(problems) or (any(missing) and not partial)
    return sorted(runs, key=lambda run: run.started), is_incomplete


def _of_folder(folder: Path, problems: list[str]) -> list[Run]:
    runs = list(_readable(folder, problems))
    if not runs:
        raise ConfigError(f"{folder} has no record", hint="choose a folder of records (--asr-record)")
    return runs


def _readable(folder: Path, problems: list[str]) -> Iterator[Run]:
    for path in sorted(file for ending in ENDINGS for file in folder.glob(ending)):
        try:
            yield read_run(path)
        except AsrlabError as error:
            problems.append(f"left out: {error.problem}")


def warn(text: str) -> None:
    """Write a sentence to standard error."""
    print(f"asrlab: {harmless(text)}", file=sys.stderr)


def warn_of_damages(run: Run) -> bool:
    """Write each damaged or duplicated line of a run to standard error.

    Returns:
        Whether a whole line was left out, and not only the unfinished last one of a run that was killed.
    """
    for damage in run.repeated:
        warn(f"{run.path}: {damage}: left out")
    return warn_of_lost(run) or bool(run.repeated)


def warn_of_lost(run: Run) -> bool:
    """The same of damaged lines alone, for a command that counts the duplicated ones."""
    lost = run.left_out(tail=False)
    for sentence in [*lost, *run.left_out(tail=True)]:
        warn(sentence)
    return bool(lost)


def warn_of_holes(run: Run) -> bool:
    """Write to standard error which cases a run was to observe and did not; whether there are any."""
    missing = [f"{model} on {clip}" for model, clip in holes(run)]
    if missing:
        warn(f"{run.path} has no observation of {some(missing)}")
    return bool(missing)


def warn_of_left_out(run: Run) -> bool:
    """Write to standard error how much of what was asked for a run covers; whether it leaves anything out."""
    if is_unplanned(run):
        warn(f"{run.path}: the run did not finish; {UNPLANNED}")
    shares = [*missing_parts(run), *stopped(run)]
    for share in shares:
        warn(f"{run.path} has {share}")
    return bool(shares) or is_unplanned(run)


def warn_of_missing(run: Run) -> bool:
    """Write to standard error that a run did not finish, which cases failed, and what it leaves out.

    Returns:
        Whether anything is left out. A failed case is not: the report shows it, with the reason.
    """
    failed = list(dict.fromkeys(f"{row.model} on {row.clip}" for row in run.failures))
    if failed:
        warn(f"{run.path}: {many(len(failed), 'case')} failed: {some(failed)}")
    if run.is_stopped and not is_unplanned(run):
        warn(f"{run.path}: the run did not finish")
    return warn_of_left_out(run)


def warn_of_settings(run: Run) -> None:
    """Write to standard error which settings of a run only another version of this package has."""
    unknown = unknown_settings(run)
    if unknown:
        warn(f"{run.path}: unknown settings: {', '.join(unknown)}")
