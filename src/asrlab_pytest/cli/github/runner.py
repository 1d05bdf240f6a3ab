"""Inputs of a step from GitHub's runner, and its outputs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from asrlab_pytest.content import real_path
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.records.outputs import is_baseline_or_record, is_record, refuse_foreign
from asrlab_pytest.report.annotations import Kind, workflow_command
from asrlab_pytest.report.html.page import GENERATOR
from asrlab_pytest.report.markdown import MARKER
from asrlab_pytest.session import junit

_OF_THE_BRANCH = {"push", "schedule", "workflow_dispatch"}
"""Events that run the code of the branch they name. `pull_request_target` and `workflow_run` name the default branch,
but may run anybody's code."""


def event() -> Any:
    """The event that started the workflow, as plain JSON; None if there is none, or it is not JSON."""
    try:
        return json.loads(Path(os.environ.get("GITHUB_EVENT_PATH", "")).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def is_default_branch() -> bool:
    """Whether the run evaluates the default branch."""
    if os.environ.get("GITHUB_EVENT_NAME") not in _OF_THE_BRANCH:
        return False
    match event():
        case {"repository": {"default_branch": str(default)}}:
            pass
        case _:
            # A schedule runs only on the default branch, which its event may not name.
            default = os.environ.get("GITHUB_REF_NAME", "")
    return os.environ.get("GITHUB_REF") == f"refs/heads/{default}"


def set_outputs(outputs: Mapping[str, str]) -> None:
    """Set outputs of the step; each is one line."""
    path = os.environ.get("GITHUB_OUTPUT")
    if path:
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{name}={value}\n" for name, value in outputs.items())


def annotate(kind: Kind, message: str) -> None:
    """Show a message on the run's page. It goes to standard error, because `asrlab` escapes what it prints."""
    print(workflow_command(kind, "asrlab", message), file=sys.stderr, flush=True)


MARKDOWN = "asr.md"
RECORD = "run.jsonl"
REPORT = "report.html"
JUNIT = "junit.xml"
_KINDS: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    MARKDOWN: ("Markdown", lambda head: head.startswith(MARKER.encode())),
    RECORD: ("record", is_record),
    REPORT: ("report", lambda head: GENERATOR in head),
    JUNIT: ("JUnit file", junit.is_ours),
}
"""What each file is, in words, and whether a file that begins so is one."""


def make_empty(results: Path, baseline: Path | None) -> None:
    """Create the folder, and delete an earlier run's files so that they are not taken for this run's.

    Raises:
        ConfigError: The folder cannot be written, has a file of one of the names that no run wrote, or contains the
            baseline, which would be deleted.
    """
    if baseline and real_path(baseline).parent == real_path(results):
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
