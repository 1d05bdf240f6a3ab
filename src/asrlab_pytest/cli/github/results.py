"""The folder of a run's results: files of an earlier run are deleted, and no other file is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.records.outputs import is_baseline_or_record, is_record, refuse_foreign
from asrlab_pytest.report.html.page import GENERATOR
from asrlab_pytest.report.markdown import MARKER

MARKDOWN = "asr.md"
RECORD = "run.jsonl"
REPORT = "report.html"
JUNIT = "junit.xml"
_KINDS: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    MARKDOWN: ("Markdown", lambda head: head.startswith(MARKER.encode())),
    RECORD: ("record", is_record),
    REPORT: ("report", lambda head: GENERATOR in head),
    JUNIT: ("JUnit file", lambda head: b"<testsuite" in head),
}
"""What each file is, in words, and whether a file that begins so is one."""


def make_empty(results: Path, baseline: Path | None) -> None:
    """Create the folder, and delete an earlier run's files so that they are not taken for this run's.

    Raises:
        ConfigError: The folder cannot be written, has a file of one of the names that no run wrote, or contains the
            baseline, which would be deleted.
    """
    if baseline and baseline.resolve().parent == results.resolve():
        raise ConfigError(
            f"--results {results} contains the baseline {baseline}, which would be deleted",
            hint="choose another folder with --results",
        )
    kinds = {**_KINDS, **({baseline.name: ("baseline", is_baseline_or_record)} if baseline else {})}
    try:
        results.mkdir(parents=True, exist_ok=True)
        for name, (what, is_ours) in kinds.items():
            _refuse_foreign(results / name, what, is_ours)
        for name in kinds:
            (results / name).unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(f"--results {results} cannot be written: {error.strerror}") from None


def _refuse_foreign(path: Path, what: str, is_ours: Callable[[bytes], bool]) -> None:
    try:
        refuse_foreign(path, is_ours, what=what, option="--results")
    except ConfigError as error:
        raise ConfigError(error.problem, hint="choose another folder with --results, or remove this file") from None
