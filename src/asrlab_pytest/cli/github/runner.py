"""Inputs of a step from GitHub's runner, and its outputs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

_OF_THE_BRANCH = {"push", "schedule", "workflow_dispatch"}
"""Events that run the code of the branch they name. `pull_request_target` and `workflow_run` name the default branch,
but may run anybody's code."""


def event() -> Any:
    """The event that started the workflow, as plain JSON; empty if there is none, or it is not JSON."""
    path = os.environ.get("GITHUB_EVENT_PATH")
    if not path or not Path(path).is_file():
        return {}
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError:
        return {}


def is_default_branch() -> bool:
    """Whether the run evaluates the default branch."""
    if os.environ.get("GITHUB_EVENT_NAME") not in _OF_THE_BRANCH:
        return False
    # A schedule runs only on the default branch, which its event may not name.
    default = (event().get("repository") or {}).get("default_branch") or os.environ.get("GITHUB_REF_NAME")
    return os.environ.get("GITHUB_REF") == f"refs/heads/{default}"


def set_outputs(outputs: Mapping[str, str]) -> None:
    """Set outputs of the step; each is one line."""
    path = os.environ.get("GITHUB_OUTPUT")
    if path:
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{name}={value}\n" for name, value in outputs.items())


def annotate(kind: Literal["notice", "warning", "error"], message: str) -> None:
    """Show a message on the run's page. It goes to standard error, because `asrlab` escapes what it prints."""
    escaped = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    print(f"::{kind} title=asrlab::{escaped}", file=sys.stderr, flush=True)
