"""The runs passed to a command: files, and folders of files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from asrlab_pytest.errors import AsrlabError, ConfigError
from asrlab_pytest.visible import harmless

if TYPE_CHECKING:
    from asrlab_pytest.records.reading import Run

ENDINGS = ("*.jsonl", "*.json")
"""Name patterns of records and pytest-benchmark files in a folder."""


class Runs(NamedTuple):
    """What was read."""

    runs: list[Run]
    """At least one, oldest first."""
    is_incomplete: bool
    """Whether something was left out: a line of a file, a file of a folder, or samples of a run."""


def read_runs(paths: Iterable[Path], *, partial: bool) -> Runs:
    """Read records, and all records in folders; problems are printed to standard error.

    Args:
        paths: Files and folders.
        partial: Whether runs with missing samples are accepted.

    Raises:
        RecordError: a named file is not a record.
        ConfigError: a folder has no record.
    """
    from asrlab_pytest.cli.damages import warn_of_damages, warn_of_missing
    from asrlab_pytest.records.reading import read_run

    runs: list[Run] = []
    problems: list[str] = []
    for path in paths:
        runs += _of_folder(path, problems) if path.is_dir() else [read_run(path)]
    for problem in problems:
        print(f"asrlab: {harmless(problem)}", file=sys.stderr)
    damaged = [warn_of_damages(run) for run in runs]
    missing = [warn_of_missing(run) for run in runs]
    is_incomplete = any(damaged) or bool(problems) or (any(missing) and not partial)
    return Runs(sorted(runs, key=lambda run: run.started), is_incomplete)


def _of_folder(folder: Path, problems: list[str]) -> list[Run]:
    runs = list(_readable(folder, problems))
    if not runs:
        raise ConfigError(f"{folder} has no record", hint="choose a folder of records (--asr-record)")
    return runs


def _readable(folder: Path, problems: list[str]) -> Iterator[Run]:
    from asrlab_pytest.records.reading import read_run

    for path in sorted(file for ending in ENDINGS for file in folder.glob(ending)):
        try:
            yield read_run(path)
        except AsrlabError as error:
            problems.append(f"left out: {error.problem}")
