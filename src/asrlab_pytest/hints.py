"""Hints name commands as this project runs them: behind ``uv run`` in a project of uv."""

from __future__ import annotations

import os
import re
import tomllib
from functools import cache
from pathlib import Path

_COMMAND = re.compile(r"(?<!uv run )(?<![\w./`-])(?=(?:asrlab|pytest) [a-z-])")


def runnable(text: str) -> str:
    """A hint whose commands can be copied: `asrlab pull x` is `uv run asrlab pull x` in a project of uv."""
    return _COMMAND.sub("uv run ", text) if text and uses_uv(Path.cwd()) else text


def uses_uv(folder: Path) -> bool:
    """Whether uv runs the commands here: it runs this one, or the folder or one above it is a project of uv."""
    return "UV" in os.environ or _is_in_project(folder)


@cache
def _is_in_project(folder: Path) -> bool:
    return any(
        (parent / "uv.lock").is_file() or _has_table(parent / "pyproject.toml") for parent in (folder, *folder.parents)
    )


def _has_table(path: Path) -> bool:
    """Whether a pyproject.toml configures uv; one that cannot be read does not."""
    try:
        with path.open("rb") as file:
            return "uv" in tomllib.load(file).get("tool", {})
    except (OSError, ValueError):
        return False
