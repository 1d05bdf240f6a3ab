"""Keeps the user's home folder, and with it their name, out of what is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


def without_home(value: Any) -> Any:
    """A value of plain JSON in which paths within the home folder begin with ``~``.

    Texts that a model or a person wrote are left untouched.
    """
    if isinstance(value, Mapping):
        return {key: one if key in _RAW else without_home(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_home(one) for one in value]
    return _home().sub("~", value) if isinstance(value, str) else value


_RAW = (
    *("reference", "hypothesis", "transcript", "keywords", "reference_entities"),
    *("question", "answer", "heard", "recording_heard", "facts", "forbidden"),
)


@cache
def _home() -> re.Pattern[str]:
    """The home folder where a path begins with it; a pattern that matches nothing where the home is the root."""
    home = str(Path.home())
    return re.compile(rf"(?<![\w/.-]){re.escape(home)}(?=[/\\]|$|[^\w.-])") if len(home) > 1 else re.compile(r"(?!)")
