"""Keeps the user's home folder, and with it their name, out of what is written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple


def without_home(value: Any) -> Any:
    """A value of plain JSON in which paths within the home folder begin with ``~``.

    Texts that a model or a person wrote are left untouched.
    """
    return _replaced(value, _home().pattern, "~")


def without_folder(value: Any, folder: Path) -> Any:
    """The same for paths within another folder, which become relative to it."""
    return _replaced(value, re.compile(rf"(?<![\w/.-]){re.escape(str(folder))}[/\\]"), "")


def _replaced(value: Any, pattern: re.Pattern[str], text: str) -> Any:
    if isinstance(value, Mapping):
        return {key: item if key in _RAW else _replaced(item, pattern, text) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(item, pattern, text) for item in value]
    return pattern.sub(text, value) if isinstance(value, str) else value


def may_name_home(text: str) -> bool:
    """Whether the text of a JSON document may have a path within the home folder in it."""
    return _home().as_json in text


_RAW = (
    *("reference", "hypothesis", "transcript", "keywords", "reference_entities"),
    *("question", "answer", "heard", "recording_heard", "facts", "forbidden"),
)


class _Home(NamedTuple):
    pattern: re.Pattern[str]
    """The folder where a path begins with it; a pattern that matches nothing where the home is the root."""
    as_json: str
    """The folder as it is in JSON."""


@cache
def _home() -> _Home:
    home = str(Path.home())
    pattern = rf"(?<![\w/.-]){re.escape(home)}(?=[/\\]|$|[^\w.-])" if len(home) > 1 else r"(?!)"
    return _Home(re.compile(pattern), json.dumps(home, ensure_ascii=False)[1:-1])
