"""Runs the tests for the GitHub action, with all results in one folder."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from asrlab_pytest.cli.github.runner import (
    JUNIT,
    MARKDOWN,
    RECORD,
    REPORT,
    annotate,
    is_default_branch,
    make_empty,
    set_outputs,
)
from asrlab_pytest.errors import AsrlabError, ConfigError
from asrlab_pytest.options import with_files
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.remote import local_path
from asrlab_pytest.session.narrowing import narrowing_options
from asrlab_pytest.suite.stored import recorded_settings, stored_scorecard

NOTHING_RAN = 1
"""Exit status of a run that pytest calls passed, such as one with --collect-only, and that left no result."""
_FINISHED = (0, 1)
"""Exit statuses of a run that went to its end."""
_RESULTS = "remove it: the output results names the folder of all results"
_OWN = {
    **dict.fromkeys(("--asr-markdown", "--asr-record", "--asr-report", "--junitxml", "--junit-xml"), _RESULTS),
    "--asr-baseline": "set the input baseline",
    "--asr-update-baseline": "set the input update-baseline",
}
"""Options that the inputs of the action stand for, and what to do instead."""


def evaluate(options: argparse.Namespace) -> int:
    """Run pytest, and set the outputs of the step. The exit status is pytest's."""
    baseline = local_path(options.baseline) if options.baseline else None
    arguments = [*_words("path", options.path), *_models(options), *_words("args", options.args)]
    _refuse_own(arguments)
    make_empty(options.results, baseline)
    set_outputs({"results": str(options.results)})
    writes = baseline is not None and _writes(baseline, options.update_baseline, is_cached=bool(options.cached))
    if baseline and writes and not baseline.exists() and not is_default_branch():
        annotate(
            "warning",
            f"no baseline {baseline} yet, so nothing is compared. This run writes it: commit it from the artifact",
        )
    before = _identity(baseline)
    status = _run_pytest(_arguments(options, writes=writes))
    has_results = (options.results / MARKDOWN).is_file()
    if not status and not has_results:
        annotate("error", "no case ran, so there is no result: check path and args")
        status = NOTHING_RAN
    written = baseline if baseline and writes and _identity(baseline) not in (None, before) else None
    if written:
        shutil.copy(written, options.results)
        _warn_of_part(written, arguments)
    is_compared = baseline is not None and not writes and has_results and status in _FINISHED
    done = "written" if written else "compared" if is_compared else ""
    is_kept = bool(written and status == 0 and is_default_branch())
    set_outputs(
        {"exit-status": str(status), "baseline": done, "keep-baseline": json.dumps(is_kept), **_files(options.results)}
    )
    return status


def _refuse_own(arguments: Sequence[str]) -> None:
    """Refuse options that the action sets itself: of two, the last counts, and the results would be elsewhere.

    Raises:
        ConfigError: there is one, also in a file (``@options.txt``) or in PYTEST_ADDOPTS.
    """
    for argument in [*_words("PYTEST_ADDOPTS", os.environ.get("PYTEST_ADDOPTS", "")), *with_files(arguments)]:
        name = argument.partition("=")[0]
        if name in _OWN:
            raise ConfigError(
                f"the action sets {name} itself, so path, args and PYTEST_ADDOPTS cannot", hint=_OWN[name]
            )


def _identity(baseline: Path | None) -> tuple[int, int, int] | None:
    """What changes if the file is written again; None if there is none."""
    if baseline is None or not baseline.is_file():
        return None
    status = baseline.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns


def _warn_of_part(baseline: Path, arguments: Sequence[str]) -> None:
    """Warn of a baseline that a narrowed run wrote: later runs of other samples have nothing to compare with."""
    if narrowing := narrowing_options(arguments):
        words = ", ".join(narrowing)
        annotate("warning", f"the baseline {baseline} has only what {words} chose: use the same args in every run")


def _run_pytest(arguments: Sequence[str]) -> int:
    """Run pytest like its command, without the working directory on `sys.path`; returns the exit status."""
    status = subprocess.run([sys.executable, "-P", "-m", "pytest", *arguments], check=False).returncode
    return status if status >= 0 else 128 - status


def _files(results: Path) -> dict[str, str]:
    """Outputs that name the files of the run."""
    report = results / REPORT
    return {
        "report": str(report) if report.is_file() else "",
        "wer": json.dumps(_error_rates(results / RECORD)),
    }


def _writes(baseline: Path, update: str, *, is_cached: bool) -> bool:
    """Whether the run writes the baseline and does not compare with it.

    A committed baseline changes only in a pull request, where people see it.
    """
    if update != "auto":
        return update == "always"
    return not baseline.exists() or (is_cached and is_default_branch())


def _arguments(options: argparse.Namespace, *, writes: bool) -> list[str]:
    results: Path = options.results
    return [
        *_words("path", options.path),
        *_models(options),
        *(["--asr-resume"] if options.resume == "true" else []),
        *([f"--asr-baseline={options.baseline}"] if options.baseline else []),
        *(["--asr-update-baseline"] if writes else []),
        f"--asr-markdown={results / MARKDOWN}",
        f"--asr-record={results / RECORD}",
        f"--asr-report={results / REPORT}",
        f"--junitxml={results / JUNIT}",
        *_words("args", options.args),
    ]


def _models(options: argparse.Namespace) -> list[str]:
    return [f"--asr-model={model}" for model in options.models.split()]


def _words(name: str, text: str) -> Sequence[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise ConfigError(
            f"{name} {text!r} cannot be split into words: {error}", hint="close every quotation mark"
        ) from None


def _error_rates(record: Path) -> dict[str, float | None]:
    """Pooled word error rate by model; empty if the run left nothing to score."""
    try:
        run = read_run(record)
        settings = recorded_settings(run)
    except AsrlabError:
        return {}
    card = stored_scorecard(run, settings) if settings else None
    return {row.model: row.figures.score.wer for row in card.rows if row.figures} if card else {}
